// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.Letter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link PageQuery}.
 *
 * @param end up to where, inclusive, all that fits is here: the next page goes on after it. It lies
 *     past the last letter where the work was used up before the page was full. Null: nothing more
 *     fits
 */
public record LetterPage(List<Letter> letters, @Nullable PagePosition end) {

  public LetterPage {
    letters = List.copyOf(letters);
  }
}
