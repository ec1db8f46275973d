// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.header;

import dev.redrive.letter.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the texts of our own contract, in headers and envelopes alike. */
public final class Fields {
  private static final int LONGEST_TIME = 40;

  private Fields() {}

  /** ISO-8601 with a zone, or decimal epoch milliseconds; what is neither is a warning and null. */
  public static @Nullable Long time(
      @Nullable String text, String place, String name, Warnings warnings) {
    if (text == null) {
      return null;
    }
    Long number = Numbers.decimal(text.getBytes(StandardCharsets.UTF_8));
    if (number == null) {
      number = iso(text);
    }
    if (number == null || number < 0) {
      warnings.add(
          place + name + ": neither an ISO-8601 time with a zone nor epoch milliseconds; ignored");
      return null;
    }
    return number;
  }

  private static @Nullable Long iso(String text) {
    if (text.length() > LONGEST_TIME || text.length() < 10) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  public static FailureKind kind(@Nullable String text, String where, Warnings warnings) {
    if (text == null) {
      return FailureKind.EXCEPTION;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "exception" -> FailureKind.EXCEPTION;
      case "verification" -> FailureKind.VERIFICATION;
      default -> {
        warnings.add(where + ": neither exception nor verification; taken as exception");
        yield FailureKind.EXCEPTION;
      }
    };
  }
}
