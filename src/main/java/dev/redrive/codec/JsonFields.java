// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.letter.RawBytes;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one JSON object. What is wrong goes to {@link Problems}, and the field reads
 * as null. A field that may be left out may also be null.
 *
 * <p>Past 300 lines because each type of a field has its reading and its complaint here.
 */
final class JsonFields {
  private static final int SHOWN = 60;
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,6})(ms|s|m|h|d)");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "s", ChronoUnit.SECONDS,
          "m", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS,
          "d", ChronoUnit.DAYS);

  private final ObjectNode object;
  private final String pointer;
  private final Problems problems;

  JsonFields(ObjectNode object, String pointer, Problems problems) {
    this.object = object;
    this.pointer = pointer;
    this.problems = problems;
  }

  boolean has(String name) {
    return object.has(name);
  }

  boolean hasNonNull(String name) {
    return object.hasNonNull(name);
  }

  /**
   * Refuses every field that is not known, and says which one may have been meant.
   *
   * @param others known as well, but not worth proposing
   */
  void onlyKnown(Collection<String> known, Collection<String> others) {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name) && !others.contains(name)) {
                String hint =
                    NearMiss.of(name, known).map(near -> "; did you mean " + near + "?").orElse("");
                problems.invalid(at(name), "is no known field" + hint);
              }
            });
  }

  @Nullable String text(String name, int max) {
    JsonNode node = object.get(name);
    return node == null || node.isNull() ? null : textOf(node, at(name), max);
  }

  @Nullable String required(String name, int max) {
    JsonNode node = object.get(name);
    if (node == null) {
      problems.invalid(at(name), "is missing");
      return null;
    }
    return textOf(node, at(name), max);
  }

  /** One of a few words. */
  @Nullable String word(String name, Collection<String> words) {
    String value = text(name, Integer.MAX_VALUE);
    if (value == null || words.contains(value)) {
      return value;
    }
    String hint = NearMiss.of(value, words).map(near -> "; did you mean " + near + "?").orElse("");
    problems.invalid(
        at(name), "must be one of " + String.join(", ", words) + ", not " + quoted(value) + hint);
    return null;
  }

  /** A whole number of at least 1. */
  @Nullable Integer count(String name) {
    JsonNode node = object.get(name);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1) {
      problems.invalid(at(name), "must be a whole number from 1 to " + Integer.MAX_VALUE);
      return null;
    }
    return node.intValue();
  }

  /** True or false; false where it is not there. */
  boolean flag(String name) {
    JsonNode node = object.get(name);
    if (node == null || node.isNull()) {
      return false;
    }
    if (!node.isBoolean()) {
      problems.invalid(at(name), "must be true or false, not " + kind(node));
    }
    return node.asBoolean();
  }

  /** A whole number within bounds. */
  @Nullable Integer whole(String name, int min, int max) {
    JsonNode node = object.get(name);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < min
        || node.intValue() > max) {
      problems.invalid(at(name), "must be a whole number from " + min + " to " + max);
      return null;
    }
    return node.intValue();
  }

  /** A number within bounds, which may have a fraction. */
  @Nullable Double number(String name, double min, double max) {
    JsonNode node = object.get(name);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isNumber() || !(node.doubleValue() >= min && node.doubleValue() <= max)) {
      problems.invalid(at(name), "must be a number from " + plain(min) + " to " + plain(max));
      return null;
    }
    return node.doubleValue();
  }

  @Nullable Boolean choice(String name) {
    JsonNode node = object.get(name);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isBoolean()) {
      problems.invalid(at(name), "must be true or false, not " + kind(node));
      return null;
    }
    return node.booleanValue();
  }

  /** A length of time such as {@code 30s}; the units are ms, s, m, h and d. */
  @Nullable Duration duration(String name) {
    String text = text(name, Integer.MAX_VALUE);
    if (text == null) {
      return null;
    }
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      problems.invalid(at(name), "must be a length of time such as 30s, 5m or 1h");
      return null;
    }
    return Duration.of(Long.parseLong(parts.group(1)), UNITS.get(parts.group(2)));
  }

  /** Bytes as base64 with the letters of RFC 4648 §4. */
  @Nullable RawBytes base64(String name) {
    String text = textOrEmpty(name);
    if (text == null) {
      return null;
    }
    try {
      return RawBytes.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      problems.invalid(at(name), "is not base64");
      return null;
    }
  }

  /** A text that may be empty and of any length. */
  @Nullable String textOrEmpty(String name) {
    JsonNode node = object.get(name);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isTextual()) {
      problems.invalid(at(name), "must be a text, not " + kind(node));
      return null;
    }
    return node.textValue();
  }

  /** The texts of an array that must be there and must not be empty. */
  List<String> texts(String name, int max) {
    List<String> texts = new ArrayList<>();
    JsonNode node = object.get(name);
    if (node == null || !node.isArray() || node.isEmpty()) {
      problems.invalid(
          at(name), node == null ? "is missing" : "must be an array of at least one text");
      return texts;
    }
    for (int i = 0; i < node.size(); i++) {
      String text = textOf(node.get(i), at(name) + "/" + i, max);
      if (text != null) {
        texts.add(text);
      }
    }
    return texts;
  }

  /** The texts of an array of at least one, or the one text that stands in its place. */
  List<String> oneOrMore(String name, int max) {
    JsonNode node = object.get(name);
    if (node != null && node.isTextual()) {
      String text = textOf(node, at(name), max);
      return text == null ? List.of() : List.of(text);
    }
    return texts(name, max);
  }

  /** Remembers that something is wrong with a field. */
  void invalid(String name, String what) {
    problems.invalid(at(name), what);
  }

  @Nullable JsonFields object(String name) {
    JsonNode node = object.get(name);
    if (node == null || node.isNull()) {
      return null;
    }
    if (node instanceof ObjectNode child) {
      return new JsonFields(child, at(name), problems);
    }
    problems.invalid(at(name), "must be an object, not " + kind(node));
    return null;
  }

  List<JsonFields> objects(String name) {
    List<JsonFields> objects = new ArrayList<>();
    JsonNode node = object.get(name);
    if (node == null || node.isNull()) {
      return objects;
    }
    if (!node.isArray()) {
      problems.invalid(at(name), "must be an array of objects, not " + kind(node));
      return objects;
    }
    for (int i = 0; i < node.size(); i++) {
      String where = at(name) + "/" + i;
      if (node.get(i) instanceof ObjectNode child) {
        objects.add(new JsonFields(child, where, problems));
      } else {
        problems.invalid(where, "must be an object, not " + kind(node.get(i)));
      }
    }
    return objects;
  }

  /** Where the field lies, as a JSON pointer. */
  String at(String name) {
    String shown = name.length() > SHOWN ? name.substring(0, SHOWN) + "…" : name;
    return pointer + "/" + shown.replace("~", "~0").replace("/", "~1");
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY, OBJECT -> "an " + node.getNodeType().name().toLowerCase(Locale.ROOT);
      case MISSING -> "nothing";
      case NULL -> "null";
      case STRING -> "a text";
      default -> "a " + node.getNodeType().name().toLowerCase(Locale.ROOT);
    };
  }

  static String quoted(String value) {
    return "\"" + (value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value) + "\"";
  }

  private @Nullable String textOf(JsonNode node, String where, int max) {
    if (!node.isTextual()) {
      problems.invalid(where, "must be a text, not " + kind(node));
      return null;
    }
    String text = node.textValue();
    if (text.isEmpty() || text.length() > max) {
      String range = max == Integer.MAX_VALUE ? "at least 1" : "1 to " + max;
      problems.invalid(where, "must have " + range + " characters, not " + text.length());
      return null;
    }
    return Json.wellFormed(text);
  }
}
