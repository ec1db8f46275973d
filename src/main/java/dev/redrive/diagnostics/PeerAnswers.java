// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.diagnostics.artifact.Artifact;
import dev.redrive.diagnostics.artifact.ArtifactJson;
import dev.redrive.diagnostics.artifact.Artifacts;
import dev.redrive.diagnostics.bundle.RunLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers what other instances ask about the artifacts of this one. It knows no keys: whoever asks
 * has looked whether the artifact is for who wants it.
 */
public final class PeerAnswers {
  private final Artifacts artifacts;
  private final Making making;
  private final RunLog log;

  PeerAnswers(Artifacts artifacts, Making making, RunLog log) {
    this.artifacts = artifacts;
    this.making = making;
    this.log = log;
  }

  /** Some bytes of a file, or an answer in JSON. */
  public sealed interface Answer {
    /**
     * A file.
     *
     * @param from first byte that is wanted
     */
    record Bytes(Artifact artifact, long from, long length) implements Answer {}

    /** What is known. */
    record Known(ObjectNode json) implements Answer {}

    /** It is not here, or no longer. */
    record Gone() implements Answer {}
  }

  /**
   * Answers.
   *
   * @throws IOException where the question can't be read
   */
  public Answer answer(byte[] question) throws IOException {
    PeerQuestion asked = PeerQuestion.read(question);
    String subject = asked.subject();
    if (asked.kind() == PeerQuestion.Kind.ARTIFACTS) {
      return new Answer.Known(known(subject));
    }
    if (subject == null) {
      throw new IOException("the question is about nothing");
    }
    if (asked.kind() == PeerQuestion.Kind.LOG) {
      return new Answer.Known(write(log.of(subject)));
    }
    Optional<Artifact> found = artifacts.find(subject);
    if (asked.kind() == PeerQuestion.Kind.DELETE) {
      found.ifPresent(artifacts::delete);
      return new Answer.Known(JsonNodeFactory.instance.objectNode());
    }
    return found
        .<Answer>map(artifact -> new Answer.Bytes(artifact, asked.from(), asked.length()))
        .orElseGet(Answer.Gone::new);
  }

  private ObjectNode known(@Nullable String id) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    var all = json.putArray("artifacts");
    artifacts.all().stream()
        .filter(artifact -> id == null || artifact.id().equals(id))
        .forEach(artifact -> all.add(ArtifactJson.write(artifact)));
    var tasks = json.putArray("tasks");
    making.tasks().stream()
        .filter(task -> id == null || task.label().id().equals(id))
        .forEach(task -> tasks.add(ArtifactJson.write(task)));
    return json;
  }

  private static ObjectNode write(RunLog.Lines lines) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    var all = json.putArray("lines");
    lines.lines().forEach(all::add);
    return json.put("dropped", lines.dropped());
  }

  static RunLog.Lines lines(JsonNode json) {
    List<String> lines = new ArrayList<>();
    json.path("lines").forEach(line -> lines.add(line.asText()));
    return new RunLog.Lines(lines, json.path("dropped").asLong());
  }
}
