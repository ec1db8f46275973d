// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How the sandbox was asked to run.
 *
 * @param httpPort 0 for any free one
 * @param kafkaPort 0 for any free one
 * @param dataDirectory where everything is kept; empty for a temporary directory that goes at the
 *     end
 */
public record SandboxOptions(int httpPort, int kafkaPort, Optional<Path> dataDirectory) {}
