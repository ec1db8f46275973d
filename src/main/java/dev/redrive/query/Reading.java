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
   */
  record Read<T>(T value, SortedMap<Integer, String> missing) implements Reading<T> {
    public Read {
      missing = new TreeMap<>(missing);
    }

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
    return new Read<>(value, new TreeMap<>());
  }

  static <T> Reading<T> read(T value, Map<Integer, String> missing) {
    return new Read<>(value, new TreeMap<>(missing));
  }

  static <T> Reading<T> unavailable(Map<Integer, String> missing) {
    return new Unavailable<>(new TreeMap<>(missing));
  }
}
