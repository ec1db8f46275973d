// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import dev.redrive.config.ByteSize;
import dev.redrive.config.KeyHash;
import dev.redrive.config.RetryTopic;
import dev.redrive.config.StartAt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How values of one type are read, and what to call them.
 *
 * @param what completes "… is not", and says what to write instead
 * @param parse throws an {@link IllegalArgumentException}, {@link ArithmeticException} or {@link
 *     java.time.DateTimeException} when the text is no such value
 */
record ValueKind(String what, Function<String, ?> parse) {

  private static final Map<Class<?>, ValueKind> KINDS =
      Map.of(
          String.class, new ValueKind("a text", text -> text),
          int.class, new ValueKind("a whole number", Integer::valueOf),
          boolean.class, new ValueKind("true or false", ValueKind::truth),
          Path.class, new ValueKind("a path", Path::of),
          Duration.class,
              new ValueKind("a duration; write for example 200ms, 15m or 30d", Durations::parse),
          ByteSize.class,
              new ValueKind("a size; write for example 512KiB or 64MiB", ByteSize::parse),
          StartAt.class,
              new ValueKind(
                  "a place to start; write earliest, latest or a time such as 2026-01-31T00:00:00Z",
                  StartAt::parse),
          RetryTopic.class, new ValueKind("a topic or origin", RetryTopic::parse),
          Pattern.class, new ValueKind("a regular expression", Pattern::compile),
          KeyHash.class,
              new ValueKind(
                  "the SHA-256 of a key in 64 hexadecimal digits; redrive hash-key makes it",
                  KeyHash::parse));

  static ValueKind of(Class<?> type) {
    if (type.isEnum()) {
      return ofEnum(type);
    }
    ValueKind kind = KINDS.get(type);
    if (kind == null) {
      throw new IllegalStateException("no way to read a " + type);
    }
    return kind;
  }

  private static ValueKind ofEnum(Class<?> type) {
    Map<String, Object> byName =
        Arrays.stream(type.getEnumConstants())
            .collect(
                Collectors.toMap(
                    constant -> constant.toString().toLowerCase(Locale.ROOT),
                    constant -> constant));
    String names = byName.keySet().stream().sorted().collect(Collectors.joining(", "));
    return new ValueKind("one of " + names, text -> known(byName, text));
  }

  private static Object known(Map<String, Object> byName, String text) {
    Object value = byName.get(text);
    if (value == null) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }

  private static Boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }
}
