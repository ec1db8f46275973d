// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One reading of an outcome's headers. The last of several of one name counts. */
final class OutcomeHeaders {
  static final String OUTCOME = "redrive-outcome";

  private final List<Header> headers;
  private final Problems problems = new Problems();

  private OutcomeHeaders(List<Header> headers) {
    this.headers = headers;
  }

  static OutcomeJson.Reading read(List<Header> headers) {
    return new OutcomeHeaders(headers).read();
  }

  private OutcomeJson.Reading read() {
    LetterId letter =
        OutcomeJson.letter(
            text("redrive-letter-id"),
            text("redrive-pipeline-id", FailureFacts.MAX_PIPELINE_ID),
            text("redrive-record-id", FailureFacts.MAX_RECORD_ID),
            problems);
    String runId = text("redrive-run-id", CommandJson.MAX_ID);
    Integer attempt = attempt();
    String word = text(OUTCOME);
    if (word == null || !OutcomeJson.RESULTS.contains(word)) {
      problems.invalid(OUTCOME, "must be one of " + String.join(", ", OutcomeJson.RESULTS));
      return OutcomeJson.unreadable(problems);
    }
    if (letter == null || !problems.none()) {
      return OutcomeJson.unreadable(problems);
    }
    return OutcomeJson.news(letter, word, runId, attempt, error());
  }

  /** Never a reason not to read the outcome: a text that is too long is cut. */
  private FailureError error() {
    return new FailureError(
        cut("redrive-error-code", ErrorJson.MAX_CODE),
        cut("redrive-error-message", Integer.MAX_VALUE),
        cut("redrive-error-class", ErrorJson.MAX_CLASS),
        cut("redrive-error-root-cause", ErrorJson.MAX_CLASS),
        cut("redrive-error-stack-trace", Integer.MAX_VALUE));
  }

  private @Nullable Integer attempt() {
    String text = text("redrive-attempt");
    if (text == null) {
      return null;
    }
    try {
      int attempt = Integer.parseInt(text);
      if (attempt >= 1) {
        return attempt;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is too small.
    }
    // Read as if it were not there, it could settle another attempt than the one it is about.
    problems.invalid(
        "redrive-attempt", "must be a whole number from 1, not " + JsonFields.quoted(text));
    return null;
  }

  private @Nullable String cut(String name, int max) {
    String text = text(name);
    return text == null || text.length() <= max ? text : text.substring(0, max);
  }

  private @Nullable String text(String name, int max) {
    String text = text(name);
    if (text != null && text.length() > max) {
      problems.invalid(name, "must have at most " + max + " characters, not " + text.length());
      return null;
    }
    return text;
  }

  /** Null where the header is absent, null or empty. */
  private @Nullable String text(String name) {
    for (int i = headers.size() - 1; i >= 0; i--) {
      Header header = headers.get(i);
      if (header.name().equals(name)) {
        return header.value() == null || header.value().size() == 0 ? null : header.value().text();
      }
    }
    return null;
  }
}
