// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.query.LetterStatistics.Cell;
import dev.redrive.query.LetterStatistics.GroupCell;
import dev.redrive.store.Statistics;
import dev.redrive.store.StatisticsQuery;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Counts letters over all partitions: sums of counters, no letter is read. */
public final class StatisticsReader {
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

  /** The same as part of a larger reading, which then knows what is missing. */
  LetterStatistics count(Window window, Gathering gathering) {
    StatisticsQuery query =
        new StatisticsQuery(
            window.pipelines(),
            window.since(),
            window.until(),
            window.hoursSince(),
            window.byGroup());
    Set<Integer> all = IntStream.range(0, partitions.count()).boxed().collect(Collectors.toSet());
    return sum(gathering.ask(query, all));
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
