// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the description.
 *
 * @param path template, such as {@code /api/dlq/{id}}
 * @param body schema of what it takes; null: no body
 */
record Operation(String method, String path, List<Parameter> parameters, @Nullable JsonNode body) {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");

  /** What an operation takes beside its body; {@code in} is {@code path} or {@code query}. */
  record Parameter(String name, String in, boolean required, JsonNode schema) {}

  /** All that the description has, references resolved one step at a time. */
  static List<Operation> of(JsonNode document) {
    List<Operation> all = new ArrayList<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation -> {
                          if (METHODS.contains(operation.getKey())) {
                            all.add(
                                new Operation(
                                    operation.getKey().toUpperCase(Locale.ROOT),
                                    path.getKey(),
                                    parameters(document, path.getValue(), operation.getValue()),
                                    body(document, operation.getValue())));
                          }
                        }));
    return all;
  }

  /** What a reference points to, or the node itself. */
  static JsonNode resolved(JsonNode document, JsonNode node) {
    JsonNode found = node;
    while (found.path("$ref").isTextual()) {
      found = document.at(found.path("$ref").asText().substring(1));
    }
    return found;
  }

  private static List<Parameter> parameters(JsonNode document, JsonNode path, JsonNode operation) {
    List<Parameter> parameters = new ArrayList<>();
    for (JsonNode list : List.of(path.path("parameters"), operation.path("parameters"))) {
      for (JsonNode each : list) {
        JsonNode parameter = resolved(document, each);
        parameters.add(
            new Parameter(
                parameter.path("name").asText(),
                parameter.path("in").asText(),
                parameter.path("required").asBoolean(),
                resolved(document, parameter.path("schema"))));
      }
    }
    return parameters;
  }

  private static @Nullable JsonNode body(JsonNode document, JsonNode operation) {
    JsonNode body = resolved(document, operation.path("requestBody"));
    JsonNode schema = body.at("/content/application~1json/schema");
    return schema.isMissingNode() ? null : resolved(document, schema);
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
