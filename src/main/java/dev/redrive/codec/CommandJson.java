// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.redrive.command.Added;
import dev.redrive.command.Command;
import dev.redrive.command.LetterCommand;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunControl;
import dev.redrive.command.RunTarget;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Refusal;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command as JSON, as it lies on the command topic; {@code command.json} is its schema. */
public final class CommandJson {
  /** Longest {@code command_id}, {@code request_id} and {@code requested_by}, in characters. */
  public static final int MAX_ID = 200;

  private CommandJson() {}

  /** What became of reading a command. */
  public sealed interface Reading {}

  public record Read(Command command) implements Reading {}

  /**
   * It can't be done as it is, whoever decides.
   *
   * @param commandId its own where that could be read, else the default; likewise {@code requestId}
   * @param refusal {@code INVALID} or {@code UNSUPPORTED}, with all that is wrong and where
   */
  public record Unreadable(String commandId, String requestId, Refusal refusal)
      implements Reading {}

  /**
   * Reads any bytes; never throws.
   *
   * @param defaultCommandId stands in where the command has no {@code command_id}; likewise {@code
   *     defaultRequestId}
   */
  public static Reading read(
      byte @Nullable [] value, String defaultCommandId, String defaultRequestId) {
    return new CommandReader(defaultCommandId, defaultRequestId, false).read(value);
  }

  /** The same, but one letter makes a run as well. */
  public static Reading readRun(
      byte @Nullable [] value, String defaultCommandId, String defaultRequestId) {
    return new CommandReader(defaultCommandId, defaultRequestId, true).read(value);
  }

  public static byte[] write(Command command) {
    return Json.object(out -> write(out, command));
  }

  private static void write(JsonGenerator out, Command command) throws IOException {
    Command.Meta meta = command.meta();
    Json.text(out, "type", command.word());
    Json.text(out, "command_id", meta.commandId());
    Json.text(out, "request_id", meta.requestId());
    if (command instanceof LetterCommand letter) {
      writeLetter(out, letter);
    } else if (command instanceof RunCommand run) {
      writeTarget(out, run.target());
      RunOptionsReader.write(out, run.options());
    } else {
      Json.text(out, "run_id", ((RunControl) command).runId());
    }
    Json.text(out, "requested_by", meta.requestedBy());
    Json.text(out, "note", meta.note());
    Json.text(out, "mode", meta.mode());
  }

  private static @Nullable String action(LetterCommand.Type type) {
    return switch (type) {
      case RERUN_CALLBACK -> "rerun";
      case CANCEL_CALLBACK -> "cancel";
      default -> null;
    };
  }

  private static void writeLetter(JsonGenerator out, LetterCommand command) throws IOException {
    Added added = command.added();
    if (added == null) {
      writeArray(out, "letter_ids", List.of(command.letter().toString()));
    } else {
      Json.text(out, "pipeline_id", added.pipelineId());
      writeArray(out, "record_ids", List.of(added.recordId()));
      writeRecord(out, added.record());
      ErrorJson.write(out, added.error());
    }
    Json.text(out, "action", action(command.type()));
    writeHeaders(out, command.headers());
    if (command.priority() != null) {
      out.writeObjectFieldStart("options");
      Json.text(out, "priority", command.priority());
      out.writeEndObject();
    }
  }

  private static void writeTarget(JsonGenerator out, RunTarget target) throws IOException {
    if (target instanceof RunTarget.Picked picked) {
      writeArray(out, "letter_ids", picked.letters().stream().map(LetterId::toString).toList());
    }
    if (!target.filter().all()) {
      FilterJson.write(out, "filter", target.filter());
    } else if (target instanceof RunTarget.Matching) {
      out.writeBooleanField("all", true);
    }
  }

  private static void writeArray(JsonGenerator out, String name, List<String> texts)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (String text : texts) {
      out.writeString(Json.wellFormed(text));
    }
    out.writeEndArray();
  }

  private static void writeRecord(JsonGenerator out, @Nullable RawRecord record)
      throws IOException {
    if (record == null) {
      return;
    }
    if (record.key() != null) {
      writeBase64(out, "key", record.key());
    }
    writeBase64(out, "value", record.value());
    writeHeaders(out, record.headers());
  }

  private static void writeHeaders(JsonGenerator out, List<Header> headers) throws IOException {
    if (headers.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("headers");
    for (Header header : headers) {
      out.writeStartObject();
      Json.text(out, "name", header.name());
      writeBase64(out, "value", header.value());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void writeBase64(JsonGenerator out, String name, @Nullable RawBytes bytes)
      throws IOException {
    if (bytes == null) {
      out.writeNullField(name);
    } else {
      out.writeStringField(name, Base64.getEncoder().encodeToString(bytes.array()));
    }
  }
}
