// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.RowKey;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import java.util.List;

/**
 * The answer to a {@link DueQuery}, the earliest deadline first.
 *
 * @param more whether more is due than these
 */
public record Due(List<Entry> entries, boolean more) {

  public Due {
    entries = List.copyOf(entries);
  }

  /** Something that has a deadline, in epoch milliseconds. */
  public sealed interface Entry {
    long deadline();

    static Entry of(long deadline, byte[] rowKey) {
      return rowKey[0] == RowKey.LETTER
          ? new OfLetter(deadline, RowKey.letterId(rowKey))
          : new OfRow(deadline, RawBytes.of(rowKey));
    }
  }

  /** A letter's {@link dev.redrive.letter.LetterHead#due}. */
  public record OfLetter(long deadline, LetterId id) implements Entry {}

  /**
   * Another row's, such as when an answered command may be forgotten.
   *
   * @param key as {@link RowKey} made it
   */
  public record OfRow(long deadline, RawBytes key) implements Entry {}
}
