// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.cli;

import dev.redrive.config.Settings;
import java.util.function.ToIntFunction;

/**
 * What the commands start. Each runs until it is done or stopped and gives the exit code: {@link
 * CommandLineInterface#DONE} or {@link CommandLineInterface#FAILED}.
 *
 * @param serve an instance against a given cluster
 * @param sandbox broker, instance and sample pipeline in this process
 * @param sample the sample pipeline alone
 * @param explain what a record would become
 * @param repartition moves letters to a ledger with more partitions
 */
public record Programs(
    ToIntFunction<Settings> serve,
    ToIntFunction<SandboxOptions> sandbox,
    ToIntFunction<SampleOptions> sample,
    ToIntFunction<ExplainOptions> explain,
    ToIntFunction<RepartitionOptions> repartition) {}
