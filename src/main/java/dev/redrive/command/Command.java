// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.command;

import dev.redrive.letter.LetterId;
import org.jspecify.annotations.Nullable;

/**
 * A command on one letter.
 *
 * @param meta who asked, and how it is known again
 * @param letter the target; for {@link Type#ADD} the id that pipeline and record give
 * @param priority {@code high}, {@code normal} or {@code low}; travels with a replay
 * @param added only for {@link Type#ADD}
 */
public record Command(
    Type type, Meta meta, LetterId letter, @Nullable String priority, @Nullable Added added) {

  /** What is asked for. */
  public enum Type {
    REPLAY,
    DISCARD,
    ADD
  }

  /**
   * What every command carries.
   *
   * @param commandId doing it twice does it once; by default topic-partition-offset of the command
   * @param requestId names the one who waits for the answer; each attempt to send has its own
   * @param mode {@code restart} or {@code resume} for a replay asked for by the workflows family
   */
  public record Meta(
      String commandId,
      String requestId,
      @Nullable String requestedBy,
      @Nullable String note,
      @Nullable String mode) {}
}
