// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.query.PartitionAnswer.Missing;
import dev.redrive.query.PartitionAnswer.OfStandby;
import dev.redrive.query.PartitionAnswer.Served;
import dev.redrive.query.Reading.Read;
import dev.redrive.query.Reading.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.streams.query.Query;

/**
 * Asks partitions until all have answered or the time is up: a rebalance is waited out, so that it
 * is slow for the reader and not an error, but never longer than said.
 */
final class Gathering {
  private static final long PAUSE_MS = 20;

  private final Partitions partitions;
  private final long deadline;
  private final SortedMap<Integer, String> missing = new TreeMap<>();
  private final SortedMap<Integer, Long> behind = new TreeMap<>();

  Gathering(Partitions partitions, Duration wait) {
    this.partitions = partitions;
    this.deadline = System.nanoTime() + wait.toNanos();
  }

  /** The answers that came; who gave none is remembered in {@link #missing}. */
  <R> List<R> ask(Query<R> query, Set<Integer> wanted) {
    List<R> values = new ArrayList<>();
    Set<Integer> open = new HashSet<>(wanted);
    while (true) {
      Map<Integer, String> silent = new TreeMap<>();
      for (Map.Entry<Integer, PartitionAnswer<R>> entry : partitions.ask(query, open).entrySet()) {
        if (entry.getValue() instanceof Served<R> served) {
          values.add(served.value());
          open.remove(entry.getKey());
        } else if (entry.getValue() instanceof OfStandby<R> old) {
          values.add(old.value());
          behind.merge(entry.getKey(), old.behind(), Gathering::further);
          open.remove(entry.getKey());
        } else if (entry.getValue() instanceof Missing<R> none) {
          silent.put(entry.getKey(), none.reason());
        }
      }
      if (open.isEmpty() || !timeLeft()) {
        missing.putAll(silent);
        return values;
      }
    }
  }

  /**
   * What was made of the answers, with what is to be known about them.
   *
   * @param allowPartial whether partitions may be missing from it, though not all of them
   */
  <T> Reading<T> reading(T value, boolean allowPartial) {
    boolean enough = missing.isEmpty() || (allowPartial && missing.size() < partitions.count());
    return enough ? new Read<>(value, missing, behind) : new Unavailable<>(missing);
  }

  /** The one answer of a partition that alone was asked. */
  <T> Reading<T> reading(List<T> answers) {
    return answers.isEmpty()
        ? new Unavailable<>(missing)
        : new Read<>(answers.get(0), missing, behind);
  }

  private static long further(long one, long other) {
    return one == PartitionAnswer.UNKNOWN || other == PartitionAnswer.UNKNOWN
        ? PartitionAnswer.UNKNOWN
        : Math.max(one, other);
  }

  /** False: there is no time left. */
  private boolean timeLeft() {
    return System.nanoTime() < deadline && pause();
  }

  /** A moment, before asking again; false: the thread is to end. */
  static boolean pause() {
    try {
      Thread.sleep(PAUSE_MS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
