// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What a store must answer, kept in plain maps. */
final class StoreModel {
  private final Map<LetterId, Letter> letters = new HashMap<>();

  StoreModel copy() {
    StoreModel copy = new StoreModel();
    copy.letters.putAll(letters);
    return copy;
  }

  void put(Letter letter) {
    letters.put(letter.id(), letter);
  }

  void remove(LetterId id) {
    letters.remove(id);
  }

  Map<LetterId, Letter> letters() {
    return letters;
  }

  /** All that fits after the position, in order. */
  List<Letter> matching(PageQuery query) {
    Comparator<Letter> latestFirst =
        (one, other) -> {
          int byTime = Long.compare(failedAt(other), failedAt(one));
          return byTime != 0 ? byTime : one.id().compareTo(other.id());
        };
    Comparator<Letter> order = query.oldestFirst() ? latestFirst.reversed() : latestFirst;
    return letters.values().stream()
        .filter(letter -> PlainMatch.fits(letter, query.filter()))
        .filter(letter -> query.after() == null || isAfter(letter, query))
        .sorted(order)
        .toList();
  }

  Totals totals(TotalsQuery query) {
    Map<Totals.Cell, Long> counts = new HashMap<>();
    for (Letter letter : letters.values()) {
      long failedAt = letter.head().facts().failedAt();
      if (failedAt >= query.since() && failedAt <= query.until()) {
        counts.merge(
            new Totals.Cell(
                letter.head().facts().pipelineId(),
                letter.head().facts().errorCode(),
                letter.head().status()),
            1L,
            Long::sum);
      }
    }
    return new Totals(counts);
  }

  Statistics statistics(StatisticsQuery query) {
    return statistics(
        letter ->
            failedAt(letter) >= query.since()
                && failedAt(letter) <= query.until()
                && (query.pipelines().isEmpty()
                    || query.pipelines().contains(letter.head().facts().pipelineId())),
        query.hoursSince(),
        query.byGroup());
  }

  Statistics statistics(Predicate<Letter> counted, long hoursSince, boolean byGroup) {
    Map<Totals.Cell, Long> totals = new HashMap<>();
    Map<Statistics.GroupCell, Long> groups = new HashMap<>();
    Map<Long, Long> hours = new HashMap<>();
    Long oldest = null;
    for (Letter letter : letters.values()) {
      var facts = letter.head().facts();
      long failedAt = facts.failedAt();
      if (!counted.test(letter)) {
        continue;
      }
      totals.merge(
          new Totals.Cell(facts.pipelineId(), facts.errorCode(), letter.head().status()),
          1L,
          Long::sum);
      if (byGroup && facts.groupId() != null) {
        groups.merge(new Statistics.GroupCell(facts.pipelineId(), facts.groupId()), 1L, Long::sum);
      }
      if (failedAt >= hoursSince) {
        hours.merge(Math.floorDiv(failedAt, 3_600_000L) * 3_600_000L, 1L, Long::sum);
      }
      oldest = oldest == null ? failedAt : Math.min(oldest, failedAt);
    }
    return new Statistics(totals, groups, hours, oldest);
  }

  private static boolean isAfter(Letter letter, PageQuery query) {
    PagePosition after = query.after();
    int byTime = Long.compare(after.failedAt(), failedAt(letter));
    int latestFirst = byTime != 0 ? byTime : letter.id().compareTo(after.id());
    return query.oldestFirst() ? latestFirst < 0 : latestFirst > 0;
  }

  private static long failedAt(Letter letter) {
    return letter.head().facts().failedAt();
  }
}
