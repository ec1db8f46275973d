// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.command;

import org.jspecify.annotations.Nullable;

/** Something that people or programs ask for; each gets exactly one answer. */
public sealed interface Command permits LetterCommand, RunCommand, RunControl {

  Meta meta();

  /** Its {@code type} in JSON. */
  String word();

  /**
   * What every command carries.
   *
   * @param commandId doing it twice does it once; by default topic-partition-offset of the command
   * @param requestId names the one who waits for the answer; each attempt to send has its own
   * @param mode {@code restart} or {@code resume} for a replay asked for by the workflows family
   */
  record Meta(
      String commandId,
      String requestId,
      @Nullable String requestedBy,
      @Nullable String note,
      @Nullable String mode) {}
}
