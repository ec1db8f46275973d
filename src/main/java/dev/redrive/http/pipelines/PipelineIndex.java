// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.pipelines;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.filter.LetterFilter;
import dev.redrive.http.Caller;
import dev.redrive.http.Json;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.http.Readings;
import dev.redrive.letter.LetterState.Status;
import dev.redrive.query.LetterReader;
import dev.redrive.query.LetterTotals;
import dev.redrive.query.Reading.Read;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The pipelines that settings name or that have letters, by their ids, in the desk's style: under
 * which key each is found in paths, and how many letters it has.
 *
 * @param declared ids of those that the settings name
 * @param agent who processes the records of a pipeline again, by the pipeline's id
 * @param name of a pipeline, by its id
 */
public record PipelineIndex(
    LetterReader letters,
    Set<String> declared,
    UnaryOperator<String> agent,
    UnaryOperator<String> name) {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 1_000;

  /** An id may have 249 characters, of four bytes each. */
  private static final int MAX_CURSOR = 1_400;

  public void list(Context request) {
    Parameters parameters = Parameters.of(request, "limit", "cursor", "allow_partial");
    int limit = parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    String after = parameters.text("cursor", MAX_CURSOR).map(PipelineIndex::position).orElse("");
    Caller caller = Caller.of(request);
    Read<LetterTotals> read =
        Readings.require(letters.totals(LetterFilter.ALL, parameters.flag("allow_partial")));
    TreeMap<String, Map<Status, Long>> all = counted(read.value());
    all.keySet().removeIf(id -> !caller.sees(id));
    List<String> found = all.tailMap(after, false).keySet().stream().limit(limit + 1L).toList();

    ObjectNode body = JsonNodeFactory.instance.objectNode();
    var data = body.putArray("data");
    List<String> shown = found.subList(0, Math.min(limit, found.size()));
    shown.forEach(id -> data.add(json(id, all.getOrDefault(id, Map.of()))));
    ObjectNode meta = body.putObject("meta");
    meta.putObject("page")
        .put("limit", limit)
        .put("cursor", found.size() > limit ? cursor(shown.get(limit - 1)) : null);
    meta.put("total", all.size());
    if (!read.whole()) {
      var missing = meta.putArray("missing");
      read.missing()
          .forEach(
              (partition, why) ->
                  missing.addObject().put("partition", partition).put("reason", why));
    }
    Json.answer(request, 200, body);
  }

  private TreeMap<String, Map<Status, Long>> counted(LetterTotals totals) {
    TreeMap<String, Map<Status, Long>> all = new TreeMap<>();
    declared.forEach(id -> all.put(id, new EnumMap<>(Status.class)));
    totals
        .counts()
        .forEach(
            (cell, count) ->
                all.computeIfAbsent(cell.pipelineId(), id -> new EnumMap<>(Status.class))
                    .merge(cell.status(), count, Long::sum));
    return all;
  }

  private ObjectNode json(String id, Map<Status, Long> counts) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("pipeline_id", id)
            .put("key", PipelineKey.of(id))
            .put("name", name.apply(id))
            .put("declared", declared.contains(id))
            .put("retry_topic", agent.apply(id))
            .put("letters", counts.values().stream().mapToLong(Long::longValue).sum());
    ObjectNode status = json.putObject("by_status");
    for (Status each : Status.values()) {
      status.put(each.name().toLowerCase(Locale.ROOT), counts.getOrDefault(each, 0L));
    }
    return json;
  }

  private static String cursor(String id) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(id.getBytes(StandardCharsets.UTF_8));
  }

  private static String position(String cursor) {
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problem.field("cursor", "is not one of this list; start without it");
    }
  }
}
