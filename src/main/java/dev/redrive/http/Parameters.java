// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** The query parameters of a request, read one by one; what is wrong names its parameter. */
public final class Parameters {
  /** A key may come this way in every family. */
  static final String KEY = "qstash_token";

  /** The parser would drop such a parameter, and so a filter. */
  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");

  private final Map<String, List<String>> given;

  private Parameters(Map<String, List<String>> given) {
    this.given = given;
  }

  /**
   * The parameters; one that is not known is refused, for else a mistyped filter would show
   * everything.
   */
  public static Parameters of(Context request, String... known) {
    return of(request, Set.of(), known);
  }

  /**
   * The parameters; one that is not known is refused.
   *
   * @param repeatable those that may be given more than once
   * @param known the others
   */
  public static Parameters of(Context request, Set<String> repeatable, String... known) {
    String query = request.queryString();
    if (query != null && BROKEN_ESCAPE.matcher(query).find()) {
      throw Problem.field("query", "has a % that is not followed by two hexadecimal digits");
    }
    Map<String, List<String>> given = request.queryParamMap();
    Set<String> allowed = new HashSet<>(List.of(known));
    allowed.add(KEY);
    allowed.addAll(repeatable);
    given.forEach((name, values) -> requireKnown(name, values, allowed, repeatable));
    return new Parameters(given);
  }

  private static void requireKnown(
      String name, List<String> values, Set<String> allowed, Set<String> repeatable) {
    if (name.isEmpty()) {
      // Between two ampersands, and after the last one, is nothing.
      if (values.stream().anyMatch(value -> !value.isEmpty())) {
        throw Problem.field("query", "has a value without a name");
      }
    } else if (!allowed.contains(name)) {
      throw Problem.field(name, "is not a parameter of this request");
    } else if (values.size() > 1 && !repeatable.contains(name)) {
      throw Problem.field(name, "is given more than once");
    }
  }

  /** A text of 1 to {@code max} characters; empty where it is absent. */
  public Optional<String> text(String name, int max) {
    List<String> values = given.get(name);
    if (values == null || values.isEmpty()) {
      return Optional.empty();
    }
    String value = values.get(0);
    if (value.isEmpty()) {
      throw Problem.field(name, "is blank");
    }
    if (value.length() > max) {
      throw Problem.field(name, "must have at most " + max + " characters");
    }
    return Optional.of(value);
  }

  /** All that is given of a parameter, blank texts too; empty where it is absent. */
  public List<String> texts(String name) {
    return given.getOrDefault(name, List.of());
  }

  /** A whole number within bounds. */
  public int number(String name, int absent, int min, int max) {
    Optional<String> value = text(name, Integer.MAX_VALUE);
    if (value.isEmpty()) {
      return absent;
    }
    try {
      int number = Integer.parseInt(value.get());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, in the same words as a number out of bounds.
    }
    throw Problem.field(name, "must be a whole number from " + min + " to " + max);
  }

  public boolean flag(String name) {
    String value = text(name, Integer.MAX_VALUE).orElse("false");
    if (!value.equals("true") && !value.equals("false")) {
      throw Problem.field(name, "must be true or false");
    }
    return value.equals("true");
  }

  /**
   * A time in ISO 8601 with its offset, as epoch milliseconds.
   *
   * @param up what is finer than a millisecond is rounded up, so that an inclusive lower bound
   *     takes nothing from before it
   */
  public OptionalLong time(String name, boolean up) {
    Optional<String> value = text(name, Integer.MAX_VALUE);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      // A plus sign that was not encoded arrives as a space.
      Instant time = OffsetDateTime.parse(value.get().replace(' ', '+')).toInstant();
      Instant millis = time.truncatedTo(ChronoUnit.MILLIS);
      return OptionalLong.of(millis.toEpochMilli() + (up && !millis.equals(time) ? 1 : 0));
    } catch (DateTimeException | ArithmeticException e) {
      throw Problem.field(
          name, "must be a time in ISO 8601 with its offset, such as 2026-03-27T13:45:22Z");
    }
  }
}
