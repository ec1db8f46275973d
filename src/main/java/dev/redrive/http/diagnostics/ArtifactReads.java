// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.diagnostics;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.diagnostics.Diagnostics;
import dev.redrive.diagnostics.Found;
import dev.redrive.diagnostics.artifact.Artifact;
import dev.redrive.diagnostics.artifact.ArtifactId;
import dev.redrive.diagnostics.artifact.ArtifactType;
import dev.redrive.diagnostics.artifact.Task;
import dev.redrive.http.Caller;
import dev.redrive.http.Json;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.letter.FailureFacts;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** List, statistics, one. */
final class ArtifactReads {
  static final int MAX_RUN_ID = 300;
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 100;
  private static final int MAX_CURSOR = 100;

  private final Diagnostics diagnostics;

  ArtifactReads(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  void list(Context request) {
    Parameters parameters =
        Parameters.of(request, "pipeline_id", "run_id", "type", "limit", "cursor", "allow_partial");
    Caller caller = Caller.of(request);
    int limit = parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    Predicate<Artifact> wanted = wanted(parameters, caller);
    Optional<Position> after = parameters.text("cursor", MAX_CURSOR).map(Position::read);
    Found found = whole(diagnostics.all(), parameters.flag("allow_partial"));
    List<Artifact> fit =
        seen(found, caller)
            .filter(wanted)
            .filter(artifact -> after.isEmpty() || after.get().isBefore(artifact))
            .limit(limit + 1L)
            .toList();
    List<Artifact> shown = fit.subList(0, Math.min(limit, fit.size()));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    var data = body.putArray("data");
    shown.forEach(artifact -> data.add(ArtifactView.write(artifact)));
    ObjectNode meta = body.putObject("meta");
    boolean more = fit.size() > limit;
    meta.putObject("page")
        .put("limit", limit)
        .put("cursor", more ? Position.of(shown.get(shown.size() - 1)).write() : null);
    putMissing(meta, found);
    Json.answer(request, 200, body);
  }

  void statistics(Context request) {
    Parameters parameters = Parameters.of(request, "allow_partial");
    Found found = whole(diagnostics.all(), parameters.flag("allow_partial"));
    Map<String, Integer> byType = new TreeMap<>();
    long bytes = 0;
    int total = 0;
    for (Artifact artifact : seen(found, Caller.of(request)).toList()) {
      byType.merge(artifact.label().type(), 1, Integer::sum);
      bytes += artifact.sizeBytes();
      total++;
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode data = body.putObject("data");
    data.put("total_artifacts", total).put("total_bytes", bytes);
    var types = data.putArray("by_type");
    byType.forEach((type, count) -> types.addObject().put("type", type).put("count", count));
    if (!found.missing().isEmpty()) {
      putMissing(body.putObject("meta"), found);
    }
    Json.answer(request, 200, body);
  }

  void get(Context request) {
    Parameters.of(request);
    String id = id(request);
    Found found = diagnostics.find(id);
    Optional<Artifact> artifact = seen(found, Caller.of(request)).findFirst();
    Optional<Task> task =
        found.task(id).filter(one -> ArtifactView.sees(Caller.of(request), one.label()));
    if (artifact.isEmpty() && task.isEmpty()) {
      throw absent(found, id);
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set(
        "data", artifact.map(ArtifactView::write).orElseGet(() -> ArtifactView.write(task.get())));
    Json.answer(request, 200, body);
  }

  /** The id in the path. */
  static String id(Context request) {
    String id = request.pathParam("id");
    if (!ArtifactId.isOne(id)) {
      throw Problem.notFound("this path has no artifact's id");
    }
    return id;
  }

  /** What to say of one that is nowhere: while an instance is silent, it may be there. */
  static Problem absent(Found found, String id) {
    return found.missing().isEmpty()
        ? Problem.notFound("there is no artifact " + id)
        : unavailable(found);
  }

  static Stream<Artifact> seen(Found found, Caller caller) {
    return found.artifacts().stream()
        .filter(artifact -> ArtifactView.sees(caller, artifact.label()));
  }

  private static Predicate<Artifact> wanted(Parameters parameters, Caller caller) {
    Optional<String> pipeline = parameters.text("pipeline_id", FailureFacts.MAX_PIPELINE_ID);
    pipeline
        .filter(id -> !caller.sees(id))
        .ifPresent(
            id -> {
              throw Problem.of(
                  403, "forbidden", "the key " + caller.name() + " may not see pipeline " + id);
            });
    Optional<String> run = parameters.text("run_id", MAX_RUN_ID);
    Optional<String> type = parameters.text("type", MAX_RUN_ID);
    type.filter(word -> !ArtifactType.isWord(word))
        .ifPresent(
            word -> {
              throw Problem.field("type", ArtifactType.RULE);
            });
    return artifact ->
        fits(pipeline, artifact.label().pipelineId())
            && fits(run, artifact.label().runId())
            && fits(type, artifact.label().type());
  }

  private static boolean fits(Optional<String> asked, @Nullable String there) {
    return asked.isEmpty() || asked.get().equals(there);
  }

  private static Found whole(Found found, boolean allowPartial) {
    if (!found.missing().isEmpty() && !allowPartial) {
      throw unavailable(found);
    }
    return found;
  }

  private static Problem unavailable(Found found) {
    return Problem.unavailable(
        "another instance does not tell of its artifacts now; try again",
        found.missing().entrySet().stream()
            .map(one -> new Problem.Detail("instance " + one.getKey(), one.getValue()))
            .toList());
  }

  private static void putMissing(ObjectNode meta, Found found) {
    if (!found.missing().isEmpty()) {
      var list = meta.putArray("missing");
      found
          .missing()
          .forEach(
              (instance, reason) ->
                  list.addObject().put("instance", instance).put("reason", reason));
    }
  }

  /** Where a page ended: what was made later is not in the pages after it. */
  private record Position(long createdAt, String id) {

    static Position of(Artifact artifact) {
      return new Position(artifact.label().createdAt(), artifact.id());
    }

    boolean isBefore(Artifact artifact) {
      long at = artifact.label().createdAt();
      return at < createdAt || (at == createdAt && artifact.id().compareTo(id) > 0);
    }

    String write() {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString((createdAt + " " + id).getBytes(StandardCharsets.UTF_8));
    }

    static Position read(String cursor) {
      try {
        String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        int space = text.indexOf(' ');
        return new Position(
            Long.parseLong(text.substring(0, Math.max(0, space))), text.substring(space + 1));
      } catch (IllegalArgumentException e) {
        throw Problem.field("cursor", "is not one of this list; start without it");
      }
    }
  }
}
