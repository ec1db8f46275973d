// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What came of reading the ledger. */
public sealed interface Reading<T> {

  /**
   * An answer.
   *
   * @param missing the partitions that are not in it, with the reason; empty unless the reader
   *     allowed a partial answer
   * @param behind the partitions that a standby answered for, because the active did not, with how
   *     many changelog records it had still to read, or {@link PartitionAnswer#UNKNOWN}
   */
  record Read<T>(T value, SortedMap<Integer, String> missing, SortedMap<Integer, Long> behind)
      implements Reading<T> {
    public Read {
      missing = new TreeMap<>(missing);
      behind = new TreeMap<>(behind);
    }

    /** Whether every partition is in it. */
    public boolean whole() {
      return missing.isEmpty();
    }
  }

  /**
   * No answer that could stand for the whole.
   *
   * @param missing the partitions that did not answer in time, with the reason
   */
  record Unavailable<T>(SortedMap<Integer, String> missing) implements Reading<T> {
    public Unavailable {
      missing = new TreeMap<>(missing);
    }
  }

  static <T> Reading<T> whole(T value) {
    return new Read<>(value, new TreeMap<>(), new TreeMap<>());
  }

  static <T> Reading<T> unavailable(Map<Integer, String> missing) {
    return new Unavailable<>(new TreeMap<>(missing));
  }
}
