// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.LetterState.Status;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers what is asked of the counters. */
final class StatisticsAnswer {
  private static final Status[] STATUSES = Status.values();
  private static final long HOUR = Span.HOUR.millis();

  private StatisticsAnswer() {}

  static Totals totals(View view, TotalsQuery query) {
    return new Totals(totals(view, Set.of(), query.since(), query.until()));
  }

  static Statistics statistics(View view, StatisticsQuery query) {
    return new Statistics(
        totals(view, query.pipelines(), query.since(), query.until()),
        query.byGroup() ? groups(view, query) : Map.of(),
        hours(view, query),
        oldest(view, query));
  }

  private static Map<Totals.Cell, Long> totals(
      View view, Set<String> pipelines, long since, long until) {
    Map<Totals.Cell, Long> totals = new HashMap<>();
    WindowCounts.of(
        view,
        Counted.CODE,
        since,
        until,
        (name, counts) -> {
          if (isOf(name, pipelines)) {
            for (Status status : STATUSES) {
              if (counts[Listed.bitsOf(status)] != 0) {
                totals.put(
                    new Totals.Cell(name.pipelineId(), name.value(), status),
                    counts[Listed.bitsOf(status)]);
              }
            }
          }
        });
    return totals;
  }

  private static Map<Statistics.GroupCell, Long> groups(View view, StatisticsQuery query) {
    Map<Statistics.GroupCell, Long> groups = new HashMap<>();
    WindowCounts.of(
        view,
        Counted.GROUP,
        query.since(),
        query.until(),
        (name, counts) -> {
          if (isOf(name, query.pipelines())) {
            groups.put(
                new Statistics.GroupCell(
                    name.pipelineId(), Objects.requireNonNull(name.value(), "a group's id")),
                Arrays.stream(counts).sum());
          }
        });
    return groups;
  }

  private static Map<Long, Long> hours(View view, StatisticsQuery query) {
    Map<Long, Long> hours = new HashMap<>();
    long since = Math.max(query.since(), query.hoursSince());
    long until = query.until();
    if (since > until) {
      return hours;
    }
    long first = WindowCounts.ceilDiv(since, HOUR);
    long end = Math.floorDiv(until == Long.MAX_VALUE ? until : until + 1, HOUR);
    if (first > end) {
      partOfHour(view, query.pipelines(), since, until, hours);
      return hours;
    }
    wholeHours(view, query.pipelines(), first, end, hours);
    if (since != Long.MIN_VALUE && since < first * HOUR) {
      partOfHour(view, query.pipelines(), since, first * HOUR - 1, hours);
    }
    if (until != Long.MAX_VALUE && end * HOUR <= until) {
      partOfHour(view, query.pipelines(), end * HOUR, until, hours);
    }
    return hours;
  }

  private static void wholeHours(
      View view, Set<String> pipelines, long first, long end, Map<Long, Long> hours) {
    view.scan(
        Family.COUNTERS,
        CounterRows.from(Counted.PIPELINE, Span.HOUR, first),
        CounterRows.from(Counted.PIPELINE, Span.HOUR, end),
        false,
        (key, value) -> {
          long count = inRow(view, pipelines, CounterRows.chunk(key), value);
          if (count > 0) {
            hours.merge(CounterRows.bucket(key) * HOUR, count, Long::sum);
          }
          return true;
        });
  }

  private static long inRow(View view, Set<String> pipelines, long chunk, byte[] row) {
    long[] counts = new long[CounterRows.NUMBERS * CounterRows.STATUSES];
    CounterRows.add(row, counts);
    if (pipelines.isEmpty()) {
      return Arrays.stream(counts).sum();
    }
    Counted.@Nullable Name[] names = view.names().ofRow(view, Counted.PIPELINE, chunk, counts);
    long sum = 0;
    for (int place = 0; place < CounterRows.NUMBERS; place++) {
      if (!CounterRows.isZero(counts, place)
          && isOf(Objects.requireNonNull(names[place]), pipelines)) {
        int at = place * CounterRows.STATUSES;
        sum += Arrays.stream(counts, at, at + CounterRows.STATUSES).sum();
      }
    }
    return sum;
  }

  private static void partOfHour(
      View view, Set<String> pipelines, long since, long until, Map<Long, Long> hours) {
    long count =
        totals(view, pipelines, since, until).values().stream().mapToLong(Long::longValue).sum();
    if (count > 0) {
      hours.merge(Math.floorDiv(since, HOUR) * HOUR, count, Long::sum);
    }
  }

  private static @Nullable Long oldest(View view, StatisticsQuery query) {
    List<byte[]> prefixes =
        query.pipelines().isEmpty()
            ? List.of(LetterIndex.FAILED.prefix(""))
            : query.pipelines().stream().map(LetterIndex.PIPELINE::prefix).toList();
    Long oldest = null;
    for (byte[] prefix : prefixes) {
      Long found = oldest(view, prefix, query.since(), query.until());
      oldest = oldest == null || (found != null && found < oldest) ? found : oldest;
    }
    return oldest;
  }

  private static @Nullable Long oldest(View view, byte[] prefix, long since, long until) {
    @Nullable Long[] found = {null};
    if (since <= until) {
      view.scan(
          Family.INDEX,
          new KeyWriter().raw(prefix).descending(until).done(),
          KeyRange.afterAll(new KeyWriter().raw(prefix).descending(since).done()),
          true,
          (key, value) -> {
            found[0] = LetterIndex.positionIn(key, prefix.length).failedAt();
            return false;
          });
    }
    return found[0];
  }

  private static boolean isOf(Counted.Name name, Set<String> pipelines) {
    return pipelines.isEmpty() || pipelines.contains(name.pipelineId());
  }
}
