// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.command.RunControl;
import dev.redrive.http.Caller;
import dev.redrive.http.Json;
import dev.redrive.http.Orders;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.http.Readings;
import dev.redrive.letter.LetterId;
import dev.redrive.query.CommandSender;
import dev.redrive.query.LetterReader;
import dev.redrive.query.RunReader;
import dev.redrive.run.JournalLine;
import dev.redrive.run.LetterOutcome;
import dev.redrive.run.Run;
import dev.redrive.run.Sums;
import dev.redrive.store.RunLetters;
import io.javalin.http.Context;
import java.util.Optional;

/**
 * Runs under the names that the desk's family has for them: jobs and bulk operations. The replay of
 * one letter is a job too, though no run coordinates it: the ledger's journal knows its outcome for
 * as long as its command is remembered.
 */
final class Jobs {
  static final String JOB = "job_";
  static final String OPERATION = "dlqbo_";

  static final String RUN = "run_";

  private final RunReads runs;
  private final RunReader journal;
  private final LetterReader letters;
  private final CommandSender commands;

  Jobs(RunReads runs, RunReader journal, LetterReader letters, CommandSender commands) {
    this.runs = runs;
    this.journal = journal;
    this.letters = letters;
    this.commands = commands;
  }

  void operation(Context request) {
    Parameters.of(request);
    Run run = run(request, OPERATION);
    Sums sums = run.sums();
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("bulk_operation_id", OPERATION + bare(run.id()))
        .put("action", JobJson.type(run))
        .put("status", operationStatus(run))
        .put("matched_count", sums.matched())
        .put("processed_count", sums.settled() + sums.discarded())
        .put("failed_count", JobJson.failed(sums));
    answer(request, JobJson.times(data, run));
  }

  void job(Context request) {
    Parameters.of(request);
    Optional<LetterJob> single = LetterJob.read(request.pathParam("id"));
    answer(
        request,
        single.isPresent()
            ? JobJson.write(single.get(), line(single.get(), Caller.of(request)))
            : JobJson.write(run(request, JOB)));
  }

  void cancel(Context request) {
    Parameters.of(request);
    Optional<LetterJob> single = LetterJob.read(request.pathParam("id"));
    if (single.isPresent()) {
      JournalLine line = line(single.get(), Caller.of(request));
      if (line.outcome() == LetterOutcome.OUTSTANDING) {
        throw Problem.of(409, "already_sent", "its record was sent; nothing is left to cancel");
      }
      answer(request, JobJson.write(single.get(), line));
      return;
    }
    Run run = run(request, JOB);
    // Cancelling what has ended changes nothing, and is no mistake.
    if (!run.state().ended()) {
      Orders.done(
          commands.send(
              new RunControl(
                  RunControl.Verb.CANCEL, Orders.meta(Caller.of(request), null, null), run.id())));
    }
    answer(request, JobJson.write(runs.find(run.id()).orElse(run)));
  }

  /** What became of the one letter of a job. */
  private JournalLine line(LetterJob job, Caller caller) {
    return Readings.require(journal.letters(job.runId(), null, null, 1, false))
        .value()
        .letters()
        .stream()
        .filter(entry -> sees(caller, job, entry.id()))
        .map(RunLetters.Entry::line)
        .findFirst()
        .orElseThrow(() -> Problem.notFound("there is no " + job.text()));
  }

  private boolean sees(Caller caller, LetterJob job, LetterId letter) {
    return !caller.restricted()
        || job.isOfAny(caller.pipelines())
        || Readings.require(letters.letter(letter))
            .value()
            .filter(found -> caller.sees(found.head().facts().pipelineId()))
            .isPresent();
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

  private static String operationStatus(Run run) {
    return switch (JobJson.status(run)) {
      case "succeeded" -> "succeeded";
      case "cancelled" -> "failed";
      default -> "running";
    };
  }

  private static void answer(Context request, ObjectNode data) {
    Json.answer(request, 200, JsonNodeFactory.instance.objectNode().set("data", data));
  }
}
