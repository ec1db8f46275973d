// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is known of a failure group as a whole, kept by one partition for all. The others tell it
 * when their letters of a pipeline in the group become some, or none.
 *
 * @param title for a person
 * @param firstSeen time of the failure that made it known, epoch milliseconds
 * @param lastSeen time of the last failure of the letter whose leaving emptied a partition, epoch
 *     milliseconds: while there are letters, they tell it better
 * @param times how often it appeared or came back
 * @param cameBack when it had been empty and a failure came again, epoch milliseconds; 0: never
 * @param emptySince epoch milliseconds; 0: it has letters
 * @param occupied per pipeline the partitions that have letters of it
 */
public record FailureGroup(
    String id,
    String title,
    long firstSeen,
    long lastSeen,
    int times,
    long cameBack,
    long emptySince,
    SortedMap<String, SortedSet<Integer>> occupied) {

  /** What a person is told. */
  public enum State {
    /** First seen a short time ago. */
    NEW,
    ONGOING,
    /** It had been empty, and came again a short time ago. */
    REGRESSED
  }

  public FailureGroup {
    SortedMap<String, SortedSet<Integer>> copy = new TreeMap<>();
    occupied.forEach(
        (pipeline, partitions) ->
            copy.put(pipeline, Collections.unmodifiableSortedSet(new TreeSet<>(partitions))));
    occupied = Collections.unmodifiableSortedMap(copy);
  }

  /** One that nobody knew. */
  public static FailureGroup appeared(
      String id, String title, long seen, String pipeline, int partition) {
    return new FailureGroup(id, title, seen, seen, 1, 0, 0, one(pipeline, partition));
  }

  /** A partition has letters of it now. */
  public FailureGroup joined(String pipeline, int partition, long now) {
    SortedMap<String, SortedSet<Integer>> more = new TreeMap<>(occupied);
    SortedSet<Integer> partitions = new TreeSet<>(more.getOrDefault(pipeline, new TreeSet<>()));
    partitions.add(partition);
    more.put(pipeline, partitions);
    boolean again = occupied.isEmpty();
    return new FailureGroup(
        id, title, firstSeen, lastSeen, again ? times + 1 : times, again ? now : cameBack, 0, more);
  }

  /** A partition has no letters of it any more. */
  public FailureGroup left(String pipeline, int partition, long seen, long now) {
    SortedMap<String, SortedSet<Integer>> fewer = new TreeMap<>(occupied);
    SortedSet<Integer> partitions = new TreeSet<>(fewer.getOrDefault(pipeline, new TreeSet<>()));
    partitions.remove(partition);
    if (partitions.isEmpty()) {
      fewer.remove(pipeline);
    } else {
      fewer.put(pipeline, partitions);
    }
    return new FailureGroup(
        id,
        title,
        firstSeen,
        Math.max(lastSeen, seen),
        times,
        cameBack,
        fewer.isEmpty() ? now : 0,
        fewer);
  }

  /**
   * How to call it.
   *
   * @param shortTime how long it is news, milliseconds
   */
  public State state(long now, long shortTime) {
    if (cameBack > 0 && now - cameBack < shortTime) {
      return State.REGRESSED;
    }
    return now - firstSeen < shortTime ? State.NEW : State.ONGOING;
  }

  private static SortedMap<String, SortedSet<Integer>> one(String pipeline, int partition) {
    SortedMap<String, SortedSet<Integer>> one = new TreeMap<>();
    one.put(pipeline, new TreeSet<>(Set.of(partition)));
    return one;
  }
}
