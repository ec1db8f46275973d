// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.Set;
import org.apache.kafka.streams.query.Query;

/**
 * What there is to count of the letters whose last failure lies in a window: exact, from counters
 * and, for the few minutes at the window's edges, from the index.
 *
 * @param pipelines only these; empty: all
 * @param since inclusive, epoch milliseconds; {@link Long#MIN_VALUE}: no bound
 * @param until inclusive, epoch milliseconds; {@link Long#MAX_VALUE}: no bound
 * @param hoursSince where the series of hours begins, if that is later than {@code since}
 * @param byGroup whether to count by failure group too, which takes longest where there are many
 */
public record StatisticsQuery(
    Set<String> pipelines, long since, long until, long hoursSince, boolean byGroup)
    implements Query<Statistics> {
  public StatisticsQuery {
    pipelines = Set.copyOf(pipelines);
  }
}
