// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.letter.LetterState.Status;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What there is to count of letters in a window, over all partitions. What has no letters is left
 * out.
 *
 * @param groups letters by pipeline and failure group, if asked for; those without one are in none
 * @param hours letters by the start of the hour of their last failure, epoch milliseconds
 * @param oldest earliest time of a last failure, epoch milliseconds; null: no letters
 */
public record LetterStatistics(
    Map<Cell, Long> totals,
    Map<GroupCell, Long> groups,
    SortedMap<Long, Long> hours,
    @Nullable Long oldest) {

  /** What is counted together; a null code: the producers gave none. */
  public record Cell(String pipelineId, @Nullable String errorCode, Status status) {}

  /** A failure group's letters of one pipeline. */
  public record GroupCell(String pipelineId, String groupId) {}

  public LetterStatistics {
    // Not Map.copyOf: it probes one place after the other, and keys like these hash side by side.
    totals = Collections.unmodifiableMap(new HashMap<>(totals));
    groups = Collections.unmodifiableMap(new HashMap<>(groups));
    hours = new TreeMap<>(hours);
  }
}
