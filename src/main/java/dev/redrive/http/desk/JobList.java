// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.http.Caller;
import dev.redrive.http.Json;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.http.RunCursor;
import dev.redrive.query.Reading.Read;
import dev.redrive.query.RunReader;
import dev.redrive.run.Run;
import dev.redrive.store.RunsQuery;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Jobs, the newest first: all runs but plans. The job of one letter is not listed, since nobody
 * coordinates it; whoever asked for it has its id.
 */
final class JobList {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 100;
  private static final int MAX_TEXT = 300;

  /** Runs are read so many at a time, and no more than so many for one page. */
  private static final int TOGETHER = 200;

  private static final int MOST = 2_000;
  private static final Set<String> TYPES = Set.of("delete", "reprocess");

  /** A job is in one of these states where its run is in any of those. */
  private static final Map<String, Set<String>> STATES =
      Map.of(
          "queued", Set.of("selecting"),
          "running", Set.of("canary", "running", "halted"),
          "succeeded", Set.of("completed"),
          "cancelled", Set.of("cancelled"),
          "failed", Set.of("failed"));

  private final RunReader runs;

  JobList(RunReader runs) {
    this.runs = runs;
  }

  /** What a page shows; times are inclusive. */
  private record Asked(
      Set<String> states,
      @Nullable String type,
      long since,
      long until,
      Set<String> pipelines,
      boolean allowPartial) {
    boolean wants(Run run) {
      long createdAt = run.spec().createdAt();
      return !run.options().dryRun()
          && createdAt >= since
          && createdAt <= until
          && (type == null || type.equals(JobJson.type(run)));
    }
  }

  /**
   * Some jobs.
   *
   * @param next where the others begin; null: there are none
   */
  private record Page(
      List<Run> jobs, RunsQuery.@Nullable Position next, SortedMap<Integer, String> missing) {}

  void list(Context request) {
    Parameters parameters =
        Parameters.of(
            request, "type", "status", "since", "until", "limit", "cursor", "allow_partial");
    int limit = parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    Page page =
        page(
            asked(parameters, Caller.of(request)),
            parameters
                .text("cursor", MAX_TEXT)
                .map(text -> RunCursor.read("cursor", text))
                .orElse(null),
            limit);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    var data = body.putArray("data");
    page.jobs().forEach(run -> data.add(JobJson.write(run)));
    RunsQuery.Position next = page.next();
    RunReads.page(body, limit, next == null ? null : RunCursor.write(next), page.missing());
    Json.answer(request, 200, body);
  }

  private Page page(Asked asked, RunsQuery.@Nullable Position after, int limit) {
    List<Run> jobs = new ArrayList<>();
    RunsQuery.Position at = after;
    int looked = 0;
    while (true) {
      Read<List<Run>> read =
          Answers.require(
              runs.runs(asked.states(), asked.pipelines(), at, TOGETHER, asked.allowPartial()));
      for (Run run : read.value()) {
        if (jobs.size() == limit) {
          return new Page(jobs, at, read.missing());
        }
        at = RunsQuery.Position.of(run);
        looked++;
        if (asked.wants(run)) {
          jobs.add(run);
        }
      }
      if (read.value().size() < TOGETHER || looked >= MOST) {
        return new Page(jobs, looked >= MOST ? at : null, read.missing());
      }
    }
  }

  private static Asked asked(Parameters parameters, Caller caller) {
    Optional<String> type = parameters.text("type", MAX_TEXT);
    if (type.isPresent() && !TYPES.contains(type.get())) {
      throw Problem.field("type", "must be one of delete, reprocess");
    }
    Optional<String> status = parameters.text("status", MAX_TEXT);
    if (status.isPresent() && !STATES.containsKey(status.get())) {
      throw Problem.field("status", "must be one of " + STATES.keySet().stream().sorted().toList());
    }
    OptionalLong since = parameters.time("since", true);
    OptionalLong until = parameters.time("until", false);
    return new Asked(
        status.map(STATES::get).orElse(Set.of()),
        type.orElse(null),
        since.orElse(Long.MIN_VALUE),
        until.orElse(Long.MAX_VALUE),
        caller.pipelines(),
        parameters.flag("allow_partial"));
  }
}
