// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.command.RunCommand;
import dev.redrive.http.IsoTime;
import dev.redrive.run.JournalLine;
import dev.redrive.run.LetterOutcome;
import dev.redrive.run.Run;
import dev.redrive.run.RunState;
import dev.redrive.run.Sums;
import org.jspecify.annotations.Nullable;

/** Jobs as the desk shows them: every field is always there, null where unknown. */
final class JobJson {
  private JobJson() {}

  static ObjectNode write(Run run) {
    Sums sums = run.sums();
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("id", Jobs.JOB + Jobs.bare(run.id()))
        .put("type", type(run))
        .put("status", status(run));
    data.putObject("metrics")
        .put("matched", sums.matched())
        .put("skipped", sums.allSkipped())
        .put("replayed", sums.replayed())
        .put("succeeded", sums.succeeded())
        .put("failed", failed(sums))
        .put("discarded", sums.discarded());
    return times(data, run);
  }

  /** The job of one letter. */
  static ObjectNode write(LetterJob job, JournalLine line) {
    boolean out = line.outcome() == LetterOutcome.OUTSTANDING;
    boolean succeeded = line.outcome() == LetterOutcome.SUCCEEDED;
    boolean silent = line.outcome() == LetterOutcome.UNCONFIRMED;
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("id", job.text())
        .put("type", "reprocess")
        .put("status", out ? "running" : succeeded ? "succeeded" : "failed");
    data.putObject("metrics")
        .put("matched", 1)
        .put("skipped", 0)
        .put("replayed", 1)
        .put("succeeded", succeeded ? 1 : 0)
        .put("failed", out || succeeded ? 0 : 1)
        .put("discarded", 0);
    return data.put("created_at", IsoTime.write(job.createdAt()))
        .put("finished_at", out ? null : IsoTime.write(line.at()))
        .put("error", silent ? "nothing was heard of it in time" : null);
  }

  static ObjectNode times(ObjectNode data, Run run) {
    Long endedAt = run.progress().endedAt();
    return data.put("created_at", IsoTime.write(run.spec().createdAt()))
        .put("finished_at", endedAt == null ? null : IsoTime.write(endedAt))
        .put("error", error(run));
  }

  static String status(Run run) {
    RunState state = run.state();
    if (state instanceof RunState.Selecting) {
      return "queued";
    }
    if (state instanceof RunState.Completed) {
      return "succeeded";
    }
    return state instanceof RunState.Cancelled ? "cancelled" : "running";
  }

  static long failed(Sums sums) {
    return sums.failed() + sums.unconfirmed();
  }

  static String type(Run run) {
    return run.spec().command().action() == RunCommand.Action.DISCARD ? "delete" : "reprocess";
  }

  private static @Nullable String error(Run run) {
    if (run.state() instanceof RunState.Halted halted) {
      return halted.reason();
    }
    return run.state() instanceof RunState.Cancelled ? "it was cancelled" : null;
  }
}
