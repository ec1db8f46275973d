// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.codec.CommandJson;
import dev.redrive.command.Command;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunTarget;
import dev.redrive.filter.LetterFilter;
import dev.redrive.http.IsoTime;
import dev.redrive.http.Json;
import dev.redrive.run.JournalLine;
import dev.redrive.run.Run;
import dev.redrive.run.Sums;
import dev.redrive.store.RunLetters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Runs as the desk shows them: every field is always there, null where unknown. */
final class RunJson {

  private RunJson() {}

  /**
   * One run.
   *
   * @param now epoch milliseconds
   * @param shown a filter as the reader may see it
   */
  static ObjectNode write(Run run, long now, UnaryOperator<LetterFilter> shown) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    RunCommand command = run.spec().command();
    Command.Meta meta = command.meta();
    json.put("run_id", run.id())
        .put("command_id", meta.commandId())
        .put("action", command.word())
        .put("name", run.options().name())
        .put("status", run.state().word())
        .put("reason", run.reason())
        .put("pipeline_id", command.target().onlyPipeline().orElse(null))
        .put("exclusive", command.takesSlot())
        .put("requested_by", meta.requestedBy())
        .put("note", meta.note())
        .put("created_at", IsoTime.write(run.spec().createdAt()))
        .put("selected_at", time(run.progress().selectedAt()))
        .put("ended_at", time(run.progress().endedAt()));
    writeAsked(json, command, shown);
    json.put("rate", run.spec().rate());
    writeSums(json, run.sums());
    json.put("per_second", run.pace())
        .put(
            "all_sent_at",
            run.sentBy(now).isPresent() ? IsoTime.write(run.sentBy(now).getAsLong()) : null);
    var waits = json.putArray("waits_for");
    run.waitsFor(now).forEach(waits::add);
    if (run.options().dryRun()) {
      writePlan(json, run);
    }
    return json;
  }

  static ObjectNode write(RunLetters.Entry letter) {
    JournalLine line = letter.line();
    return JsonNodeFactory.instance
        .objectNode()
        .put("dlq_id", letter.id().toString())
        .put("outcome", line.outcome().word())
        .put("attempt", line.attempt() == 0 ? null : (Integer) line.attempt())
        .put("reason", line.reason())
        .put("inferred", line.inferred())
        .put("at", IsoTime.write(line.at()));
  }

  /** What was asked for, in the words of the command; letters are not named again. */
  private static void writeAsked(
      ObjectNode json, RunCommand command, UnaryOperator<LetterFilter> shown) {
    RunCommand asFilter =
        command.on(new RunTarget.Matching(shown.apply(command.target().filter())));
    try {
      JsonNode asked = Json.MAPPER.readTree(CommandJson.write(asFilter));
      json.set("filter", asked.path("filter").isObject() ? asked.path("filter") : null);
      json.set("options", asked.path("options"));
    } catch (IOException e) {
      throw new UncheckedIOException("reading what was just written", e);
    }
  }

  private static void writeSums(ObjectNode json, Sums sums) {
    json.put("matched", sums.matched());
    ObjectNode skipped = json.putObject("skipped");
    sums.skipped().forEach(skipped::put);
    json.put("left", Math.max(0, sums.left()))
        .put("replayed", sums.replayed())
        .put("succeeded", sums.succeeded())
        .put("inferred", sums.inferred())
        .put("failed", sums.failed())
        .put("unconfirmed", sums.unconfirmed())
        .put("outstanding", sums.outstanding())
        .put("discarded", sums.discarded());
  }

  private static void writePlan(ObjectNode json, Run run) {
    var plan = json.putArray("plan");
    run.plan()
        .forEach(
            (cell, count) ->
                plan.addObject()
                    .put("pipeline_id", cell.pipelineId())
                    .put("error_code", cell.errorCode())
                    .put("target", cell.target())
                    .put("refusal", cell.refusal())
                    .put("count", count));
  }

  private static @Nullable String time(@Nullable Long millis) {
    return millis == null ? null : IsoTime.write(millis);
  }
}
