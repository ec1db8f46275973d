// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.redrive.letter.FailureError;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code error} object of commands and outcomes. */
final class ErrorJson {
  static final int MAX_CODE = 200;
  static final int MAX_CLASS = 1_000;
  private static final List<String> FIELDS =
      List.of("code", "message", "class", "root_cause", "stack_trace");

  private ErrorJson() {}

  static FailureError read(@Nullable JsonFields error) {
    if (error == null) {
      return FailureError.UNKNOWN;
    }
    error.onlyKnown(FIELDS, List.of());
    return new FailureError(
        error.text("code", MAX_CODE),
        error.textOrEmpty("message"),
        error.text("class", MAX_CLASS),
        error.text("root_cause", MAX_CLASS),
        error.textOrEmpty("stack_trace"));
  }

  static void write(JsonGenerator out, FailureError error) throws IOException {
    if (error.equals(FailureError.UNKNOWN)) {
      return;
    }
    out.writeObjectFieldStart("error");
    Json.text(out, "code", error.code());
    Json.text(out, "message", error.message());
    Json.text(out, "class", error.className());
    Json.text(out, "root_cause", error.rootCause());
    Json.text(out, "stack_trace", error.stackTrace());
    out.writeEndObject();
  }
}
