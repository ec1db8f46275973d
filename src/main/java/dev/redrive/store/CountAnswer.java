// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.filter.DetailView;
import dev.redrive.filter.LetterMatcher;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.LetterHead;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts letters by looking at them, until they end or the work is used up. */
final class CountAnswer {
  private static final long HOUR = Span.HOUR.millis();

  /** Letters that are read together. */
  private static final int TOGETHER = 50;

  private final Map<Totals.Cell, Long> totals = new HashMap<>();
  private final Map<Statistics.GroupCell, Long> groups = new HashMap<>();
  private final Map<Long, Long> hours = new HashMap<>();
  private final CountQuery query;
  private int work;
  private @Nullable Long oldest;
  private @Nullable PagePosition looked;
  private boolean ended;

  private CountAnswer(CountQuery query) {
    this.query = query;
    this.work = query.work();
  }

  static Counts of(View view, CountQuery query, DetailView masked) {
    return new CountAnswer(query).counts(view, LetterMatcher.of(query.filter(), masked));
  }

  private Counts counts(View view, LetterMatcher matcher) {
    Plan plan = Plan.of(view, query.filter(), false, null);
    RowFilter filter = new RowFilter(query.filter(), plan.list());
    try (IndexRows rows = new IndexRows(view, plan.ranges(), false)) {
      while (!ended && work > 0) {
        for (Fitting letter : Fitting.among(view, candidates(rows, filter), matcher)) {
          count(letter.head());
        }
      }
    }
    PagePosition last = looked;
    return new Counts(
        new Statistics(totals, groups, hours, oldest),
        ended || last == null ? null : (Long) last.failedAt());
  }

  private List<PagePosition> candidates(IndexRows rows, RowFilter filter) {
    List<PagePosition> candidates = new ArrayList<>(TOGETHER);
    while (candidates.size() < TOGETHER && work > 0) {
      int before = rows.visited();
      if (!rows.next()) {
        ended = true;
        return candidates;
      }
      work -= rows.visited() - before;
      PagePosition position = rows.position();
      looked = position;
      if (position != null && filter.mayFit(rows.value())) {
        candidates.add(position);
        work -= PageQuery.LETTER_WORK;
      }
    }
    return candidates;
  }

  private void count(LetterHead head) {
    FailureFacts facts = head.facts();
    totals.merge(
        new Totals.Cell(facts.pipelineId(), facts.errorCode(), head.status()), 1L, Long::sum);
    if (query.byGroup() && facts.groupId() != null) {
      groups.merge(new Statistics.GroupCell(facts.pipelineId(), facts.groupId()), 1L, Long::sum);
    }
    if (facts.failedAt() >= query.hoursSince()) {
      hours.merge(Math.floorDiv(facts.failedAt(), HOUR) * HOUR, 1L, Long::sum);
    }
    Long before = oldest;
    oldest = before == null ? facts.failedAt() : Math.min(before, facts.failedAt());
  }
}
