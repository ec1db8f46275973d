// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sums what is counted over a window: whole days, the whole hours and slots around them, and at the
 * two edges single letters from the index.
 */
final class WindowCounts {
  private final View view;
  private final Counted by;
  private final Map<Long, long[]> chunks = new HashMap<>();
  private final Map<Counted.Name, long[]> edges = new HashMap<>();

  private WindowCounts(View view, Counted by) {
    this.view = view;
    this.by = by;
  }

  /** Takes the counts of a name, one for each status in the order of its constants. */
  interface Taker {
    void take(Counted.Name name, long[] counts);
  }

  /**
   * Tells every name that has letters whose last failure lies in the window, both ends included.
   */
  static void of(View view, Counted by, long since, long until, Taker taker) {
    WindowCounts window = new WindowCounts(view, by);
    if (since == Long.MIN_VALUE && until == Long.MAX_VALUE) {
      window.buckets(Span.ALL, 0, 1);
    } else if (since <= until) {
      window.within(Span.DAY, since, until);
    }
    window.tell(taker);
  }

  /** Tells every name that has letters. */
  static void ofAll(View view, Counted by, Taker taker) {
    of(view, by, Long.MIN_VALUE, Long.MAX_VALUE, taker);
  }

  private void within(@Nullable Span span, long since, long until) {
    if (since > until) {
      return;
    }
    if (span == null) {
      letters(since, until);
      return;
    }
    Span finer = span == Span.DAY ? Span.HOUR : span == Span.HOUR ? Span.SLOT : null;
    long first = ceilDiv(since, span.millis());
    // An unbounded end lies in a bucket that holds no letter, so the bucket may be cut off.
    long end = Math.floorDiv(until == Long.MAX_VALUE ? until : until + 1, span.millis());
    if (first >= end) {
      within(finer, since, until);
      return;
    }
    within(finer, since, first * span.millis() - 1);
    buckets(span, first, end);
    within(finer, end * span.millis(), until);
  }

  private void buckets(Span span, long from, long to) {
    view.scan(
        Family.COUNTERS,
        CounterRows.from(by, span, from),
        CounterRows.from(by, span, to),
        false,
        (key, value) -> {
          CounterRows.add(
              value,
              chunks.computeIfAbsent(
                  CounterRows.chunk(key),
                  chunk -> new long[CounterRows.NUMBERS * CounterRows.STATUSES]));
          return true;
        });
  }

  private void letters(long since, long until) {
    LetterIndex.between(
        view,
        since,
        until,
        letter -> {
          Counted.Name name = letter.name(by);
          if (name != null) {
            edges
                .computeIfAbsent(name, n -> new long[CounterRows.STATUSES])[
                Listed.bitsOf(letter.status())]++;
          }
        });
  }

  private void tell(Taker taker) {
    chunks.forEach(
        (chunk, counts) -> {
          Counted.@Nullable Name[] names = view.names().ofRow(view, by, chunk, counts);
          for (int place = 0; place < CounterRows.NUMBERS; place++) {
            if (!CounterRows.isZero(counts, place)) {
              Counted.Name name =
                  Objects.requireNonNull(names[place], "a counter without its name");
              long[] edge = edges.remove(name);
              long[] sum = new long[CounterRows.STATUSES];
              for (int status = 0; status < sum.length; status++) {
                sum[status] =
                    counts[place * CounterRows.STATUSES + status]
                        + (edge == null ? 0 : edge[status]);
              }
              taker.take(name, sum);
            }
          }
        });
    edges.forEach(taker::take);
  }

  static long ceilDiv(long value, long by) {
    return Math.floorDiv(value, by) + (Math.floorMod(value, by) == 0 ? 0 : 1);
  }
}
