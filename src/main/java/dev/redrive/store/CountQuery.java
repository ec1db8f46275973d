// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.filter.LetterFilter;
import org.apache.kafka.streams.query.Query;

/**
 * What there is to count of the letters that fit a filter of any kind: they are looked at one by
 * one, the newest first, since no counter knows them.
 *
 * @param hoursSince where the series of hours begins, epoch milliseconds
 * @param byGroup whether to count by failure group too
 * @param work bounds what is looked at, as in a {@link PageQuery}; from 1
 */
public record CountQuery(LetterFilter filter, long hoursSince, boolean byGroup, int work)
    implements Query<Counts> {
  public CountQuery {
    if (work < 1) {
      throw new IllegalArgumentException("a count with work " + work);
    }
  }
}
