// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.letter.FailureGroup;
import dev.redrive.query.StatisticsReader.Window;
import dev.redrive.store.GroupFacts;
import dev.redrive.store.GroupQuery;
import dev.redrive.store.PagePosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads failure groups: their counts from counters, the rest of those that are shown only. */
public final class GroupReader {
  private static final Comparator<Map.Entry<String, Map<String, Long>>> LARGEST_FIRST =
      Comparator.comparingLong(
              (Map.Entry<String, Map<String, Long>> group) -> -sum(group.getValue()))
          .thenComparing(Map.Entry::getKey);

  private final Partitions partitions;
  private final StatisticsReader statistics;
  private final Duration wait;

  /**
   * @param wait how long a partition that is moving or being restored is waited for
   */
  public GroupReader(Partitions partitions, Duration wait) {
    this.partitions = partitions;
    this.statistics = new StatisticsReader(partitions, wait);
    this.wait = wait;
  }

  /**
   * Where a group stands in the list: by its letters, the most first, then by its id.
   *
   * @param count letters that it had
   */
  public record Position(long count, String id) {
    boolean isBefore(Map.Entry<String, Map<String, Long>> group) {
      long other = sum(group.getValue());
      return other < count || (other == count && group.getKey().compareTo(id) > 0);
    }
  }

  /**
   * Some of the groups, the largest first.
   *
   * @param total how many groups there are
   * @param next where the others begin; null: there are none
   */
  public record Groups(List<GroupView> largest, int total, @Nullable Position next) {
    public Groups {
      largest = List.copyOf(largest);
    }
  }

  /**
   * Groups that have letters in the window, the largest first.
   *
   * @param after only those that stand behind this place; null: from the start
   * @param limit groups at most
   */
  public Reading<Groups> largest(
      Window window, @Nullable Position after, int limit, boolean allowPartial) {
    Gathering gathering = new Gathering(partitions, wait);
    Map<String, Map<String, Long>> counts = new HashMap<>();
    statistics
        .count(window, gathering)
        .groups()
        .forEach(
            (cell, count) ->
                counts
                    .computeIfAbsent(cell.groupId(), id -> new HashMap<>())
                    .merge(cell.pipelineId(), count, Long::sum));
    List<Map.Entry<String, Map<String, Long>>> found =
        counts.entrySet().stream()
            .filter(group -> after == null || after.isBefore(group))
            .sorted(LARGEST_FIRST)
            .limit(limit + 1L)
            .toList();
    List<Map.Entry<String, Map<String, Long>>> shown =
        found.subList(0, Math.min(limit, found.size()));
    Set<String> ids = shown.stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    Map<String, List<GroupFacts>> facts = facts(ids, window.pipelines(), gathering);
    List<GroupView> groups = new ArrayList<>();
    shown.forEach(
        group ->
            groups.add(
                view(
                    group.getKey(),
                    group.getValue(),
                    facts.getOrDefault(group.getKey(), List.of()))));
    Position next =
        found.size() > limit
            ? new Position(sum(shown.get(limit - 1).getValue()), shown.get(limit - 1).getKey())
            : null;
    return gathering.reading(new Groups(groups, counts.size(), next), allowPartial);
  }

  /**
   * One group; empty where nobody knows it, or, for a reader who sees some pipelines, where it has
   * no letters of those.
   */
  public Reading<Optional<GroupView>> group(String id, Set<String> pipelines) {
    Window always = new Window(pipelines, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, true);
    Gathering gathering = new Gathering(partitions, wait);
    Map<String, Long> counts = new HashMap<>();
    statistics
        .count(always, gathering)
        .groups()
        .forEach(
            (cell, count) -> {
              if (cell.groupId().equals(id)) {
                counts.merge(cell.pipelineId(), count, Long::sum);
              }
            });
    List<GroupFacts> facts = facts(Set.of(id), pipelines, gathering).getOrDefault(id, List.of());
    boolean seen = !counts.isEmpty() || (pipelines.isEmpty() && !facts.isEmpty());
    Optional<GroupView> found = seen ? Optional.of(view(id, counts, facts)) : Optional.empty();
    return gathering.reading(found, false);
  }

  private Map<String, List<GroupFacts>> facts(
      Set<String> ids, Set<String> pipelines, Gathering gathering) {
    Map<String, List<GroupFacts>> facts = new HashMap<>();
    if (ids.isEmpty()) {
      return facts;
    }
    Set<Integer> all =
        IntStream.range(0, partitions.count())
            .boxed()
            .collect(Collectors.toCollection(HashSet::new));
    gathering
        .ask(new GroupQuery(ids, pipelines), all)
        .forEach(
            part ->
                part.forEach(
                    (id, known) -> facts.computeIfAbsent(id, i -> new ArrayList<>()).add(known)));
    return facts;
  }

  private static GroupView view(String id, Map<String, Long> counts, List<GroupFacts> facts) {
    @Nullable FailureGroup group =
        facts.stream().map(GroupFacts::group).filter(Objects::nonNull).findFirst().orElse(null);
    @Nullable PagePosition newest =
        facts.stream()
            .map(GroupFacts::newest)
            .filter(Objects::nonNull)
            .max(
                // As lists have them, or it would change with the partitions.
                Comparator.comparingLong(PagePosition::failedAt)
                    .thenComparing(PagePosition::id, Comparator.reverseOrder()))
            .orElse(null);
    long lastSeen = group == null ? 0 : group.lastSeen();
    return new GroupView(
        id,
        group,
        counts,
        newest == null ? lastSeen : newest.failedAt(),
        newest == null ? null : newest.id());
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
