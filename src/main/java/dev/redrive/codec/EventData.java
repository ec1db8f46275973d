// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.redrive.codec.EventJson.Cause;
import dev.redrive.command.Answer;
import dev.redrive.command.Command;
import dev.redrive.letter.Coordinates;
import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.LetterEvent;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState;
import dev.redrive.letter.LetterState.Parked;
import dev.redrive.letter.LetterState.Pending;
import dev.redrive.letter.LetterState.Retrying;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The fields of an event's data. One that would be null is left out. */
final class EventData {

  private static final DateTimeFormatter MILLIS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  private EventData() {}

  static void writeFacts(JsonGenerator json, FailureFacts facts) throws IOException {
    Json.text(json, "pipeline_id", facts.pipelineId());
    Json.text(json, "record_id", facts.recordId());
    Json.text(json, "error_code", facts.errorCode());
    Json.text(json, "group_id", facts.groupId());
    DeadLetterPosition position = facts.position();
    if (position.exists()) {
      writeCoordinates(json, "dead_letter", position.coordinates());
    }
  }

  static void writeState(JsonGenerator json, LetterEvent what, LetterHead head) throws IOException {
    boolean gone =
        what == LetterEvent.SUCCEEDED
            || what == LetterEvent.DISCARDED
            || what == LetterEvent.EXPIRED;
    LetterState state = head.state();
    if (!gone) {
      json.writeStringField("status", state.status().name().toLowerCase(Locale.ROOT));
    }
    json.writeNumberField("attempt_count", head.attemptCount());
    if (head.attempt() > 0) {
      json.writeNumberField("attempt", head.attempt());
    }
    if (state instanceof Retrying retrying) {
      Json.text(json, "target", retrying.target());
    }
    if (!gone && head.retryAt().isPresent()) {
      json.writeStringField(
          "retry_at", MILLIS.format(Instant.ofEpochMilli(head.retryAt().getAsLong())));
    }
  }

  static void writeCause(JsonGenerator json, @Nullable LetterHead head, Cause cause)
      throws IOException {
    LetterState state = head == null ? Pending.PLAIN : head.state();
    String runId = cause.runId();
    String reason = cause.reason();
    if (runId == null && state instanceof Retrying retrying) {
      runId = retrying.runId();
    }
    if (reason == null && state instanceof Pending pending) {
      reason = pending.reason();
    } else if (reason == null && state instanceof Parked parked) {
      reason = parked.reason();
    }
    Json.text(json, "run_id", runId);
    Json.text(json, "requested_by", cause.requestedBy());
    Json.text(json, "note", cause.note());
    Json.text(json, "reason", reason);
    if (cause.inferred()) {
      json.writeBooleanField("inferred", true);
    }
  }

  static void writeAnswer(JsonGenerator json, Answer answer, @Nullable Command command)
      throws IOException {
    Json.text(json, "command_id", answer.commandId());
    Json.text(json, "request_id", answer.requestId());
    json.writeBooleanField("duplicate", answer.duplicate());
    if (command != null) {
      json.writeStringField("type", command.word());
      Json.text(json, "requested_by", command.meta().requestedBy());
      Json.text(json, "note", command.meta().note());
    }
    if (answer.letter() != null) {
      json.writeStringField("letter_id", answer.letter().toString());
    }
    Json.text(json, "run_id", answer.runId());
    if (answer.refusal() != null) {
      AnswerJson.writeReason(json, answer.refusal());
    }
  }

  static void writeUse(JsonGenerator json, ArtifactUse use) throws IOException {
    Json.text(json, "artifact_id", use.artifactId());
    Json.text(json, "artifact_type", use.artifactType());
    Json.text(json, "pipeline_id", use.pipelineId());
    Json.text(json, "run_id", use.runId());
    Json.text(json, "requested_by", use.requestedBy());
  }

  static void writeView(JsonGenerator json, PayloadView view) throws IOException {
    Json.text(json, "requested_by", view.requestedBy());
    Json.text(json, "operation", view.operation());
    json.writeBooleanField("revealed", view.revealed());
    if (view.filter() == null) {
      json.writeArrayFieldStart("letter_ids");
      for (LetterId letter : view.letters()) {
        json.writeString(letter.toString());
      }
      json.writeEndArray();
    } else {
      FilterJson.write(json, "filter", view.filter());
    }
  }

  static void writeCoordinates(JsonGenerator json, String name, Coordinates where)
      throws IOException {
    json.writeObjectFieldStart(name);
    Json.text(json, "topic", where.topic());
    json.writeNumberField("partition", where.partition());
    json.writeNumberField("offset", where.offset());
    json.writeEndObject();
  }
}
