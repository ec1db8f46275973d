// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.redrive.command.Added;
import dev.redrive.command.Command;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Refusal;
import java.io.IOException;
import java.util.Base64;
import java.util.Locale;
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
    return new CommandReader(defaultCommandId, defaultRequestId).read(value);
  }

  public static byte[] write(Command command) {
    return Json.object(out -> write(out, command));
  }

  private static void write(JsonGenerator out, Command command) throws IOException {
    Command.Meta meta = command.meta();
    Json.text(out, "type", word(command.type()));
    Json.text(out, "command_id", meta.commandId());
    Json.text(out, "request_id", meta.requestId());
    Added added = command.added();
    if (added == null) {
      writeArray(out, "letter_ids", command.letter().toString());
    } else {
      Json.text(out, "pipeline_id", added.pipelineId());
      writeArray(out, "record_ids", added.recordId());
    }
    if (command.priority() != null) {
      out.writeObjectFieldStart("options");
      Json.text(out, "priority", command.priority());
      out.writeEndObject();
    }
    Json.text(out, "requested_by", meta.requestedBy());
    Json.text(out, "note", meta.note());
    Json.text(out, "mode", meta.mode());
    if (added != null) {
      writeRecord(out, added.record());
      ErrorJson.write(out, added.error());
    }
  }

  static String word(Command.Type type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  private static void writeArray(JsonGenerator out, String name, String only) throws IOException {
    out.writeArrayFieldStart(name);
    out.writeString(Json.wellFormed(only));
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
    if (record.headers().isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("headers");
    for (Header header : record.headers()) {
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
