// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.http.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The forms that letters are exported in, written one by one. */
enum ExportFormat {
  CSV("text/csv; charset=utf-8; header=present") {
    @Override
    Writer writer(OutputStream out, String exportedAt) {
      return new CsvWriter(out);
    }
  },
  JSON(Json.TYPE) {
    @Override
    Writer writer(OutputStream out, String exportedAt) throws IOException {
      return new JsonWriter(out, exportedAt);
    }
  },
  NDJSON("application/x-ndjson") {
    @Override
    Writer writer(OutputStream out, String exportedAt) {
      return entry -> {
        out.write(Json.bytes(entry));
        out.write('\n');
      };
    }
  };

  private final String type;

  ExportFormat(String type) {
    this.type = type;
  }

  String type() {
    return type;
  }

  /** Begins a file. */
  abstract Writer writer(OutputStream out, String exportedAt) throws IOException;

  /** A file being written; the stream is the caller's. */
  interface Writer {
    void write(ObjectNode entry) throws IOException;

    /** Writes what ends the file. */
    default void end(long count) throws IOException {}
  }

  /** {@code count} comes last: only then it is known, and so it is right. */
  private static final class JsonWriter implements Writer {
    private final JsonGenerator json;

    JsonWriter(OutputStream out, String exportedAt) throws IOException {
      json = Json.MAPPER.getFactory().createGenerator(out);
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
      json.writeStartObject();
      json.writeStringField("exported_at", exportedAt);
      json.writeArrayFieldStart("entries");
    }

    @Override
    public void write(ObjectNode entry) throws IOException {
      json.writeTree(entry);
    }

    @Override
    public void end(long count) throws IOException {
      json.writeEndArray();
      json.writeNumberField("count", count);
      json.writeEndObject();
      json.flush();
    }
  }

  /** RFC 4180: lines end in CRLF, cells with signs of the format are quoted. */
  private static final class CsvWriter implements Writer {
    private static final List<String> COLUMNS =
        List.of(
            "id",
            "pipeline_id",
            "connection_id",
            "error_code",
            "error_message",
            "failed_at",
            "retry_count",
            "payload");

    private final OutputStream out;
    private boolean begun;

    CsvWriter(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(ObjectNode entry) throws IOException {
      begin();
      StringBuilder line = new StringBuilder();
      for (String column : COLUMNS) {
        line.append(line.isEmpty() ? "" : ",");
        var value = entry.path(column);
        if (!value.isMissingNode() && !value.isNull()) {
          line.append(CsvCell.of(value.isTextual() ? value.textValue() : value.toString()));
        }
      }
      write(line);
    }

    @Override
    public void end(long count) throws IOException {
      begin();
    }

    private void begin() throws IOException {
      if (!begun) {
        begun = true;
        write(new StringBuilder(String.join(",", COLUMNS)));
      }
    }

    private void write(StringBuilder line) throws IOException {
      out.write(line.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
