// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.UnreadableBytesException;
import dev.redrive.letter.LetterHead;
import dev.redrive.store.Counted.Name;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Counts letters once more, and compares with the counters; for {@link StoreAudit}. */
final class CounterAudit {
  private final Map<Cell, long[]> expected = new HashMap<>();

  private record Cell(Counted by, Span span, long bucket, Name name) {}

  void count(LetterHead head) {
    for (Counted by : Counted.values()) {
      Name name = by.of(head);
      if (name != null) {
        for (Span span : by.spans()) {
          Cell cell = new Cell(by, span, span.bucket(head.facts().failedAt()), name);
          expected
              .computeIfAbsent(cell, c -> new long[CounterRows.STATUSES])[
              Listed.bitsOf(head.status())]++;
        }
      }
    }
  }

  void compare(View view, List<String> found) {
    Map<Cell, long[]> counted = new HashMap<>();
    for (Counted by : Counted.values()) {
      for (Span span : by.spans()) {
        read(view, by, span, counted);
      }
      names(view, by, found);
    }
    expected.forEach(
        (cell, counts) -> {
          long[] stored = counted.remove(cell);
          if (!Arrays.equals(counts, stored)) {
            found.add(cell + " is " + Arrays.toString(stored) + ", not " + Arrays.toString(counts));
          }
        });
    counted.forEach((cell, counts) -> found.add(cell + " is " + Arrays.toString(counts)));
  }

  private static void read(View view, Counted by, Span span, Map<Cell, long[]> counted) {
    byte[] prefix = new KeyWriter().u8(by.id()).u8(span.id()).done();
    view.scan(
        Family.COUNTERS,
        prefix,
        KeyRange.afterAll(prefix),
        false,
        (key, value) -> {
          long[] counts = new long[CounterRows.NUMBERS * CounterRows.STATUSES];
          CounterRows.add(value, counts);
          for (int place = 0; place < CounterRows.NUMBERS; place++) {
            if (!CounterRows.isZero(counts, place)) {
              Name name = name(view, by, CounterRows.chunk(key) * CounterRows.NUMBERS + place);
              int at = place * CounterRows.STATUSES;
              counted.put(
                  new Cell(by, span, CounterRows.bucket(key), name),
                  Arrays.copyOfRange(counts, at, at + CounterRows.STATUSES));
            }
          }
          return true;
        });
  }

  /** Names and numbers point at each other, and only what has letters has a name. */
  private void names(View view, Counted by, List<String> found) {
    TreeSet<String> wanted = new TreeSet<>();
    expected.keySet().stream()
        .filter(cell -> cell.by == by)
        .forEach(cell -> wanted.add(cell.name.toString()));
    TreeSet<String> named = new TreeSet<>();
    byte[] prefix = Arrays.copyOf(CounterNames.nameOf(by, 0), 2);
    view.scan(
        Family.COUNTERS,
        prefix,
        KeyRange.afterAll(prefix),
        false,
        (key, value) -> {
          long number = new KeyReader(key, 2).ascending();
          Name name = name(view, by, number);
          named.add(name.toString());
          byte[] back = view.get(Family.COUNTERS, CounterNames.numberOf(by, name));
          if (Meta.number(back, -1) != number) {
            found.add(name + " is number " + number + " and points to another");
          }
          return true;
        });
    if (!wanted.equals(named)) {
      found.add("names of " + by + " are " + named + ", not " + wanted);
    }
  }

  /** Past what is remembered: the audit is of the rows. */
  private static Name name(View view, Counted by, long number) {
    byte[] row = view.get(Family.COUNTERS, CounterNames.nameOf(by, number));
    if (row == null) {
      throw new UnreadableBytesException("counter " + number + " of " + by + " has no name");
    }
    KeyReader in = new KeyReader(row);
    return new Name(in.text(), in.optional());
  }
}
