// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.filter.LetterFilter;
import org.apache.kafka.streams.query.Query;
import org.jspecify.annotations.Nullable;

/**
 * A page of one partition's letters, the latest failure first and equal times by ascending id; or
 * exactly the other way round.
 *
 * @param oldestFirst else newest first
 * @param after where the page before it ended, exclusive; null: from the start
 * @param limit letters at most, from 1 to {@link #MAX_LIMIT}
 * @param work bounds what is read before the page is given up as it is: about the index rows that
 *     may be looked at, where a letter counts as {@link #LETTER_WORK}; from 1
 */
public record PageQuery(
    LetterFilter filter, boolean oldestFirst, @Nullable PagePosition after, int limit, int work)
    implements Query<LetterPage> {

  /** A tenth of a second or so, where hardly a letter fits. */
  public static final int DEFAULT_WORK = 50_000;

  public static final int LETTER_WORK = 10;

  public static final int MAX_LIMIT = 1_000_000;

  public PageQuery {
    if (limit < 1 || limit > MAX_LIMIT || work < 1) {
      throw new IllegalArgumentException("a page of " + limit + " letters with work " + work);
    }
  }

  /** The first page of what fits, newest first. */
  public static PageQuery newest(LetterFilter filter, int limit) {
    return new PageQuery(filter, false, null, limit, DEFAULT_WORK);
  }

  /** The first page of what fits, oldest first. */
  public static PageQuery oldest(LetterFilter filter, int limit) {
    return new PageQuery(filter, true, null, limit, DEFAULT_WORK);
  }

  /** The page that follows after a position. */
  public PageQuery from(PagePosition position) {
    return new PageQuery(filter, oldestFirst, position, limit, work);
  }
}
