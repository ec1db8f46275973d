// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.util.Optional;

/** What a piece of news or a command does to a letter, decided by {@link Transitions}. */
public sealed interface Step {

  /** What is written to the events topic, or empty. */
  Optional<LetterEvent> event();

  /** The letter is written. */
  record Write(LetterHead head, Detail detail, LetterEvent told) implements Step {
    @Override
    public Optional<LetterEvent> event() {
      return Optional.of(told);
    }
  }

  /** The letter is removed. */
  record Remove(LetterHead last, LetterEvent told) implements Step {
    @Override
    public Optional<LetterEvent> event() {
      return Optional.of(told);
    }
  }

  /** The command is rejected; nothing changes. */
  record Refuse(Refusal refusal) implements Step {
    public static Refuse because(Refusal.Code code, String message) {
      return new Refuse(new Refusal(code, message));
    }

    @Override
    public Optional<LetterEvent> event() {
      return Optional.empty();
    }
  }

  /** The news changes nothing. */
  record Ignore(LetterEvent told, String why) implements Step {
    @Override
    public Optional<LetterEvent> event() {
      return Optional.of(told);
    }
  }

  /** What becomes of the stored {@link FailureDetail}. */
  enum Detail {
    KEEP,
    /** The failure that was just read takes its place. */
    REPLACE,
    /**
     * As before, but where the record first came from stays: a replay comes from the retry topic.
     */
    REPLACE_BUT_SOURCE,
    /** Its error is brought up to date. */
    MERGE_ERROR
  }
}
