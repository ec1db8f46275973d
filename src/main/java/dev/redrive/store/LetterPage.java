// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.Letter;
import java.util.List;

/**
 * The answer to a {@link PageQuery}.
 *
 * @param more whether letters follow the last one
 */
public record LetterPage(List<Letter> letters, boolean more) {

  public LetterPage {
    letters = List.copyOf(letters);
  }
}
