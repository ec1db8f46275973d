// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import java.time.Instant;
import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/** Where reading a source topic begins when the group has no committed offset for it. */
public sealed interface StartAt permits StartAt.Earliest, StartAt.Latest, StartAt.At {

  /** At the oldest record that is still there. */
  record Earliest() implements StartAt {
    @Override
    public String toString() {
      return "earliest";
    }
  }

  /** After the newest record at the time of the first start. */
  record Latest() implements StartAt {
    @Override
    public String toString() {
      return "latest";
    }
  }

  /** At the first record with this timestamp or a later one. */
  record At(Instant time) implements StartAt {
    @Override
    public String toString() {
      return time.toString();
    }
  }

  /**
   * Reads {@code earliest}, {@code latest} or an ISO-8601 time in UTC.
   *
   * @throws java.time.format.DateTimeParseException if the text is none of them
   */
  static StartAt parse(String text) {
    return switch (text) {
      case "earliest" -> new Earliest();
      case "latest" -> new Latest();
      default -> new At(Instant.parse(text));
    };
  }

  /**
   * For SmallRye Config, which takes any other interface for a group of settings and asks for the
   * empty text when a value is absent.
   */
  final class FromText implements Converter<StartAt> {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable StartAt convert(String text) {
      return text.isEmpty() ? null : StartAt.parse(text);
    }
  }
}
