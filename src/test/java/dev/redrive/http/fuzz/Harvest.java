// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Values out of answers, by the name of the field that they stood in: without them a fuzzer asks
 * for letters, runs and pages that are not there, and learns that they are not.
 */
final class Harvest {
  private static final int MOST = 300;

  /** What a path or a query calls a value, and what answers call it. */
  private static final Map<String, List<String>> SOURCES =
      Map.of(
          "id", List.of("id", "dlqId", "dlq_id", "run_id", "job_id", "bulk_operation_id", "sample"),
          "run", List.of("run_id", "id"),
          "key", List.of("pipeline_key", "key", "pipeline_id"),
          "dlqIds", List.of("dlqId", "id"),
          "ids", List.of("id", "dlqId", "dlq_id"),
          "letter_ids", List.of("id", "dlqId"),
          "source_record_ids", List.of("source_record_id", "record_id"),
          "record_ids", List.of("record_id", "source_record_id"),
          "last_run_id", List.of("last_run_id", "run_id"),
          "subject", List.of("subject", "id", "run_id"));

  private static final Set<String> PREFIXED = Set.of("group_id");

  private final Map<String, List<String>> values = new HashMap<>();

  /** Keeps what may be asked for again; the newest push out the oldest. */
  synchronized void add(JsonNode answer) {
    answer
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isTextual()) {
                put(field.getKey(), field.getValue().textValue());
              } else {
                add(field.getValue());
              }
            });
    if (answer.isArray()) {
      answer.forEach(this::add);
    }
  }

  /** A value that an answer had for this; empty: none had yet. */
  synchronized Optional<String> any(String name, Random random) {
    List<String> sources =
        PREFIXED.contains(name) ? List.of(name) : SOURCES.getOrDefault(name, List.of(name));
    List<String> known = values.get(sources.get(random.nextInt(sources.size())));
    return known == null ? Optional.empty() : Optional.of(known.get(random.nextInt(known.size())));
  }

  private void put(String name, String value) {
    if (value.length() > 1_000) {
      return;
    }
    List<String> known = values.computeIfAbsent(name, n -> new ArrayList<>());
    if (known.size() < MOST) {
      known.add(value);
    } else {
      known.set(Math.floorMod(value.hashCode(), MOST), value);
    }
  }
}
