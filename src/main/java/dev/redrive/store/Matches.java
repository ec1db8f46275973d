// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link MatchQuery}.
 *
 * @param end as in {@link LetterPage}
 */
public record Matches(List<PagePosition> letters, @Nullable PagePosition end) {

  public Matches {
    letters = List.copyOf(letters);
  }
}
