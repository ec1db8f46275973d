// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import dev.redrive.store.Census;
import dev.redrive.store.Census.FailureGroup;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Counts failure groups that were not here before. A partition that has just come brings its groups
 * along; they are old, wherever they were.
 */
final class GroupWatch {
  /** Past this nothing is new any more; whoever has so many groups has another problem. */
  static final int MOST_KNOWN = 100_000;

  private final Set<FailureGroup> known = new HashSet<>();
  private Set<Integer> before = Set.of();

  /** How many are new since the last look. */
  int look(Map<Integer, Census> byPartition) {
    int added = 0;
    Set<FailureGroup> brought = new HashSet<>();
    for (Map.Entry<Integer, Census> partition : byPartition.entrySet()) {
      if (!before.contains(partition.getKey())) {
        brought.addAll(partition.getValue().groups());
      }
    }
    remember(brought);
    for (Census census : byPartition.values()) {
      added += remember(census.groups());
    }
    before = Set.copyOf(byPartition.keySet());
    return added;
  }

  private int remember(Set<FailureGroup> groups) {
    int added = 0;
    for (FailureGroup group : groups) {
      if (known.size() < MOST_KNOWN && known.add(group)) {
        added++;
      }
    }
    return added;
  }
}
