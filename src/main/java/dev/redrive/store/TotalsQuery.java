// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import org.apache.kafka.streams.query.Query;

/**
 * How many letters there are whose last failure lies in a window, by pipeline, error code and
 * status: exact, from counters for whole hours and days and from the index for the edges.
 *
 * @param since inclusive, epoch milliseconds; {@link Long#MIN_VALUE}: no bound
 * @param until inclusive, epoch milliseconds; {@link Long#MAX_VALUE}: no bound
 */
public record TotalsQuery(long since, long until) implements Query<Totals> {}
