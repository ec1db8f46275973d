// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.filter.RecordIdPattern;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link LetterFilter} as a JSON object: for each attribute its {@link Attribute#wire} name with
 * one text or an array of them, {@code since} and {@code until} in ISO 8601, {@code error_message},
 * {@code payload} and {@code header} as parts to look for, and {@code record_id_pattern} as a
 * regular expression. {@code masked} is true where it is asked by somebody who may not see through
 * masks; what Redrive sends for them says so.
 */
public final class FilterJson {
  private static final List<String> OTHERS =
      List.of(
          "since", "until", "error_message", "payload", "header", "record_id_pattern", "masked");

  private FilterJson() {}

  /** The filter; where something is wrong with it, the problems know. */
  static LetterFilter read(JsonFields fields) {
    List<String> known = new ArrayList<>(OTHERS);
    for (Attribute attribute : Attribute.values()) {
      known.add(attribute.wire());
    }
    fields.onlyKnown(known, List.of());
    Map<Attribute, Set<String>> attributes = new EnumMap<>(Attribute.class);
    for (Attribute attribute : Attribute.values()) {
      if (fields.hasNonNull(attribute.wire())) {
        attributes.put(attribute, values(fields, attribute));
      }
    }
    long since = time(fields, "since", true, Long.MIN_VALUE);
    long until = time(fields, "until", false, Long.MAX_VALUE);
    if (since > until) {
      fields.invalid("since", "is after until");
    }
    return new LetterFilter(
        attributes,
        since,
        until,
        new LetterFilter.Text(
            fields.text("error_message", LetterFilter.Text.MAX_LENGTH),
            expression(fields),
            fields.text("payload", LetterFilter.Text.MAX_LENGTH),
            fields.text("header", LetterFilter.Text.MAX_LENGTH)),
        fields.flag("masked"));
  }

  /** Writes what {@link #read} reads, as a field of that name. */
  static void write(JsonGenerator out, String name, LetterFilter filter) throws IOException {
    out.writeObjectFieldStart(name);
    for (Map.Entry<Attribute, Set<String>> asked : filter.attributes().entrySet()) {
      out.writeArrayFieldStart(asked.getKey().wire());
      for (String value : asked.getValue()) {
        out.writeString(Json.wellFormed(value));
      }
      out.writeEndArray();
    }
    writeTime(out, "since", filter.since(), Long.MIN_VALUE);
    writeTime(out, "until", filter.until(), Long.MAX_VALUE);
    Json.text(out, "error_message", filter.text().errorMessage());
    Json.text(out, "record_id_pattern", filter.text().recordId());
    Json.text(out, "payload", filter.text().payload());
    Json.text(out, "header", filter.text().header());
    if (filter.masked()) {
      out.writeBooleanField("masked", true);
    }
    out.writeEndObject();
  }

  private static Set<String> values(JsonFields fields, Attribute attribute) {
    Set<String> values = new HashSet<>();
    List<String> given = fields.oneOrMore(attribute.wire(), Attribute.MAX_VALUE);
    if (given.size() > LetterFilter.MAX_VALUES) {
      fields.invalid(attribute.wire(), "must have at most " + LetterFilter.MAX_VALUES + " values");
      return values;
    }
    for (String value : given) {
      attribute.problem(value).ifPresent(problem -> fields.invalid(attribute.wire(), problem));
      values.add(value);
    }
    return values;
  }

  private static @Nullable String expression(JsonFields fields) {
    String expression = fields.text("record_id_pattern", LetterFilter.Text.MAX_LENGTH);
    if (expression != null) {
      try {
        RecordIdPattern.of(expression);
      } catch (IllegalArgumentException e) {
        fields.invalid("record_id_pattern", String.valueOf(e.getMessage()));
      }
    }
    return expression;
  }

  /** What is finer than a millisecond is rounded inwards, so that both bounds are inclusive. */
  private static long time(JsonFields fields, String name, boolean up, long absent) {
    String text = fields.text(name, Integer.MAX_VALUE);
    if (text == null) {
      return absent;
    }
    try {
      Instant time = OffsetDateTime.parse(text).toInstant();
      Instant millis = time.truncatedTo(ChronoUnit.MILLIS);
      return millis.toEpochMilli() + (up && !millis.equals(time) ? 1 : 0);
    } catch (DateTimeException | ArithmeticException e) {
      fields.invalid(
          name, "must be a time in ISO 8601 with its offset, such as 2026-03-27T13:45:22.000Z");
      return absent;
    }
  }

  private static void writeTime(JsonGenerator out, String name, long time, long none)
      throws IOException {
    if (time != none) {
      out.writeStringField(name, Instant.ofEpochMilli(time).toString());
    }
  }
}
