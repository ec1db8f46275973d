// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.query.PartitionAnswer.Missing;
import dev.redrive.query.PartitionAnswer.Served;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private final Map<Integer, String> missing = new TreeMap<>();

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

  /** Partitions that some question had no answer from, with the reason. */
  Map<Integer, String> missing() {
    return missing;
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
