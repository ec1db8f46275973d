// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The API families; each has its own form of an error. What belongs to none has the desk's. */
enum Family {
  DESK,
  PIPELINES,
  WORKFLOWS;

  private static final List<String> PIPELINES_PATHS = List.of("/v2/pipelines");
  private static final List<String> WORKFLOWS_PATHS = List.of("/v2/workflows", "/v2/dlq");

  static Family of(String path) {
    if (under(path, PIPELINES_PATHS)) {
      return PIPELINES;
    }
    return under(path, WORKFLOWS_PATHS) ? WORKFLOWS : DESK;
  }

  ObjectNode error(Problem problem) {
    return switch (this) {
      case DESK -> desk(problem);
      case PIPELINES -> pipelines(problem);
      case WORKFLOWS -> node().put("error", problem.explanation());
    };
  }

  /** Under the names that its clients look for. */
  Map<String, String> headers(RateLimits.Standing standing) {
    // Another name would make the workflows family's clients take it for a limit by the day.
    String prefix = this == WORKFLOWS ? "Burst-RateLimit-" : "X-RateLimit-";
    return Map.of(
        prefix + "Limit", Integer.toString(standing.limit()),
        prefix + "Remaining", Integer.toString(standing.remaining()),
        prefix + "Reset", Long.toString(standing.fullAt()));
  }

  private static ObjectNode desk(Problem problem) {
    ObjectNode error = node();
    error.put("code", problem.code()).put("message", problem.explanation());
    var details = error.putArray("details");
    problem
        .details()
        .forEach(
            detail ->
                details.addObject().put("field", detail.field()).put("issue", detail.issue()));
    ObjectNode body = node();
    body.set("error", error);
    return body;
  }

  private static ObjectNode pipelines(Problem problem) {
    ObjectNode body = node();
    if (problem.status() == 404) {
      body.put("id", problem.details().stream().map(Problem.Detail::field).findFirst().orElse(""));
    }
    if (problem.status() == 400) {
      ObjectNode fields = body.putObject("field_errors");
      problem.details().forEach(detail -> fields.put(detail.field(), detail.issue()));
    }
    body.putArray("messages").add(problem.explanation());
    return body.put("request_id", "req_" + UUID.randomUUID());
  }

  private static boolean under(String path, List<String> starts) {
    return starts.stream()
        .anyMatch(
            start ->
                path.equals(start)
                    || path.startsWith(start + "/")
                    // A matrix parameter: no operation has any, but the path is the family's.
                    || path.startsWith(start + ";"));
  }

  private static ObjectNode node() {
    return JsonNodeFactory.instance.objectNode();
  }
}
