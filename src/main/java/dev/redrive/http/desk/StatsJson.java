// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.query.LetterTotals;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Counts as the desk shows them, the largest first; the rows of each list sum to the total. */
final class StatsJson {
  private StatsJson() {}

  private record Row(@Nullable String key, long count) {
    static final Comparator<Row> LARGEST_FIRST =
        Comparator.comparingLong(Row::count)
            .reversed()
            .thenComparing(Row::key, Comparator.nullsLast(Comparator.naturalOrder()));
  }

  static ObjectNode write(LetterTotals totals, UnaryOperator<String> pipelineName) {
    Map<@Nullable String, Long> codes = new HashMap<>();
    Map<@Nullable String, Long> pipelines = new HashMap<>();
    totals
        .counts()
        .forEach(
            (cell, count) -> {
              codes.merge(cell.errorCode(), count, Long::sum);
              pipelines.merge(cell.pipelineId(), count, Long::sum);
            });
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("total_entries", totals.counts().values().stream().mapToLong(Long::longValue).sum());
    var byCode = json.putArray("by_error_code");
    rows(codes)
        .forEach(row -> byCode.addObject().put("error_code", row.key()).put("count", row.count()));
    var byPipeline = json.putArray("by_pipeline");
    for (Row row : rows(pipelines)) {
      String id = String.valueOf(row.key());
      byPipeline
          .addObject()
          .put("pipeline_id", id)
          .put("name", pipelineName.apply(id))
          .put("count", row.count());
    }
    return json;
  }

  private static List<Row> rows(Map<@Nullable String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> new Row(entry.getKey(), entry.getValue()))
        .sorted(Row.LARGEST_FIRST)
        .toList();
  }
}
