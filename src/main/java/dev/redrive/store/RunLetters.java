// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.LetterId;
import dev.redrive.run.JournalLine;
import java.util.List;

/**
 * The answer to a {@link RunLettersQuery}.
 *
 * @param more whether there are more than these
 */
public record RunLetters(List<Entry> letters, boolean more) {

  public RunLetters {
    letters = List.copyOf(letters);
  }

  /** What became of one letter. */
  public record Entry(LetterId id, JournalLine line) {}
}
