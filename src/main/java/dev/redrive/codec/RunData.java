// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.redrive.command.Command;
import dev.redrive.run.PlanCell;
import dev.redrive.run.Run;
import dev.redrive.run.Sums;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a run in events and results. One that would be null is left out. */
final class RunData {

  private RunData() {}

  static void write(JsonGenerator json, Run run, Command.@Nullable Meta by) throws IOException {
    Command.Meta meta = by == null ? run.spec().command().meta() : by;
    Json.text(json, "run_id", run.id());
    Json.text(json, "command_id", meta.commandId());
    Json.text(json, "action", run.spec().command().word());
    Json.text(json, "name", run.options().name());
    Json.text(json, "status", run.state().word());
    Json.text(json, "reason", run.reason());
    Json.text(json, "pipeline_id", run.spec().command().target().onlyPipeline().orElse(null));
    Json.text(json, "requested_by", meta.requestedBy());
    Json.text(json, "note", meta.note());
    writeSums(json, run.sums());
  }

  static void writeSums(JsonGenerator json, Sums sums) throws IOException {
    json.writeNumberField("matched", sums.matched());
    json.writeObjectFieldStart("skipped");
    for (Map.Entry<String, Long> reason : sums.skipped().entrySet()) {
      json.writeNumberField(reason.getKey(), reason.getValue());
    }
    json.writeEndObject();
    json.writeNumberField("replayed", sums.replayed());
    json.writeNumberField("succeeded", sums.succeeded());
    json.writeNumberField("inferred", sums.inferred());
    json.writeNumberField("failed", sums.failed());
    json.writeNumberField("unconfirmed", sums.unconfirmed());
    json.writeNumberField("outstanding", sums.outstanding());
    json.writeNumberField("discarded", sums.discarded());
  }

  static void writePlan(JsonGenerator json, Map<PlanCell, Long> plan) throws IOException {
    json.writeArrayFieldStart("plan");
    for (Map.Entry<PlanCell, Long> cell : plan.entrySet()) {
      json.writeStartObject();
      Json.text(json, "pipeline_id", cell.getKey().pipelineId());
      Json.text(json, "error_code", cell.getKey().errorCode());
      Json.text(json, "target", cell.getKey().target());
      Json.text(json, "refusal", cell.getKey().refusal());
      json.writeNumberField("count", cell.getValue());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
