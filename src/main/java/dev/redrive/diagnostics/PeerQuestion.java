// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.diagnostics.artifact.ArtifactJson;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one instance asks another about artifacts.
 *
 * @param subject an artifact's id or a run's; null: all artifacts
 * @param from first byte that is wanted
 * @param length how many
 */
record PeerQuestion(Kind kind, @Nullable String subject, long from, long length) {

  /** What is asked for. */
  enum Kind {
    /** What is known of artifacts, and of those that are being made. */
    ARTIFACTS,
    /** Bytes of one. */
    BYTES,
    /** What was logged of a run. */
    LOG,
    /** That an artifact be deleted. */
    DELETE
  }

  static PeerQuestion artifacts(@Nullable String id) {
    return new PeerQuestion(Kind.ARTIFACTS, id, 0, 0);
  }

  static PeerQuestion log(String runId) {
    return new PeerQuestion(Kind.LOG, runId, 0, 0);
  }

  byte[] write() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("ask", kind.name().toLowerCase(Locale.ROOT))
        .put("subject", subject)
        .put("from", from)
        .put("length", length);
    return ArtifactJson.bytes(json);
  }

  static PeerQuestion read(byte[] bytes) throws IOException {
    JsonNode json = ArtifactJson.MAPPER.readTree(bytes);
    JsonNode subject = json.path("subject");
    return new PeerQuestion(
        kind(json.path("ask").asText()),
        subject.isTextual() ? subject.textValue() : null,
        json.path("from").asLong(),
        json.path("length").asLong());
  }

  private static Kind kind(String word) throws IOException {
    for (Kind kind : Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
        return kind;
      }
    }
    throw new IOException("nobody knows how to answer \"" + word + '"');
  }
}
