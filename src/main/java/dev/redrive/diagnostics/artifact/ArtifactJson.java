// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an artifact, as it lies beside it and as peers tell each other. A reader passes
 * over fields that it does not know; {@code version} is raised where that would not do.
 */
public final class ArtifactJson {
  public static final ObjectMapper MAPPER = new JsonMapper();
  private static final int VERSION = 1;

  private ArtifactJson() {}

  public static ObjectNode write(Artifact artifact) {
    return write(artifact.label())
        .put("size_bytes", artifact.sizeBytes())
        .put("expires_at", artifact.expiresAt());
  }

  public static ObjectNode write(Task task) {
    return write(task.label()).put("error", task.error());
  }

  public static byte[] bytes(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory", e);
    }
  }

  /**
   * Reads an artifact.
   *
   * @throws IOException where the JSON is none, or of a newer Redrive
   */
  public static Artifact artifact(JsonNode json) throws IOException {
    return new Artifact(label(json), number(json, "size_bytes"), number(json, "expires_at"));
  }

  public static Task task(JsonNode json) throws IOException {
    return new Task(label(json), textOrNull(json, "error"));
  }

  private static ObjectNode write(Label label) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("version", VERSION)
        .put("id", label.id())
        .put("type", label.type())
        .put("pipeline_id", label.pipelineId())
        .put("run_id", label.runId())
        .put("created_at", label.createdAt())
        .put("file_name", label.fileName())
        .put("instance", label.instance())
        .put("audience", label.audience().name())
        .put("requested_by", label.requestedBy());
    var scope = json.putArray("scope");
    label.scope().stream().sorted().forEach(scope::add);
    return json;
  }

  private static Label label(JsonNode json) throws IOException {
    if (json.path("version").asInt() != VERSION) {
      throw new IOException("version " + json.path("version") + " of an artifact's description");
    }
    String id = text(json, "id");
    String fileName = text(json, "file_name");
    if (!ArtifactId.isOne(id) || !FileName.isOne(fileName)) {
      throw new IOException("an artifact whose id or name is none");
    }
    Set<String> scope = new HashSet<>();
    json.path("scope").forEach(pipeline -> scope.add(pipeline.asText()));
    return new Label(
        id,
        text(json, "type"),
        textOrNull(json, "pipeline_id"),
        textOrNull(json, "run_id"),
        number(json, "created_at"),
        fileName,
        text(json, "instance"),
        scope,
        audience(text(json, "audience")),
        textOrNull(json, "requested_by"));
  }

  private static Audience audience(String name) throws IOException {
    try {
      return Audience.valueOf(name);
    } catch (IllegalArgumentException e) {
      // Shown to nobody rather than to everybody.
      throw new IOException("an artifact for " + name, e);
    }
  }

  private static String text(JsonNode json, String field) throws IOException {
    String text = textOrNull(json, field);
    if (text == null) {
      throw new IOException("an artifact without " + field);
    }
    return text;
  }

  private static @Nullable String textOrNull(JsonNode json, String field) {
    return json.path(field).isTextual() ? json.path(field).textValue() : null;
  }

  private static long number(JsonNode json, String field) throws IOException {
    if (!json.path(field).canConvertToLong() || !json.path(field).isIntegralNumber()) {
      throw new IOException("an artifact without " + field);
    }
    return json.path(field).longValue();
  }
}
