// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.command;

import dev.redrive.letter.LetterId;
import dev.redrive.letter.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The one answer to a command.
 *
 * @param refusal why it was rejected; null: accepted
 * @param duplicate the command had been answered before, and this is that answer again
 * @param letter the letter it was about, where it named one
 * @param runId of the replay it started
 * @param seen where the change can be read; null where nothing changed
 */
public record Answer(
    String commandId,
    String requestId,
    @Nullable Refusal refusal,
    boolean duplicate,
    @Nullable LetterId letter,
    @Nullable String runId,
    @Nullable Seen seen) {

  /**
   * A state of a ledger partition: whoever serves at least this change has seen the command's
   * effect.
   */
  public record Seen(int partition, long change) {}

  public boolean accepted() {
    return refusal == null;
  }
}
