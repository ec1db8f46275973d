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
 */
public record LetterList(List<Letter> letters, @Nullable Walk next) {

  public LetterList {
    letters = List.copyOf(letters);
  }
}
