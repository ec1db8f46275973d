// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.HashMap;
import java.util.Map;

/** Sums counters over a window: whole days, the whole hours around them, and single letters. */
final class TotalsAnswer {
  private final View view;
  private final Map<Totals.Cell, Long> counts = new HashMap<>();

  private TotalsAnswer(View view) {
    this.view = view;
  }

  static Totals of(View view, TotalsQuery query) {
    TotalsAnswer answer = new TotalsAnswer(view);
    if (query.since() <= query.until()) {
      answer.add(query.since(), query.until());
    }
    return new Totals(answer.counts);
  }

  private void add(long since, long until) {
    long firstHour = ceilDiv(since, CounterCell.HOUR);
    // An unbounded end lies in an hour that holds no letter, so the hour may be cut off.
    long endHour = Math.floorDiv(until == Long.MAX_VALUE ? until : until + 1, CounterCell.HOUR);
    if (firstHour >= endHour) {
      letters(since, until);
      return;
    }
    letters(since, firstHour * CounterCell.HOUR - 1);
    letters(endHour * CounterCell.HOUR, until);
    long firstDay = ceilDiv(firstHour, CounterCell.HOURS_A_DAY);
    long endDay = Math.floorDiv(endHour, CounterCell.HOURS_A_DAY);
    if (firstDay >= endDay) {
      cells(CounterCell.Hour.KIND, firstHour, endHour);
      return;
    }
    cells(CounterCell.Hour.KIND, firstHour, firstDay * CounterCell.HOURS_A_DAY);
    cells(CounterCell.Day.KIND, firstDay, endDay);
    cells(CounterCell.Hour.KIND, endDay * CounterCell.HOURS_A_DAY, endHour);
  }

  private void cells(int kind, long from, long to) {
    if (from < to) {
      view.scan(
          Family.COUNTERS,
          CounterCell.from(kind, from),
          CounterCell.from(kind, to),
          false,
          (key, value) -> {
            counts.merge(CounterCell.cell(key), Meta.number(value, 0), Long::sum);
            return true;
          });
    }
  }

  private void letters(long since, long until) {
    if (since > until) {
      return;
    }
    byte[] prefix = LetterIndex.FAILED.prefix("");
    view.scan(
        Family.INDEX,
        new KeyWriter().raw(prefix).descending(until).done(),
        KeyRange.afterAll(new KeyWriter().raw(prefix).descending(since).done()),
        false,
        (key, value) -> {
          Listed letter = Listed.decode(value);
          counts.merge(
              new Totals.Cell(letter.pipelineId(), letter.errorCode(), letter.status()),
              1L,
              Long::sum);
          return true;
        });
  }

  private static long ceilDiv(long value, long by) {
    return Math.floorDiv(value, by) + (Math.floorMod(value, by) == 0 ? 0 : 1);
  }
}
