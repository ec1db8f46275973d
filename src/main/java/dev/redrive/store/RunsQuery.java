// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.run.Run;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.query.Query;
import org.jspecify.annotations.Nullable;

/**
 * Runs that this partition coordinates, the newest first.
 *
 * @param status only those that are in one of these states, by word; empty: any
 * @param pipelines only those that are about these pipelines alone; empty: any
 * @param before only those that come after this one in the list; null: from the start
 * @param limit runs at most, from 1
 */
public record RunsQuery(
    Set<String> status, Set<String> pipelines, @Nullable Position before, int limit)
    implements Query<List<Run>> {

  /** Where a run stands in the list. */
  public record Position(long createdAt, String runId) implements Comparable<Position> {
    public static Position of(Run run) {
      return new Position(run.spec().createdAt(), run.id());
    }

    /** The newest first. */
    @Override
    public int compareTo(Position other) {
      int byTime = Long.compare(other.createdAt, createdAt);
      return byTime != 0 ? byTime : runId.compareTo(other.runId);
    }
  }
}
