// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the Grafana dashboard asks Prometheus. */
record Dashboard(JsonNode json) {

  /** A panel's query, with Grafana's variables filled in. */
  record Query(String panel, String expression) {}

  static Dashboard read() throws IOException {
    return new Dashboard(
        new ObjectMapper()
            .readTree(Path.of("helm", "redrive", "files", "dashboard.json").toFile()));
  }

  List<Query> queries() {
    List<Query> queries = new ArrayList<>();
    for (JsonNode panel : json.get("panels")) {
      for (JsonNode target : panel.path("targets")) {
        String expression =
            target
                .get("expr")
                .asText()
                .replace("$__rate_interval", "1m")
                .replace("$job", "redrive");
        queries.add(new Query(panel.get("title").asText(), expression));
      }
    }
    return queries;
  }
}
