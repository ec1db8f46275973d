// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.pipelines;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.http.IsoTime;
import dev.redrive.run.Run;
import dev.redrive.run.RunState.Cancelled;
import dev.redrive.run.RunState.Completed;
import dev.redrive.run.RunState.Halted;
import dev.redrive.run.Sums;
import org.jspecify.annotations.Nullable;

/** A run as this family's pipeline run. */
final class PipelineRunJson {
  private PipelineRunJson() {}

  /**
   * The run.
   *
   * @param agentKey who processes the records again: the retry topic
   */
  static ObjectNode write(Run run, String pipelineKey, String agentKey) {
    Sums sums = run.sums();
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", run.id())
        .put("pipeline_key", pipelineKey)
        .put("agent_key", agentKey)
        .put("status", status(run))
        .put("trigger_type", "retry")
        .put("records_fetched", sums.matched() - sums.allSkipped())
        .put("records_processed", sums.succeeded() + sums.discarded())
        .put("records_failed", sums.failed() + sums.unconfirmed())
        .put("error", run.state() instanceof Halted halted ? halted.reason() : null)
        .put("started_at", time(run.progress().selectedAt()))
        .put("completed_at", time(run.progress().endedAt()))
        .put("created_at", IsoTime.write(run.spec().createdAt()));
  }

  /** One that halted can go on, so it has not failed. */
  static String status(Run run) {
    if (run.state() instanceof Completed) {
      return "completed";
    }
    return run.state() instanceof Cancelled ? "cancelled" : "running";
  }

  private static @Nullable String time(@Nullable Long millis) {
    return millis == null ? null : IsoTime.write(millis);
  }
}
