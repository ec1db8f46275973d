// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import org.apache.kafka.streams.query.Query;
import org.jspecify.annotations.Nullable;

/**
 * A page of one partition's letters, the latest failure first and equal times by ascending id; or
 * exactly the other way round.
 *
 * @param pipelineId only this pipeline's; null: all
 * @param since earliest failed time, inclusive, epoch milliseconds
 * @param until latest failed time, inclusive, epoch milliseconds
 * @param oldestFirst else newest first
 * @param after where the page before it ended; null: from the start
 * @param limit letters at most, from 1
 */
public record PageQuery(
    @Nullable String pipelineId,
    long since,
    long until,
    boolean oldestFirst,
    @Nullable PagePosition after,
    int limit)
    implements Query<LetterPage> {}
