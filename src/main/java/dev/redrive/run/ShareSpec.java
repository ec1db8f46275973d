// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import dev.redrive.command.RunCommand;
import dev.redrive.letter.LetterId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a partition has to know of a run; never changes but once, when the letters are put in order.
 *
 * @param command its target says what a letter must fit
 * @param picked the partition's letters, where they are named one by one
 */
public record ShareSpec(String runId, RunCommand command, @Nullable List<LetterId> picked) {
  public ShareSpec {
    picked = picked == null ? null : List.copyOf(picked);
  }

  public boolean dryRun() {
    return command.options().dryRun();
  }

  public boolean discards() {
    return command.action() == RunCommand.Action.DISCARD;
  }

  /** Runs of a higher rank go first. */
  public int rank() {
    String priority = command.options().priority();
    return priority == null || priority.equals("normal") ? 1 : priority.equals("high") ? 2 : 0;
  }
}
