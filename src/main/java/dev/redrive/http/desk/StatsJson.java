// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.http.IsoTime;
import dev.redrive.letter.LetterState.Status;
import dev.redrive.query.LetterStatistics;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Counts as the desk shows them, the largest first. The rows of each list sum to the total, but for
 * groups, since a letter may be in none, and hours, which may begin later.
 */
final class StatsJson {
  private StatsJson() {}

  private record Row(@Nullable String key, long count) {
    static final Comparator<Row> LARGEST_FIRST =
        Comparator.comparingLong(Row::count)
            .reversed()
            .thenComparing(Row::key, Comparator.nullsLast(Comparator.naturalOrder()));
  }

  static ObjectNode write(LetterStatistics counted, UnaryOperator<String> pipelineName, long now) {
    Map<@Nullable String, Long> codes = new HashMap<>();
    Map<@Nullable String, Long> pipelines = new HashMap<>();
    Map<@Nullable String, Long> statuses = new HashMap<>();
    Map<@Nullable String, Long> groups = new HashMap<>();
    counted
        .totals()
        .forEach(
            (cell, count) -> {
              codes.merge(cell.errorCode(), count, Long::sum);
              pipelines.merge(cell.pipelineId(), count, Long::sum);
              statuses.merge(word(cell.status()), count, Long::sum);
            });
    counted.groups().forEach((cell, count) -> groups.merge(cell.groupId(), count, Long::sum));
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("total_entries", counted.totals().values().stream().mapToLong(n -> n).sum());
    put(json, "by_error_code", "error_code", codes);
    var byPipeline = json.putArray("by_pipeline");
    for (Row row : rows(pipelines)) {
      String id = String.valueOf(row.key());
      byPipeline
          .addObject()
          .put("pipeline_id", id)
          .put("name", pipelineName.apply(id))
          .put("count", row.count());
    }
    put(json, "by_status", "status", statuses);
    put(json, "by_group", "group_id", groups);
    var hours = json.putArray("per_hour");
    counted
        .hours()
        .forEach(
            (hour, count) ->
                hours.addObject().put("hour", IsoTime.write(hour)).put("count", count));
    putOldest(json, counted.oldest(), now);
    return json;
  }

  private static void put(
      ObjectNode json, String list, String name, Map<@Nullable String, Long> counts) {
    var array = json.putArray(list);
    rows(counts).forEach(row -> array.addObject().put(name, row.key()).put("count", row.count()));
  }

  private static void putOldest(ObjectNode json, @Nullable Long oldest, long now) {
    json.put("oldest_failed_at", oldest == null ? null : IsoTime.write(oldest));
    // Not below zero: a producer's clock may be a little ahead.
    json.put("oldest_age_seconds", oldest == null ? null : Math.max(0, now - oldest) / 1_000);
  }

  private static List<Row> rows(Map<@Nullable String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> new Row(entry.getKey(), entry.getValue()))
        .sorted(Row.LARGEST_FIRST)
        .toList();
  }

  private static String word(Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
