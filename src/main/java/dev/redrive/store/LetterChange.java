// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import org.jspecify.annotations.Nullable;

/** What a transaction does to the two rows of one letter. */
final class LetterChange {
  private final LetterId id;
  private final boolean letterStored;
  private final boolean headStored;
  private final @Nullable LetterHead before;
  private @Nullable LetterHead inLetter;
  private @Nullable LetterHead inHead;

  /** Starts from what is committed; null where there is no such row. */
  LetterChange(LetterId id, @Nullable LetterHead inLetter, @Nullable LetterHead inHead) {
    this.id = id;
    this.letterStored = inLetter != null;
    this.headStored = inHead != null;
    this.inLetter = inLetter;
    this.inHead = inHead;
    this.before = effective(inLetter, inHead);
  }

  void letterRow(@Nullable LetterHead head) {
    inLetter = head;
  }

  void headRow(@Nullable LetterHead head) {
    inHead = head;
  }

  LetterId id() {
    return id;
  }

  boolean letterStored() {
    return letterStored;
  }

  boolean headStored() {
    return headStored;
  }

  @Nullable LetterHead before() {
    return before;
  }

  @Nullable LetterHead after() {
    return effective(inLetter, inHead);
  }

  /**
   * The head that counts. Without a letter row there is no letter: in a changelog that is being
   * restored its head's row may come first, and nothing must list what can't be shown.
   */
  static @Nullable LetterHead effective(
      @Nullable LetterHead inLetter, @Nullable LetterHead inHead) {
    return inLetter == null || inHead == null ? inLetter : inHead;
  }
}
