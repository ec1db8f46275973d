// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.filter.LetterFilter;
import dev.redrive.query.LetterStatistics.Cell;
import dev.redrive.query.LetterStatistics.GroupCell;
import dev.redrive.store.CountQuery;
import dev.redrive.store.Counts;
import dev.redrive.store.PageQuery;
import dev.redrive.store.Statistics;
import dev.redrive.store.StatisticsQuery;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Counts letters over all partitions: sums of counters, no letter is read; but for filters that no
 * counter knows.
 */
public final class StatisticsReader {
  /** What all partitions together may look at for one count: about a second's work. */
  private static final int WORK = 10 * PageQuery.DEFAULT_WORK;

  private final Partitions partitions;
  private final Duration wait;

  /**
   * @param wait how long a partition that is moving or being restored is waited for
   */
  public StatisticsReader(Partitions partitions, Duration wait) {
    this.partitions = partitions;
    this.wait = wait;
  }

  /**
   * What is counted.
   *
   * @param pipelines only these; empty: all
   * @param since earliest time of the last failure, inclusive, epoch milliseconds
   * @param until latest, inclusive
   * @param hoursSince where the series of hours begins, if that is later than {@code since}
   * @param byGroup whether to count by failure group too, which takes longest where there are many
   */
  public record Window(
      Set<String> pipelines, long since, long until, long hoursSince, boolean byGroup) {
    public Window {
      pipelines = Set.copyOf(pipelines);
    }
  }

  /**
   * Counts what lies in the window.
   *
   * @param allowPartial whether partitions may be missing from the answer, though not all of them
   */
  public Reading<LetterStatistics> statistics(Window window, boolean allowPartial) {
    Gathering gathering = new Gathering(partitions, wait);
    return gathering.reading(count(window, gathering), allowPartial);
  }

  /**
   * What was counted by looking at letters.
   *
   * @param wholeSince all letters that failed later than this were counted, of the others some,
   *     epoch milliseconds; null: all were
   */
  public record Counted(LetterStatistics statistics, @Nullable Long wholeSince) {}

  /**
   * Counts what fits a filter of any kind, the newest letters first, for a bounded time.
   *
   * @param hoursSince where the series of hours begins, epoch milliseconds
   * @param byGroup whether to count by failure group too
   * @param allowPartial whether partitions may be missing from the answer, though not all of them
   */
  public Reading<Counted> counted(
      LetterFilter filter, long hoursSince, boolean byGroup, boolean allowPartial) {
    Gathering gathering = new Gathering(partitions, wait);
    int work = Math.max(PageQuery.DEFAULT_WORK / 10, WORK / partitions.count());
    List<Counts> parts = gathering.ask(new CountQuery(filter, hoursSince, byGroup, work), all());
    Long wholeSince =
        parts.stream()
            .map(Counts::lookedTo)
            .filter(Objects::nonNull)
            .max(Comparator.naturalOrder())
            .orElse(null);
    LetterStatistics sum = sum(parts.stream().map(Counts::statistics).toList());
    return gathering.reading(new Counted(sum, wholeSince), allowPartial);
  }

  /** The same as part of a larger reading, which then knows what is missing. */
  LetterStatistics count(Window window, Gathering gathering) {
    StatisticsQuery query =
        new StatisticsQuery(
            window.pipelines(),
            window.since(),
            window.until(),
            window.hoursSince(),
            window.byGroup());
    return sum(gathering.ask(query, all()));
  }

  private Set<Integer> all() {
    return IntStream.range(0, partitions.count()).boxed().collect(Collectors.toSet());
  }

  private static LetterStatistics sum(List<Statistics> parts) {
    Map<Cell, Long> totals = new HashMap<>();
    Map<GroupCell, Long> groups = new HashMap<>();
    SortedMap<Long, Long> hours = new TreeMap<>();
    Long oldest = null;
    for (Statistics part : parts) {
      part.totals()
          .forEach(
              (cell, count) ->
                  totals.merge(
                      new Cell(cell.pipelineId(), cell.errorCode(), cell.status()),
                      count,
                      Long::sum));
      part.groups()
          .forEach(
              (cell, count) ->
                  groups.merge(new GroupCell(cell.pipelineId(), cell.groupId()), count, Long::sum));
      part.hours().forEach((hour, count) -> hours.merge(hour, count, Long::sum));
      Long found = part.oldest();
      oldest = oldest == null || (found != null && found < oldest) ? found : oldest;
    }
    return new LetterStatistics(totals, groups, hours, oldest);
  }
}
