// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.LetterHead;
import dev.redrive.store.Counted.Name;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What one batch changes of the counters. */
final class CounterChanges {
  private final Map<Change, long[]> changes = new HashMap<>();
  private final long[] counts = new long[CounterRows.NUMBERS * CounterRows.STATUSES];

  private record Change(Counted by, Name name, long slot) {}

  private record Row(Counted by, Span span, long bucket, long chunk) {}

  void count(LetterHead head, int by) {
    long slot = Span.SLOT.bucket(head.facts().failedAt());
    for (Counted counted : Counted.values()) {
      Name name = counted.of(head);
      if (name != null) {
        changes
                .computeIfAbsent(
                    new Change(counted, name, slot), change -> new long[CounterRows.STATUSES])[
                Listed.bitsOf(head.status())] +=
            by;
      }
    }
  }

  /**
   * Adds the rows that change to the batch.
   *
   * @param stored reads a counter row as it is on disk
   */
  void writeTo(Batch batch, CounterNames names, Function<byte[], byte @Nullable []> stored) {
    Map<Row, Map<Integer, long[]>> rows = new HashMap<>();
    Map<Counted, Map<Long, Name>> touched = new HashMap<>();
    Map<Counted, Long> next = new HashMap<>();
    changes.forEach(
        (change, by) -> {
          if (Arrays.equals(by, new long[CounterRows.STATUSES])) {
            return;
          }
          Long known = names.number(change.by, change.name, stored);
          long number = known == null ? added(change, names, next, stored, batch) : known;
          touched.computeIfAbsent(change.by, c -> new HashMap<>()).put(number, change.name);
          for (Span span : change.by.spans()) {
            long chunk = number / CounterRows.NUMBERS;
            Row row = new Row(change.by, span, span.ofSlot(change.slot), chunk);
            add(rows.computeIfAbsent(row, r -> new HashMap<>()), number, by);
          }
        });
    rows.forEach((row, by) -> write(row, by, touched, names, stored, batch));
    changes.clear();
  }

  private static long added(
      Change change,
      CounterNames names,
      Map<Counted, Long> next,
      Function<byte[], byte @Nullable []> stored,
      Batch batch) {
    long number =
        next.computeIfAbsent(change.by, by -> Meta.number(stored.apply(CounterNames.next(by)), 0));
    next.put(change.by, number + 1);
    return names.add(change.by, change.name, number, batch);
  }

  private static void add(Map<Integer, long[]> row, long number, long[] by) {
    int place = (int) (number % CounterRows.NUMBERS);
    long[] sum = row.computeIfAbsent(place, p -> new long[CounterRows.STATUSES]);
    for (int status = 0; status < CounterRows.STATUSES; status++) {
      sum[status] += by[status];
    }
  }

  private void write(
      Row row,
      Map<Integer, long[]> by,
      Map<Counted, Map<Long, Name>> touched,
      CounterNames names,
      Function<byte[], byte @Nullable []> stored,
      Batch batch) {
    byte[] key = CounterRows.key(row.by, row.span, row.bucket, row.chunk);
    Arrays.fill(counts, 0);
    byte[] before = stored.apply(key);
    if (before != null) {
      CounterRows.add(before, counts);
    }
    by.forEach(
        (place, change) -> {
          for (int status = 0; status < CounterRows.STATUSES; status++) {
            counts[place * CounterRows.STATUSES + status] += change[status];
          }
          if (row.span == Span.ALL && CounterRows.isZero(counts, place)) {
            long number = row.chunk * CounterRows.NUMBERS + place;
            Name name = touched.getOrDefault(row.by, Map.of()).get(number);
            if (name != null) {
              names.remove(row.by, name, number, batch);
            }
          }
        });
    byte[] after = CounterRows.row(counts);
    if (after != null) {
      batch.put(Family.COUNTERS, key, after);
    } else if (before != null) {
      batch.delete(Family.COUNTERS, key);
    }
  }
}
