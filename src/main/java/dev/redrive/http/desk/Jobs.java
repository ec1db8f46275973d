// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunControl;
import dev.redrive.http.Caller;
import dev.redrive.http.IsoTime;
import dev.redrive.http.Json;
import dev.redrive.http.Orders;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.query.CommandSender;
import dev.redrive.run.Run;
import dev.redrive.run.RunState;
import dev.redrive.run.Sums;
import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/** Runs under the names that the desk's family has for them: jobs and bulk operations. */
final class Jobs {
  static final String JOB = "job_";
  static final String OPERATION = "dlqbo_";

  private static final String RUN = "run_";

  private final RunReads runs;
  private final CommandSender commands;

  Jobs(RunReads runs, CommandSender commands) {
    this.runs = runs;
    this.commands = commands;
  }

  void operation(Context request) {
    Parameters.of(request);
    Run run = run(request, OPERATION);
    Sums sums = run.sums();
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("bulk_operation_id", OPERATION + bare(run.id()))
        .put("action", type(run))
        .put("status", operationStatus(run))
        .put("matched_count", sums.matched())
        .put("processed_count", sums.settled() + sums.discarded())
        .put("failed_count", failed(sums));
    answer(request, times(data, run));
  }

  void job(Context request) {
    Parameters.of(request);
    answer(request, write(run(request, JOB)));
  }

  void cancel(Context request) {
    Parameters.of(request);
    Run run = run(request, JOB);
    // Cancelling what has ended changes nothing, and is no mistake.
    if (!run.state().ended()) {
      Orders.done(
          commands.send(
              new RunControl(
                  RunControl.Verb.CANCEL, Orders.meta(Caller.of(request), null, null), run.id())));
    }
    answer(request, write(runs.find(run.id()).orElse(run)));
  }

  static String bare(String runId) {
    return runId.startsWith(RUN) ? runId.substring(RUN.length()) : runId;
  }

  private Run run(Context request, String prefix) {
    String id = request.pathParam("id");
    if (!id.startsWith(prefix)) {
      throw Problem.notFound("there is no " + id);
    }
    return runs.find(RUN + id.substring(prefix.length()))
        .filter(run -> RunReads.sees(Caller.of(request), run))
        .orElseThrow(() -> Problem.notFound("there is no " + id));
  }

  private static ObjectNode write(Run run) {
    Sums sums = run.sums();
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("id", JOB + bare(run.id())).put("type", type(run)).put("status", status(run));
    data.putObject("metrics")
        .put("matched", sums.matched())
        .put("skipped", sums.allSkipped())
        .put("replayed", sums.replayed())
        .put("succeeded", sums.succeeded())
        .put("failed", failed(sums))
        .put("discarded", sums.discarded());
    return times(data, run);
  }

  private static ObjectNode times(ObjectNode data, Run run) {
    Long endedAt = run.progress().endedAt();
    return data.put("created_at", IsoTime.write(run.spec().createdAt()))
        .put("finished_at", endedAt == null ? null : IsoTime.write(endedAt))
        .put("error", error(run));
  }

  private static String status(Run run) {
    RunState state = run.state();
    if (state instanceof RunState.Selecting) {
      return "queued";
    }
    if (state instanceof RunState.Completed) {
      return "succeeded";
    }
    return state instanceof RunState.Cancelled ? "cancelled" : "running";
  }

  private static String operationStatus(Run run) {
    return switch (status(run)) {
      case "succeeded" -> "succeeded";
      case "cancelled" -> "failed";
      default -> "running";
    };
  }

  private static @Nullable String error(Run run) {
    if (run.state() instanceof RunState.Halted halted) {
      return halted.reason();
    }
    return run.state() instanceof RunState.Cancelled ? "it was cancelled" : null;
  }

  private static long failed(Sums sums) {
    return sums.failed() + sums.unconfirmed();
  }

  private static String type(Run run) {
    return run.spec().command().action() == RunCommand.Action.DISCARD ? "delete" : "reprocess";
  }

  private static void answer(Context request, ObjectNode data) {
    Json.answer(request, 200, JsonNodeFactory.instance.objectNode().set("data", data));
  }
}
