// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.command.Answer;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Refusal;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The answer to a command as JSON, as it lies on the results topic; {@code result.json}. */
public final class AnswerJson {
  private static final String REJECTED = "rejected";

  private AnswerJson() {}

  public static byte[] write(Answer answer) {
    return Json.object(out -> write(out, answer));
  }

  /**
   * Reads an answer that some Redrive wrote, maybe a newer one: unknown fields are passed over, and
   * an unknown reason reads as {@code INVALID} with its own message. Empty where it is none; never
   * throws.
   */
  public static Optional<Answer> read(byte @Nullable [] value) {
    Problems problems = new Problems();
    ObjectNode tree = Json.parse(value, problems);
    if (tree == null) {
      return Optional.empty();
    }
    JsonFields fields = new JsonFields(tree, "", problems);
    String commandId = fields.required("command_id", Integer.MAX_VALUE);
    String requestId = fields.required("request_id", Integer.MAX_VALUE);
    String status = fields.required("status", Integer.MAX_VALUE);
    String letter = fields.text("letter_id", Integer.MAX_VALUE);
    String runId = fields.text("run_id", Integer.MAX_VALUE);
    if (commandId == null
        || requestId == null
        || status == null
        || status.equals(SelectedJson.STATUS)
        || !problems.none()) {
      return Optional.empty();
    }
    return Optional.of(
        new Answer(
            commandId,
            requestId,
            status.equals(REJECTED) ? refusal(fields.object("reason")) : null,
            tree.path("duplicate").asBoolean(false),
            letter == null ? null : LetterId.parse(letter).orElse(null),
            runId,
            seen(tree)));
  }

  static void writeReason(JsonGenerator out, Refusal refusal) throws IOException {
    out.writeObjectFieldStart("reason");
    Json.text(out, "code", word(refusal.code()));
    Json.text(out, "message", refusal.message());
    out.writeEndObject();
  }

  static String word(Refusal.Code code) {
    return code.name().toLowerCase(Locale.ROOT);
  }

  private static void write(JsonGenerator out, Answer answer) throws IOException {
    Json.text(out, "command_id", answer.commandId());
    Json.text(out, "request_id", answer.requestId());
    out.writeStringField("status", answer.accepted() ? "accepted" : REJECTED);
    out.writeBooleanField("duplicate", answer.duplicate());
    if (answer.letter() != null) {
      out.writeStringField("letter_id", answer.letter().toString());
    }
    Json.text(out, "run_id", answer.runId());
    if (answer.refusal() != null) {
      writeReason(out, answer.refusal());
    }
    if (answer.seen() != null) {
      out.writeNumberField("partition", answer.seen().partition());
      out.writeNumberField("change", answer.seen().change());
    }
  }

  private static Refusal refusal(@Nullable JsonFields reason) {
    String code = reason == null ? null : reason.textOrEmpty("code");
    String message = reason == null ? null : reason.textOrEmpty("message");
    Refusal.Code known = Refusal.Code.INVALID;
    for (Refusal.Code each : Refusal.Code.values()) {
      known = word(each).equals(code) ? each : known;
    }
    return new Refusal(known, message == null ? "no reason was given" : message);
  }

  private static Answer.@Nullable Seen seen(ObjectNode tree) {
    return tree.path("partition").canConvertToInt() && tree.path("change").canConvertToLong()
        ? new Answer.Seen(tree.path("partition").intValue(), tree.path("change").longValue())
        : null;
  }
}
