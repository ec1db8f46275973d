// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.diagnostics.artifact.Artifact;
import dev.redrive.diagnostics.artifact.ArtifactJson;
import dev.redrive.diagnostics.artifact.Task;
import dev.redrive.diagnostics.bundle.RunLog;
import dev.redrive.query.peer.PeerFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The artifacts that lie on other instances. */
final class Elsewhere {
  private static final Logger LOGGER = LoggerFactory.getLogger(Elsewhere.class);

  /** Null: this instance is alone. */
  private final @Nullable PeerFiles peers;

  Elsewhere(@Nullable PeerFiles peers) {
    this.peers = peers;
  }

  /** What the others logged of a run, and who did not tell. */
  record Logs(Map<String, RunLog.Lines> lines, SortedMap<String, String> missing) {}

  /**
   * What the others know.
   *
   * @param id null: of all artifacts
   */
  Found find(@Nullable String id) {
    List<Artifact> artifacts = new ArrayList<>();
    List<Task> tasks = new ArrayList<>();
    Map<String, URI> at = new HashMap<>();
    SortedMap<String, String> missing = new TreeMap<>();
    ask(PeerQuestion.artifacts(id), missing)
        .forEach(
            (peer, json) -> {
              for (Artifact artifact : artifacts(json)) {
                if (at.putIfAbsent(artifact.id(), peer) == null) {
                  artifacts.add(artifact);
                }
              }
              tasks.addAll(tasks(json));
            });
    return new Found(artifacts, at, tasks, missing);
  }

  Logs logs(String runId) {
    Map<String, RunLog.Lines> lines = new TreeMap<>();
    SortedMap<String, String> missing = new TreeMap<>();
    ask(PeerQuestion.log(runId), missing)
        .forEach((peer, json) -> lines.put(name(peer), PeerAnswers.lines(json)));
    return new Logs(lines, missing);
  }

  InputStream open(URI at, Artifact artifact, long from, long length) throws IOException {
    if (peers == null) {
      throw new IOException("there are no other instances");
    }
    return peers.open(
        at, new PeerQuestion(PeerQuestion.Kind.BYTES, artifact.id(), from, length).write());
  }

  /** Has an artifact deleted wherever it is. */
  SortedMap<String, String> delete(String id) {
    SortedMap<String, String> missing = new TreeMap<>();
    ask(new PeerQuestion(PeerQuestion.Kind.DELETE, id, 0, 0), missing);
    return missing;
  }

  private Map<URI, JsonNode> ask(PeerQuestion question, SortedMap<String, String> missing) {
    Map<URI, JsonNode> answers = new TreeMap<>();
    if (peers == null) {
      return answers;
    }
    Optional<Map<URI, PeerFiles.Answer>> told = peers.askAll(question.write());
    if (told.isEmpty()) {
      missing.put("others", "this instance has not joined them yet");
    }
    told.orElseGet(Map::of)
        .forEach(
            (peer, answer) -> {
              if (!answer.came()) {
                missing.put(name(peer), answer.reason());
                return;
              }
              try {
                answers.put(peer, ArtifactJson.MAPPER.readTree(answer.bytes().array()));
              } catch (IOException e) {
                missing.put(name(peer), "its answer can't be read");
              }
            });
    return answers;
  }

  static String name(URI peer) {
    return peer.getAuthority();
  }

  /** One that can't be read is of a newer Redrive, and not this one's to show. */
  private static List<Artifact> artifacts(JsonNode json) {
    List<Artifact> artifacts = new ArrayList<>();
    for (JsonNode one : json.path("artifacts")) {
      try {
        artifacts.add(ArtifactJson.artifact(one));
      } catch (IOException e) {
        LOGGER.atDebug().setCause(e).log("an artifact of a peer can't be read");
      }
    }
    return artifacts;
  }

  private static List<Task> tasks(JsonNode json) {
    List<Task> tasks = new ArrayList<>();
    for (JsonNode one : json.path("tasks")) {
      try {
        tasks.add(ArtifactJson.task(one));
      } catch (IOException e) {
        LOGGER.atDebug().setCause(e).log("a task of a peer can't be read");
      }
    }
    return tasks;
  }
}
