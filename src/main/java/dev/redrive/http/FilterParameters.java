// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.filter.LetterFilter.Text;
import dev.redrive.filter.RecordIdPattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The filter language as query parameters: every {@link Attribute} under its own name, given once
 * for each value or with commas between them; a comma that belongs to a value is written with a
 * backslash before it. Beside them {@code since}, {@code until}, {@code error_message}, {@code
 * record_id_pattern}, {@code payload} and {@code header}.
 */
public final class FilterParameters {
  /** Those that take several values. */
  public static final Set<String> ATTRIBUTES =
      Arrays.stream(Attribute.values())
          .map(Attribute::wire)
          .collect(Collectors.toUnmodifiableSet());

  private static final List<String> SINGLE =
      List.of("since", "until", "error_message", "record_id_pattern", "payload", "header");

  private FilterParameters() {}

  /** The parameters of a request that takes filters and these beside them. */
  public static String[] and(String... others) {
    List<String> all = new ArrayList<>(SINGLE);
    all.addAll(List.of(others));
    return all.toArray(String[]::new);
  }

  /** What is asked for. */
  public static LetterFilter read(Parameters parameters) {
    OptionalLong since = parameters.time("since", true);
    OptionalLong until = parameters.time("until", false);
    if (since.isPresent() && until.isPresent() && since.getAsLong() > until.getAsLong()) {
      throw Problem.field("since", "is after until");
    }
    LetterFilter filter =
        LetterFilter.ALL
            .between(since.orElse(Long.MIN_VALUE), until.orElse(Long.MAX_VALUE))
            .with(
                new Text(
                    text(parameters, "error_message"),
                    expression(parameters),
                    text(parameters, "payload"),
                    text(parameters, "header")));
    for (Attribute attribute : Attribute.values()) {
      filter = filter.with(attribute, values(parameters, attribute));
    }
    return filter;
  }

  /** What the caller may see of what they ask for, and of what they look for it in. */
  public static LetterFilter visible(LetterFilter asked, Caller caller) {
    Optional<String> hidden =
        asked.values(Attribute.PIPELINE).stream()
            .filter(pipeline -> !caller.sees(pipeline))
            .findFirst();
    if (hidden.isPresent()) {
      throw Problem.of(
          403, "forbidden", "the key " + caller.name() + " may not see pipeline " + hidden.get());
    }
    LetterFilter visible =
        asked.values(Attribute.PIPELINE).isEmpty()
            ? asked.with(Attribute.PIPELINE, caller.pipelines())
            : asked;
    return visible.asMasked(!caller.reveals());
  }

  private static Set<String> values(Parameters parameters, Attribute attribute) {
    Set<String> values = new HashSet<>();
    for (String given : parameters.texts(attribute.wire())) {
      values.addAll(split(given));
    }
    if (values.size() > LetterFilter.MAX_VALUES) {
      throw Problem.field(
          attribute.wire(), "must have at most " + LetterFilter.MAX_VALUES + " values");
    }
    for (String value : values) {
      attribute
          .problem(value)
          .ifPresent(
              problem -> {
                throw Problem.field(attribute.wire(), problem);
              });
    }
    return values;
  }

  private static List<String> split(String given) {
    List<String> values = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    for (int i = 0; i < given.length(); i++) {
      char c = given.charAt(i);
      if (c == '\\' && i + 1 < given.length() && given.charAt(i + 1) == ',') {
        value.append(',');
        i++;
      } else if (c == ',') {
        values.add(value.toString());
        value.setLength(0);
      } else {
        value.append(c);
      }
    }
    values.add(value.toString());
    return values;
  }

  private static @Nullable String text(Parameters parameters, String name) {
    return parameters.text(name, Text.MAX_LENGTH).orElse(null);
  }

  private static @Nullable String expression(Parameters parameters) {
    String expression = text(parameters, "record_id_pattern");
    if (expression != null) {
      try {
        RecordIdPattern.of(expression);
      } catch (IllegalArgumentException e) {
        throw Problem.field("record_id_pattern", String.valueOf(e.getMessage()));
      }
    }
    return expression;
  }
}
