// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import dev.redrive.command.RunCommand;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run was asked to do; never changes.
 *
 * @param createdAt epoch milliseconds
 * @param rate replays per second: the command's, or a lower ceiling of its pipelines; null: no
 *     limit
 * @param partitions of the ledger
 */
public record RunSpec(
    String id, RunCommand command, long createdAt, @Nullable Double rate, int partitions) {

  /** The pipeline whose slot it takes. */
  public Optional<String> slot() {
    return command.takesSlot() ? command.target().onlyPipeline() : Optional.empty();
  }

  public boolean discards() {
    return command.action() == RunCommand.Action.DISCARD;
  }
}
