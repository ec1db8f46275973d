// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.pipelines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.command.Answer;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunControl;
import dev.redrive.command.RunOptions;
import dev.redrive.command.RunTarget;
import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.http.Caller;
import dev.redrive.http.Json;
import dev.redrive.http.Orders;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.http.Readings;
import dev.redrive.http.RequestBody;
import dev.redrive.http.RunCursor;
import dev.redrive.letter.FailureFacts;
import dev.redrive.query.CommandSender;
import dev.redrive.query.RunReader;
import dev.redrive.run.Run;
import dev.redrive.store.RunsQuery;
import io.javalin.http.Context;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Processing dead letters again: runs that take the pipeline's slot, and what became of them. */
final class PipelineRuns {
  private static final int DEFAULT_LIMIT = 10;
  private static final int MAX_LIMIT = 100;
  private static final int MAX_PAGE_KEY = 300;
  private static final Map<String, Set<String>> STATUS =
      Map.of(
          "running", Set.of("selecting", "canary", "running", "halted"),
          "completed", Set.of("completed"),
          "cancelled", Set.of("cancelled"),
          "failed", Set.of("failed"));

  private static final Set<String> ORIGINS = Set.of("pipeline", "manual");

  /** One run at a time, whichever letters it is about. */
  private static final RunOptions EXCLUSIVE =
      new RunOptions(null, null, null, null, false, null, false, null, true);

  private final KnownPipelines pipelines;
  private final RunReader runs;
  private final CommandSender commands;
  private final UnaryOperator<String> agent;

  /**
   * @param agent who processes the records of a pipeline again, by the pipeline's id
   */
  PipelineRuns(
      KnownPipelines pipelines,
      RunReader runs,
      CommandSender commands,
      UnaryOperator<String> agent) {
    this.pipelines = pipelines;
    this.runs = runs;
    this.commands = commands;
    this.agent = agent;
  }

  void process(Context request) {
    Parameters.of(request);
    RequestBody body =
        RequestBody.of(request, Set.of("source_record_ids", "last_run_id", "origin"));
    String pipeline = pipelines.id(request);
    Caller caller = Caller.of(request);
    LetterFilter filter =
        LetterFilter.ALL
            .with(Attribute.PIPELINE, Set.of(pipeline))
            .with(Attribute.STATUS, EntryReads.WAITING)
            .with(Attribute.RECORD, records(body.json().path("source_record_ids")))
            .with(
                Attribute.LAST_RUN,
                body.text("last_run_id", Attribute.MAX_VALUE).map(Set::of).orElse(Set.of()))
            .with(Attribute.ORIGIN, body.word("origin", ORIGINS).map(Set::of).orElse(Set.of()));
    RunCommand command =
        new RunCommand(
            RunCommand.Action.REPLAY,
            Orders.meta(caller, null, null),
            RunTarget.of(filter),
            EXCLUSIVE);
    Answer answer = Orders.done(commands.send(command));
    Run run =
        find(String.valueOf(answer.runId()), pipeline)
            .orElseThrow(
                () -> Problem.unavailable("the run was started, and can't be read now", List.of()));
    Json.answer(request, 201, write(run, pipeline));
  }

  void list(Context request) {
    Parameters parameters = Parameters.of(request, "status", "after", "limit", "page_key");
    int limit = parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    String pipeline = pipelines.id(request);
    OptionalLong after = parameters.time("after", false);
    List<Run> found =
        Readings.require(
                runs.runs(
                    status(parameters),
                    Set.of(pipeline),
                    parameters
                        .text("page_key", MAX_PAGE_KEY)
                        .map(key -> RunCursor.read("page_key", key))
                        .orElse(null),
                    limit + 1,
                    false))
            .value()
            .stream()
            .filter(run -> run.spec().createdAt() > after.orElse(Long.MIN_VALUE))
            .toList();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    var list = body.putArray("runs");
    List<Run> shown = found.subList(0, Math.min(limit, found.size()));
    shown.forEach(run -> list.add(write(run, pipeline)));
    ObjectNode metadata = body.putObject("metadata");
    if (found.size() > limit) {
      metadata.put("page_key", RunCursor.write(RunsQuery.Position.of(shown.get(limit - 1))));
    }
    Json.answer(request, 200, body);
  }

  void get(Context request) {
    Parameters.of(request);
    String pipeline = pipelines.id(request);
    Json.answer(request, 200, write(run(request, pipeline), pipeline));
  }

  void cancel(Context request) {
    Parameters.of(request);
    Run run = run(request, pipelines.id(request));
    Orders.done(
        commands.send(
            new RunControl(
                RunControl.Verb.CANCEL, Orders.meta(Caller.of(request), null, null), run.id())));
    request.status(204);
  }

  /** The run in the path, which must be one of this pipeline alone. */
  Run run(Context request, String pipeline) {
    String id = request.pathParam("run");
    return find(id, pipeline)
        .orElseThrow(
            () -> KnownPipelines.missing(id, "there is no run " + id + " of this pipeline"));
  }

  String agent(String pipeline) {
    return agent.apply(pipeline);
  }

  private Optional<Run> find(String id, String pipeline) {
    return Readings.require(runs.run(id))
        .value()
        .filter(
            run ->
                run.spec().command().target().onlyPipeline().filter(pipeline::equals).isPresent());
  }

  private ObjectNode write(Run run, String pipeline) {
    return PipelineRunJson.write(run, PipelineKey.of(pipeline), agent(pipeline));
  }

  private static Set<String> records(JsonNode given) {
    Set<String> records = new LinkedHashSet<>();
    if (given.isMissingNode() || given.isNull()) {
      return records;
    }
    if (!given.isArray() || given.isEmpty() || given.size() > LetterFilter.MAX_VALUES) {
      throw Problem.field(
          "source_record_ids", "must be a list of 1 to " + LetterFilter.MAX_VALUES + " ids");
    }
    for (JsonNode record : given) {
      String text = record.textValue();
      if (text == null || text.isEmpty() || text.length() > FailureFacts.MAX_RECORD_ID) {
        throw Problem.field(
            "source_record_ids",
            "must hold texts of 1 to " + FailureFacts.MAX_RECORD_ID + " characters");
      }
      records.add(text);
    }
    return records;
  }

  private static Set<String> status(Parameters parameters) {
    String status = parameters.text("status", MAX_PAGE_KEY).orElse(null);
    if (status == null) {
      return Set.of();
    }
    Set<String> words = STATUS.get(status);
    if (words == null) {
      throw Problem.field("status", "must be one of running, completed, failed, cancelled");
    }
    return words;
  }
}
