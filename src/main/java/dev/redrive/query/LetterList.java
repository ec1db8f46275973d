// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.letter.Letter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of letters from all partitions.
 *
 * @param next where the next page goes on; null: this was the last
 * @param scanLimited whether the page ends here because enough was looked at, not because it is
 *     full: more may follow although it holds few letters, or none
 */
public record LetterList(List<Letter> letters, @Nullable Walk next, boolean scanLimited) {

  public LetterList {
    letters = List.copyOf(letters);
  }
}
