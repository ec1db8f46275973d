// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.LetterState.Status;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Goes over the counters of days and groups once. */
final class CensusAnswer {
  private final View view;

  private CensusAnswer(View view) {
    this.view = view;
  }

  static Census of(View view) {
    CensusAnswer answer = new CensusAnswer(view);
    return new Census(answer.letters(), answer.groups(), answer.oldestPending());
  }

  private Map<Census.Kept, Long> letters() {
    Map<Census.Kept, Long> letters = new HashMap<>();
    cells(
        CounterCell.Day.KIND,
        Long.MIN_VALUE,
        (key, value) -> {
          Totals.Cell cell = CounterCell.cell(key);
          letters.merge(
              new Census.Kept(cell.pipelineId(), cell.status()), Meta.number(value, 0), Long::sum);
          return true;
        });
    return letters;
  }

  private Set<Census.FailureGroup> groups() {
    Set<Census.FailureGroup> groups = new HashSet<>();
    cells(
        CounterCell.Group.KIND,
        Long.MIN_VALUE,
        (key, value) -> {
          KeyReader in = new KeyReader(key, 1 + Long.BYTES);
          groups.add(new Census.FailureGroup(in.text(), in.text()));
          return groups.size() < Census.MOST_GROUPS;
        });
    return groups;
  }

  /** By day, then by hour, then by letter: each step looks at one bucket of the step before. */
  private @Nullable Long oldestPending() {
    Long day = firstPending(CounterCell.Day.KIND, Long.MIN_VALUE);
    Long hour =
        day == null ? null : firstPending(CounterCell.Hour.KIND, day * CounterCell.HOURS_A_DAY);
    return hour == null ? null : firstPendingLetter(hour * CounterCell.HOUR);
  }

  private @Nullable Long firstPending(int kind, long from) {
    Long[] first = {null};
    cells(
        kind,
        from,
        (key, value) -> {
          if (CounterCell.cell(key).status() == Status.PENDING) {
            first[0] = new KeyReader(key, 1).ascending();
          }
          return first[0] == null;
        });
    return first[0];
  }

  private @Nullable Long firstPendingLetter(long from) {
    byte[] prefix = LetterIndex.FAILED.prefix("");
    Long[] first = {null};
    view.scan(
        Family.INDEX,
        new KeyWriter().raw(prefix).descending(from + CounterCell.HOUR - 1).done(),
        KeyRange.afterAll(new KeyWriter().raw(prefix).descending(from).done()),
        true,
        (key, value) -> {
          if (Listed.decode(value).status() == Status.PENDING) {
            first[0] = LetterIndex.positionIn(key, prefix.length).failedAt();
          }
          return first[0] == null;
        });
    return first[0];
  }

  private void cells(int kind, long from, View.Visitor visitor) {
    view.scan(
        Family.COUNTERS,
        CounterCell.from(kind, from),
        CounterCell.from(kind, Long.MAX_VALUE),
        false,
        visitor);
  }
}
