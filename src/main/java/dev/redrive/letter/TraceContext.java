// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The trace that a record belongs to, as the W3C's header {@code traceparent} tells it.
 *
 * @param traceparent version, trace id, span id and flags, 55 characters
 */
public record TraceContext(String traceparent) {
  private static final String HEADER = "traceparent";
  private static final int SIZE = 55;
  private static final Pattern FORM =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  /** A later version may have more behind these, which a reader passes over. */
  private static final int LONGEST = 512;

  /** The one that the record's last such header names; empty where that is none. */
  public static Optional<TraceContext> of(List<Header> headers) {
    for (int i = headers.size() - 1; i >= 0; i--) {
      Header header = headers.get(i);
      if (header.name().equals(HEADER)) {
        RawBytes value = header.value();
        return value == null || value.size() < SIZE || value.size() > LONGEST
            ? Optional.empty()
            : read(value.text());
      }
    }
    return Optional.empty();
  }

  private static Optional<TraceContext> read(String text) {
    String start = text.substring(0, Math.min(SIZE, text.length()));
    boolean ends = text.length() == SIZE;
    boolean goesOn = !ends && !text.startsWith("00") && text.charAt(start.length()) == '-';
    return FORM.matcher(start).matches() && (ends || goesOn)
        ? Optional.of(new TraceContext(start))
        : Optional.empty();
  }

  /** 32 hexadecimal digits. */
  public String traceId() {
    return traceparent.substring(3, 35);
  }
}
