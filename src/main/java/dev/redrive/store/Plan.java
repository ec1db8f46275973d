// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which list a filter is read from, and in which ranges. The engine's own figures of how much lies
 * in a range decide: they know every list, the time bounds and how far a walk has come, and cost a
 * look into blocks that are in memory.
 */
record Plan(LetterIndex list, List<IndexRange> ranges) {

  /** What starting to read one more range costs, as bytes that could be read instead. */
  private static final long RANGE_COST = 4 * 1024;

  /** With so many ranges to merge the list of all letters may be cheaper. */
  private static final int MANY_RANGES = 32;

  static Plan of(
      View view, LetterFilter filter, boolean oldestFirst, @Nullable PagePosition after) {
    List<Plan> candidates = new ArrayList<>();
    for (Map.Entry<Attribute, Set<String>> asked : filter.attributes().entrySet()) {
      LetterIndex list = LetterIndex.by(asked.getKey()).orElse(null);
      if (list != null && list.holds(asked.getValue())) {
        List<IndexRange> ranges = new ArrayList<>();
        for (String value : asked.getValue()) {
          ranges.add(IndexRange.of(list.prefix(value), filter, oldestFirst, after));
        }
        candidates.add(new Plan(list, ranges));
      }
    }
    if (candidates.stream().allMatch(plan -> plan.ranges.size() > MANY_RANGES)) {
      IndexRange all = IndexRange.of(LetterIndex.FAILED.prefix(""), filter, oldestFirst, after);
      candidates.add(new Plan(LetterIndex.FAILED, List.of(all)));
    }
    return candidates.size() == 1 ? candidates.get(0) : cheapest(view, candidates);
  }

  private static Plan cheapest(View view, List<Plan> candidates) {
    List<IndexRange> ranges = candidates.stream().flatMap(plan -> plan.ranges.stream()).toList();
    long[] sizes = view.sizes(Family.INDEX, ranges);
    Plan best = candidates.get(0);
    long least = Long.MAX_VALUE;
    int at = 0;
    for (Plan plan : candidates) {
      long cost = plan.ranges.size() * RANGE_COST;
      for (int i = 0; i < plan.ranges.size(); i++) {
        cost += sizes[at++];
      }
      if (cost < least) {
        least = cost;
        best = plan;
      }
    }
    return best;
  }
}
