// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import org.apache.kafka.streams.query.Query;

/**
 * What has a deadline at or before a time, the earliest first, in the committed state.
 *
 * @param until epoch milliseconds, inclusive
 * @param limit entries at most, from 1
 */
public record DueQuery(long until, int limit) implements Query<Due> {}
