// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.letter.Letter;
import dev.redrive.store.PagePosition;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A walk through a list, page by page: where it stands between two pages.
 *
 * @param startedAt time of the first page, epoch milliseconds
 * @param oldestFirst else newest first
 * @param after where the last page ended; null before the first
 */
public record Walk(long startedAt, boolean oldestFirst, @Nullable PagePosition after) {

  public static Walk newestFirst(long now) {
    return new Walk(now, false, null);
  }

  public static Walk oldestFirst(long now) {
    return new Walk(now, true, null);
  }

  /**
   * Only letters whose last failure was at or before the start belong to the walk, else one that
   * goes towards the present would chase it for ever. Newest first needs no bound: what fails later
   * lies before its position. So a record whose producer's clock is ahead is on the first page
   * there at once.
   */
  long until(long asked) {
    return oldestFirst ? Math.min(asked, startedAt) : asked;
  }

  /** The order of letters in the walk. */
  Comparator<PagePosition> order() {
    return oldestFirst ? PagePosition.NEWEST_FIRST.reversed() : PagePosition.NEWEST_FIRST;
  }

  /** Whether the walk is still to come past a letter. */
  boolean reaches(Letter letter) {
    PagePosition at = PagePosition.of(letter);
    return at.failedAt() <= until(Long.MAX_VALUE)
        && (after == null || order().compare(at, after) > 0);
  }

  Walk at(PagePosition position) {
    return new Walk(startedAt, oldestFirst, position);
  }
}
