// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.Letter;
import dev.redrive.query.PartitionAnswer.Missing;
import dev.redrive.query.PartitionAnswer.Served;
import dev.redrive.store.LetterScan;
import dev.redrive.store.ScanQuery;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.errors.StreamsException;

/** Opens exports: all letters that fit, each partition's as they were at one moment. */
public final class LetterExports {
  private final Partitions partitions;
  private final Duration wait;
  private final Duration longest;
  private final Clock clock;

  /**
   * @param wait how long a partition that is moving or being restored is waited for
   * @param longest after this an export is ended by the store
   */
  public LetterExports(Partitions partitions, Duration wait, Duration longest, Clock clock) {
    this.partitions = partitions;
    this.wait = wait;
    this.longest = longest;
    this.clock = clock;
  }

  /** One export under way. It holds snapshots, so it must be closed. */
  public static final class Export implements AutoCloseable {
    private final Deque<LetterScan> scans;

    private Export(List<LetterScan> scans) {
      this.scans = new ArrayDeque<>(scans);
    }

    /**
     * The next letters, newest first within a partition, one partition after the other; empty at
     * the end.
     *
     * @throws IllegalStateException where a partition moved meanwhile, or it took too long
     */
    public List<Letter> next() {
      LetterScan scan = scans.peek();
      while (scan != null) {
        List<Letter> letters = next(scan);
        if (scan.ended()) {
          scan.close();
          scans.poll();
        }
        if (!letters.isEmpty()) {
          return letters;
        }
        scan = scans.peek();
      }
      return List.of();
    }

    private static List<Letter> next(LetterScan scan) {
      try {
        return scan.next();
      } catch (StreamsException e) {
        throw new IllegalStateException("the export can't go on: " + e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      scans.forEach(LetterScan::close);
      scans.clear();
    }
  }

  /** Opens an export of all partitions, or of none: a file with holes looks like a whole one. */
  public Reading<Export> open(LetterFilter filter) {
    long deadline = System.nanoTime() + wait.toNanos();
    ScanQuery query = new ScanQuery(filter, clock.millis() + longest.toMillis());
    List<LetterScan> scans = new ArrayList<>();
    Set<Integer> open = IntStream.range(0, partitions.count()).boxed().collect(Collectors.toSet());
    boolean whole = false;
    try {
      Map<Integer, String> missing = ask(query, open, scans);
      while (!open.isEmpty() && System.nanoTime() < deadline && Gathering.pause()) {
        missing = ask(query, open, scans);
      }
      whole = open.isEmpty();
      return whole ? Reading.whole(new Export(scans)) : Reading.unavailable(missing);
    } finally {
      if (!whole) {
        scans.forEach(LetterScan::close);
      }
    }
  }

  private Map<Integer, String> ask(ScanQuery query, Set<Integer> open, List<LetterScan> scans) {
    Map<Integer, String> missing = new TreeMap<>();
    partitions
        .ask(query, new HashSet<>(open))
        .forEach(
            (partition, answer) -> {
              if (answer instanceof Served<LetterScan> served) {
                scans.add(served.value());
                open.remove(partition);
              } else if (answer instanceof Missing<LetterScan> none) {
                missing.put(partition, none.reason());
              }
            });
    return missing;
  }
}
