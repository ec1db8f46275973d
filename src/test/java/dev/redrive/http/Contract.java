// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.Yaml;

/** The API's description, and whether an answer keeps to it. */
public final class Contract {
  private static final String IRI = "https://redrive.dev/openapi.yaml";
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");

  private final JsonNode document;
  private final SchemaRegistry schemas;

  public Contract() throws IOException {
    String text;
    try (InputStream in = HttpServer.class.getResourceAsStream("openapi.yaml")) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    document = Json.MAPPER.valueToTree(new Yaml().load(text));
    schemas =
        SchemaRegistry.withDefaultDialect(
            Dialects.getOpenApi31(), builder -> builder.schemas(Map.of(IRI, text)));
  }

  /** The description itself. */
  public JsonNode document() {
    return document;
  }

  /** Whether there is such an operation. */
  public boolean describes(String method, String path) {
    return !operation(method, path).isMissingNode();
  }

  /** Whether there is such an operation, and it may answer so. */
  public boolean describes(String method, String path, int status) {
    return operation(method, path).path("responses").has(Integer.toString(status));
  }

  /** Fails unless the answer is an error of the path's family. */
  public void checkError(String path, int status, String contentType, String body) {
    assertThat(status).as("%s: %s", path, body).isBetween(400, 599);
    assertThat(contentType.replaceAll(";.*", "")).as("%s %s", path, status).isEqualTo(Json.TYPE);
    fits("#/components/schemas/" + error(path, status), body, path);
  }

  /** Every operation, such as {@code GET /api/dlq}. */
  public Set<String> operations() {
    Set<String> operations = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          if (METHODS.contains(method)) {
                            operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                          }
                        }));
    return operations;
  }

  /** Whether an operation, named as {@link #operations} does, may answer with a status. */
  public boolean declares(String operation, int status) {
    int blank = operation.indexOf(' ');
    return document
        .path("paths")
        .path(operation.substring(blank + 1))
        .path(operation.substring(0, blank).toLowerCase(Locale.ROOT))
        .path("responses")
        .has(String.valueOf(status));
  }

  /** Fails unless the answer has a status and a type that are declared, and fits the schema. */
  public void check(String method, String path, int status, String contentType, String body) {
    String template = template(path);
    JsonNode operation = operation(method, path);
    String type = contentType.replaceAll(";.*", "");
    String pointer = "#/components/schemas/" + error(path, status);
    if (!operation.isMissingNode()) {
      String at =
          "#/paths/" + escaped(template) + "/" + method.toLowerCase(Locale.ROOT) + "/responses/";
      JsonNode response = operation.path("responses").path(Integer.toString(status));
      assertThat(response.isMissingNode()).as("%s %s: %s declared", method, path, status).isFalse();
      at += status;
      if (response.has("$ref")) {
        at = response.path("$ref").asText();
        response = document.at(at.substring(1));
      }
      if (!response.has("content")) {
        assertThat(body).as("%s %s: %s has no body", method, path, status).isEmpty();
        return;
      }
      JsonNode media = response.path("content").path(type);
      assertThat(media.isMissingNode())
          .as("%s %s: %s as %s declared", method, path, status, type)
          .isFalse();
      pointer = at + "/content/" + escaped(type) + "/schema";
    }
    if (type.equals(Json.TYPE)) {
      fits(pointer, body, method + " " + path);
    }
  }

  private void fits(String pointer, String body, String what) {
    Schema schema = schemas.getSchema(SchemaLocation.of(IRI + pointer));
    assertThat(schema.validate(body, InputFormat.JSON)).as("%s: %s", what, body).isEmpty();
  }

  /** Methods are told apart by case: {@code get} is none. */
  private JsonNode operation(String method, String path) {
    if (!METHODS.contains(method.toLowerCase(Locale.ROOT))
        || !method.equals(method.toUpperCase(Locale.ROOT))) {
      return MissingNode.getInstance();
    }
    return document.path("paths").path(template(path)).path(method.toLowerCase(Locale.ROOT));
  }

  /** The path with fewest parameters that this is one of. */
  private String template(String path) {
    List<String> templates = new ArrayList<>();
    document.path("paths").fieldNames().forEachRemaining(templates::add);
    return templates.stream()
        .filter(template -> path.matches(pattern(template)))
        .min(Comparator.comparingInt(template -> template.split("\\{").length))
        .orElse(path);
  }

  /** A slash at the end makes no other path of it, but {@code //} is not the root. */
  private static String pattern(String template) {
    return template.replaceAll("\\{[^}]+}", "[^/]+") + (template.endsWith("/") ? "" : "/?");
  }

  /** The schema of errors where no operation is. */
  private static String error(String path, int status) {
    if (path.startsWith("/v2/pipelines")) {
      return status == 400
          ? "PipelinesBadRequest"
          : status == 404 ? "PipelinesMissing" : "PipelinesError";
    }
    return path.startsWith("/v2/workflows") || path.startsWith("/v2/dlq")
        ? "WorkflowsError"
        : "Error";
  }

  private static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D");
  }
}
