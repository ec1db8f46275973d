// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.http.Caller;
import dev.redrive.http.Json;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.http.RunCursor;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.LetterId;
import dev.redrive.preview.Masks;
import dev.redrive.query.Reading.Read;
import dev.redrive.query.RunReader;
import dev.redrive.run.LetterOutcome;
import dev.redrive.run.Run;
import dev.redrive.store.RunLetters;
import dev.redrive.store.RunsQuery;
import io.javalin.http.Context;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** List of runs, one run, its letters. */
final class RunReads {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 100;
  private static final int MAX_CURSOR = 300;
  private static final List<String> STATES =
      List.of("selecting", "canary", "running", "halted", "cancelled", "completed");

  private final RunReader runs;
  private final Masks masks;
  private final Clock clock;

  RunReads(RunReader runs, Masks masks, Clock clock) {
    this.runs = runs;
    this.masks = masks;
    this.clock = clock;
  }

  void list(Context request) {
    Parameters parameters =
        Parameters.of(request, "status", "pipeline_id", "limit", "cursor", "allow_partial");
    int limit = parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    Read<List<Run>> read =
        Answers.require(
            runs.runs(
                status(parameters),
                pipelines(parameters, Caller.of(request)),
                parameters
                    .text("cursor", MAX_CURSOR)
                    .map(text -> RunCursor.read("cursor", text))
                    .orElse(null),
                limit + 1,
                parameters.flag("allow_partial")));
    List<Run> found = read.value();
    List<Run> shown = found.subList(0, Math.min(limit, found.size()));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    var data = body.putArray("data");
    shown.forEach(run -> data.add(json(request, run)));
    Run last = found.size() > limit ? shown.get(shown.size() - 1) : null;
    page(
        body,
        limit,
        last == null ? null : RunCursor.write(RunsQuery.Position.of(last)),
        read.missing());
    Json.answer(request, 200, body);
  }

  void get(Context request) {
    Parameters.of(request);
    answer(request, 200, visible(request));
  }

  void letters(Context request) {
    Parameters parameters = Parameters.of(request, "outcome", "limit", "cursor", "allow_partial");
    int limit = parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    Run run = visible(request);
    Read<RunLetters> read =
        Answers.require(
            runs.letters(
                run.id(),
                outcome(parameters),
                parameters.text("cursor", MAX_CURSOR).map(RunReads::letter).orElse(null),
                limit,
                parameters.flag("allow_partial")));
    List<RunLetters.Entry> shown = read.value().letters();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    var data = body.putArray("data");
    shown.forEach(letter -> data.add(RunJson.write(letter)));
    boolean more = read.value().more() && !shown.isEmpty();
    page(body, limit, more ? shown.get(shown.size() - 1).id().toString() : null, read.missing());
    Json.answer(request, 200, body);
  }

  /** The run in the path; one that the caller may not see is like one that is not there. */
  Run visible(Context request) {
    String id = request.pathParam("id");
    return find(id)
        .filter(run -> sees(Caller.of(request), run))
        .orElseThrow(() -> Problem.notFound("there is no run " + id));
  }

  Optional<Run> find(String runId) {
    return Answers.require(runs.run(runId)).value();
  }

  void answer(Context request, int status, Run run) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("data", json(request, run));
    Json.answer(request, status, body);
  }

  private ObjectNode json(Context request, Run run) {
    UnaryOperator<LetterFilter> shown =
        Caller.of(request).reveals() ? filter -> filter : masks::shown;
    return RunJson.write(run, clock.millis(), shown);
  }

  static boolean sees(Caller caller, Run run) {
    Set<String> about = run.spec().command().target().filter().values(Attribute.PIPELINE);
    return !caller.restricted() || (!about.isEmpty() && about.stream().allMatch(caller::sees));
  }

  private static Set<String> status(Parameters parameters) {
    String status = parameters.text("status", 20).orElse(null);
    if (status != null && !STATES.contains(status)) {
      throw Problem.field("status", "must be one of " + String.join(", ", STATES));
    }
    return status == null ? Set.of() : Set.of(status);
  }

  private static Set<String> pipelines(Parameters parameters, Caller caller) {
    String asked = parameters.text("pipeline_id", FailureFacts.MAX_PIPELINE_ID).orElse(null);
    if (asked == null) {
      return caller.pipelines();
    }
    if (!caller.sees(asked)) {
      throw Problem.of(
          403, "forbidden", "the key " + caller.name() + " may not see pipeline " + asked);
    }
    return Set.of(asked);
  }

  private static @Nullable LetterOutcome outcome(Parameters parameters) {
    String asked = parameters.text("outcome", 20).orElse(null);
    if (asked == null) {
      return null;
    }
    return Arrays.stream(LetterOutcome.values())
        .filter(outcome -> outcome.word().equals(asked))
        .findFirst()
        .orElseThrow(() -> Problem.field("outcome", "must be one of " + outcomes()));
  }

  private static String outcomes() {
    return Arrays.stream(LetterOutcome.values())
        .map(LetterOutcome::word)
        .collect(Collectors.joining(", "));
  }

  private static LetterId letter(String cursor) {
    return LetterId.parse(cursor)
        .orElseThrow(() -> Problem.field("cursor", "is not one of this list; start without it"));
  }

  static void page(
      ObjectNode body, int limit, @Nullable String cursor, SortedMap<Integer, String> missing) {
    ObjectNode meta = body.putObject("meta");
    meta.putObject("page").put("limit", limit).put("cursor", cursor);
    if (!missing.isEmpty()) {
      var list = meta.putArray("missing");
      missing.forEach(
          (partition, reason) ->
              list.addObject().put("partition", partition).put("reason", reason));
    }
  }
}
