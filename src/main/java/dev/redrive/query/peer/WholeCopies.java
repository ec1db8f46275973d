// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which copies of partitions have had all that their changelog held when they were first seen here.
 * Such a one lacks at most what was changed lately. One that is still being made lacks anything,
 * and would say of a letter that it is not there.
 */
final class WholeCopies {

  /**
   * The last offsets of a changelog may be ends of transactions, or records that were never
   * committed: nobody reads those, so a copy that has all may seem to lack them for ever.
   */
  private static final long NEVER_READ = 100;

  /** Only the thread that looks changes it. */
  private final Map<Integer, Seen> seen = new HashMap<>();

  private volatile Set<Integer> whole = Set.of();

  /** Where a copy is in its changelog, and where that ends. */
  record Place(long position, long end) {}

  private record Seen(long position, long target) {
    boolean whole() {
      return position >= target - NEVER_READ;
    }
  }

  /** Takes in what is here now; what is not is forgotten. */
  void look(Map<Integer, Place> places) {
    seen.keySet().retainAll(places.keySet());
    places.forEach((partition, place) -> seen.merge(partition, first(place), WholeCopies::next));
    whole =
        seen.entrySet().stream()
            .filter(entry -> entry.getValue().whole())
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
  }

  boolean contains(int partition) {
    return whole.contains(partition);
  }

  private static Seen first(Place place) {
    return new Seen(place.position(), place.end());
  }

  /** A copy that is further back than it was is another one, begun anew. */
  private static Seen next(Seen before, Seen now) {
    return now.position < before.position ? now : new Seen(now.position, before.target);
  }
}
