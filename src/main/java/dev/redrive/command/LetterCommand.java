// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.command;

import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A command on one letter.
 *
 * @param meta who asked, and how it is known again
 * @param letter the target; for {@link Type#ADD} the id that pipeline and record give
 * @param priority {@code high}, {@code normal} or {@code low}; travels with a replay
 * @param added only for {@link Type#ADD}
 * @param headers only for {@link Type#REPLAY}: what its record carries besides its own
 */
public record LetterCommand(
    Type type,
    Meta meta,
    LetterId letter,
    @Nullable String priority,
    @Nullable Added added,
    List<Header> headers)
    implements Command {

  public LetterCommand {
    headers = List.copyOf(headers);
  }

  /** Without headers of its own. */
  public LetterCommand(
      Type type, Meta meta, LetterId letter, @Nullable String priority, @Nullable Added added) {
    this(type, meta, letter, priority, added, List.of());
  }

  /** What is asked for. */
  public enum Type {
    REPLAY,
    DISCARD,
    ADD,
    RERUN_CALLBACK,
    CANCEL_CALLBACK;

    /** Whether it is about the letter's failure callback, and leaves the letter alone. */
    public boolean ofCallback() {
      return this == RERUN_CALLBACK || this == CANCEL_CALLBACK;
    }
  }

  @Override
  public String word() {
    return type.ofCallback() ? "callback" : type.name().toLowerCase(Locale.ROOT);
  }
}
