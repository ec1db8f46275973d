// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link StatisticsQuery}: all of one state of the store. What has no letters is
 * left out.
 *
 * @param totals by pipeline, error code and status
 * @param groups by pipeline and failure group, if asked for; letters without a group are in none
 * @param hours letters by the start of the hour of their last failure, epoch milliseconds
 * @param oldest earliest time of a last failure, epoch milliseconds; null: no letters
 */
public record Statistics(
    Map<Totals.Cell, Long> totals,
    Map<GroupCell, Long> groups,
    Map<Long, Long> hours,
    @Nullable Long oldest) {

  /** A failure group's letters of one pipeline. */
  public record GroupCell(String pipelineId, String groupId) {}

  public Statistics {
    // Not Map.copyOf: it probes one place after the other, and keys like these hash side by side.
    totals = Collections.unmodifiableMap(new HashMap<>(totals));
    groups = Collections.unmodifiableMap(new HashMap<>(groups));
    hours = Collections.unmodifiableMap(new HashMap<>(hours));
  }
}
