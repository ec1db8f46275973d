// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.LetterId;
import java.util.List;
import org.apache.kafka.streams.query.Query;

/**
 * Letters of a pipeline whose automatic replay is due at or before a time, the earliest first, in
 * the committed state.
 *
 * @param until epoch milliseconds, inclusive
 * @param limit letters at most, from 1
 */
public record RetriesQuery(String pipelineId, long until, int limit)
    implements Query<List<LetterId>> {}
