// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import java.util.Comparator;

/**
 * A place in an ordered list of letters: after the letter with this time and id.
 *
 * @param failedAt epoch milliseconds
 */
public record PagePosition(long failedAt, LetterId id) {

  /** The order of lists; oldest first is exactly the other way round. */
  public static final Comparator<PagePosition> NEWEST_FIRST =
      Comparator.comparingLong(PagePosition::failedAt).reversed().thenComparing(PagePosition::id);

  public static PagePosition of(Letter letter) {
    return new PagePosition(letter.head().facts().failedAt(), letter.id());
  }
}
