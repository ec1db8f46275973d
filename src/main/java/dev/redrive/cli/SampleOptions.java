// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.cli;

/**
 * How the sample pipeline was asked to run.
 *
 * @param bootstrapServers as Kafka takes them: {@code host:port,…}
 */
public record SampleOptions(String bootstrapServers) {}
