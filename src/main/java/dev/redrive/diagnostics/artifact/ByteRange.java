// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which bytes of a file are asked for by a {@code Range} header (RFC 9110, section 14). */
public sealed interface ByteRange {

  /** All of them: nothing else was asked for, or in a way that need not be understood. */
  record Whole() implements ByteRange {}

  /**
   * Some of them.
   *
   * @param to the last one, inclusive
   */
  record Part(long from, long to) implements ByteRange {
    public long length() {
      return to - from + 1;
    }
  }

  /** None: it begins behind the end. */
  record Unsatisfiable() implements ByteRange {}

  /** More digits than any file has bytes are as good as its end. */
  Pattern ONE = Pattern.compile("bytes=\\s*(\\d*)\\s*-\\s*(\\d*)\\s*", Pattern.CASE_INSENSITIVE);

  int DIGITS = 18;

  /**
   * Reads the header. More than one range, another unit and what is malformed mean the whole, as
   * the standard allows.
   */
  static ByteRange of(@Nullable String header, long size) {
    Matcher matcher = header == null ? null : ONE.matcher(header.strip());
    if (matcher == null || !matcher.matches()) {
      return new Whole();
    }
    String first = matcher.group(1);
    String last = matcher.group(2);
    if (first.isEmpty()) {
      return last.isEmpty() ? new Whole() : tail(number(last), size);
    }
    long from = number(first);
    long to = last.isEmpty() ? Long.MAX_VALUE : number(last);
    if (to < from) {
      return new Whole();
    }
    return from >= size ? new Unsatisfiable() : new Part(from, Math.min(to, size - 1));
  }

  private static ByteRange tail(long length, long size) {
    return length == 0 || size == 0
        ? new Unsatisfiable()
        : new Part(Math.max(0, size - length), size - 1);
  }

  private static long number(String digits) {
    return digits.length() > DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
  }
}
