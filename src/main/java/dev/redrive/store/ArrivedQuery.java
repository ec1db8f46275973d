// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.LetterId;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.query.Query;

/**
 * Letters whose last failure arrived before a time, the earliest of each pipeline first, in the
 * committed state. Only of pipelines that the store was told to list so, and none that are being
 * retried.
 *
 * @param before per pipeline the time, exclusive, epoch milliseconds
 * @param limit letters at most, from 1
 */
public record ArrivedQuery(Map<String, Long> before, int limit) implements Query<List<LetterId>> {
  public ArrivedQuery {
    before = Map.copyOf(before);
  }
}
