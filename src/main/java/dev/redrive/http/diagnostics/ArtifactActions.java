// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.diagnostics;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.codec.ArtifactUse.What;
import dev.redrive.config.Role;
import dev.redrive.diagnostics.Diagnostics;
import dev.redrive.diagnostics.Found;
import dev.redrive.diagnostics.artifact.Artifact;
import dev.redrive.diagnostics.artifact.ArtifactRefusedException;
import dev.redrive.diagnostics.artifact.ArtifactType;
import dev.redrive.diagnostics.artifact.FileName;
import dev.redrive.diagnostics.artifact.Task;
import dev.redrive.http.Caller;
import dev.redrive.http.Json;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.http.Readings;
import dev.redrive.http.RequestBody;
import dev.redrive.letter.FailureFacts;
import dev.redrive.query.RunReader;
import dev.redrive.run.Run;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.Semaphore;
import java.util.function.BiPredicate;

/** Making artifacts, taking them, deleting them. */
final class ArtifactActions {
  private static final Set<String> FIELDS = Set.of("type", "run_id", "seconds");
  private static final int DEFAULT_SECONDS = 30;
  private static final int MAX_SECONDS = 600;

  /** Each holds a thread for as long as its sender takes. */
  private static final int UPLOADS_AT_ONCE = 4;

  private final Diagnostics diagnostics;
  private final RunReader runs;
  private final BiPredicate<Caller, Run> sees;
  private final boolean heapDumps;
  private final Semaphore uploads = new Semaphore(UPLOADS_AT_ONCE);

  /**
   * @param sees whether somebody may see a run
   */
  ArtifactActions(
      Diagnostics diagnostics, RunReader runs, BiPredicate<Caller, Run> sees, boolean heapDumps) {
    this.diagnostics = diagnostics;
    this.runs = runs;
    this.sees = sees;
    this.heapDumps = heapDumps;
  }

  void make(Context request) {
    RequestBody body = RequestBody.of(request, FIELDS);
    ArtifactType type = type(body);
    Caller caller = Caller.of(request);
    Optional<Task> begun =
        switch (type) {
          case LOG_BUNDLE -> diagnostics.bundle(run(body, caller), caller.name());
          case THREAD_DUMP -> {
            requireProcess(caller);
            yield diagnostics.threadDump(caller.name());
          }
          case PROFILE -> {
            requireProcess(caller);
            yield diagnostics.profile(length(body), caller.name());
          }
          case HEAP_DUMP -> {
            requireProcess(caller);
            requireHeapDumps();
            yield diagnostics.heapDump(caller.name());
          }
        };
    Task task =
        begun.orElseThrow(
            () ->
                Problem.of(
                    409,
                    "already_running",
                    "one of type " + type.word() + " is being made, or too many others; wait"));
    ArtifactAudit.told(request, What.REQUESTED, task.label());
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.set("data", ArtifactView.write(task));
    Json.answer(request, 202, answer);
  }

  void upload(Context request) throws IOException {
    Parameters parameters = Parameters.of(request, "type", "pipeline_id", "run_id", "file_name");
    Caller caller = Caller.of(request);
    String pipeline = parameters.text("pipeline_id", FailureFacts.MAX_PIPELINE_ID).orElse(null);
    if (pipeline == null) {
      throw Problem.field("pipeline_id", "is missing");
    }
    if (!caller.sees(pipeline)) {
      throw Problem.of(
          403, "forbidden", "the key " + caller.name() + " may not see pipeline " + pipeline);
    }
    String type = parameters.text("type", ArtifactReads.MAX_RUN_ID).orElse("log_bundle");
    if (!ArtifactType.isWord(type)) {
      throw Problem.field("type", ArtifactType.RULE);
    }
    Optional<String> fileName = parameters.text("file_name", Integer.MAX_VALUE);
    if (fileName.isPresent() && !FileName.isOne(fileName.get())) {
      throw Problem.field("file_name", FileName.RULE);
    }
    if (!uploads.tryAcquire()) {
      throw Problem.unavailable(
          UPLOADS_AT_ONCE + " uploads are under way, and no more run at once; try again later",
          List.of());
    }
    try {
      Diagnostics.Request asked = new Diagnostics.Request(type, pipeline, caller.name());
      take(request, asked, parameters.text("run_id", ArtifactReads.MAX_RUN_ID), fileName);
    } finally {
      uploads.release();
    }
  }

  void delete(Context request) {
    Parameters.of(request);
    String id = ArtifactReads.id(request);
    Caller caller = Caller.of(request);
    Found found = diagnostics.find(id);
    Artifact artifact =
        ArtifactReads.seen(found, caller)
            .findFirst()
            .orElseThrow(() -> ArtifactReads.absent(found, id));
    SortedMap<String, String> silent = diagnostics.delete(found, artifact);
    if (!silent.isEmpty()) {
      throw Problem.unavailable("an instance did not answer; try again", List.of());
    }
    ArtifactAudit.told(request, What.DELETED, artifact.label());
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.putObject("data").put("id", id);
    Json.answer(request, 200, answer);
  }

  private void take(
      Context request, Diagnostics.Request asked, Optional<String> runId, Optional<String> fileName)
      throws IOException {
    long most = diagnostics.maxSize();
    if (request.req().getContentLengthLong() > most) {
      throw tooLarge("an artifact may have " + most + " bytes (setting diagnostics.max-size)");
    }
    try {
      Artifact artifact =
          diagnostics.upload(
              asked, runId.orElse(null), fileName.orElse(null), request.req().getInputStream());
      ArtifactAudit.told(request, What.UPLOADED, artifact.label());
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.set("data", ArtifactView.write(artifact));
      Json.answer(request, 201, answer);
    } catch (ArtifactRefusedException e) {
      throw e.reason() == ArtifactRefusedException.Reason.TOO_LARGE
          ? tooLarge(String.valueOf(e.getMessage()))
          : Problem.of(507, "no_room", String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("this instance is stopping", List.of());
    }
  }

  /** The run that a bundle is asked for; one that the caller may not see is not there. */
  private Run run(RequestBody body, Caller caller) {
    String id =
        body.text("run_id", ArtifactReads.MAX_RUN_ID)
            .orElseThrow(() -> Problem.field("run_id", "is missing"));
    return Readings.require(runs.run(id))
        .value()
        .filter(run -> sees.test(caller, run))
        .orElseThrow(() -> Problem.notFound("there is no run " + id));
  }

  private static ArtifactType type(RequestBody body) {
    String word =
        body.text("type", ArtifactReads.MAX_RUN_ID)
            .orElseThrow(() -> Problem.field("type", "is missing"));
    ArtifactType type = ArtifactType.of(word);
    if (type == null) {
      throw Problem.field("type", "must be one of log_bundle, thread_dump, profile, heap_dump");
    }
    return type;
  }

  private static Duration length(RequestBody body) {
    var seconds = body.json().path("seconds");
    if (seconds.isMissingNode() || seconds.isNull()) {
      return Duration.ofSeconds(DEFAULT_SECONDS);
    }
    if (!seconds.isIntegralNumber()
        || !seconds.canConvertToInt()
        || seconds.intValue() < 1
        || seconds.intValue() > MAX_SECONDS) {
      throw Problem.field("seconds", "must be a whole number from 1 to " + MAX_SECONDS);
    }
    return Duration.ofSeconds(seconds.intValue());
  }

  /** They show the whole process, all pipelines' records included. */
  private static void requireProcess(Caller caller) {
    if (caller.role() != Role.ADMIN || caller.restricted()) {
      throw Problem.of(
          403,
          "forbidden",
          "the key " + caller.name() + " is not that of an admin of all pipelines");
    }
  }

  private void requireHeapDumps() {
    if (!heapDumps) {
      throw Problem.of(
          403,
          "action_not_allowed",
          "heap dumps are switched off; the setting is diagnostics.heap-dumps");
    }
  }

  private static Problem tooLarge(String why) {
    return Problem.of(413, "body_too_large", why);
  }
}
