// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import dev.redrive.config.Doc;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One setting, as its accessor declares it.
 *
 * @param key such as {@code http.port} or {@code pipelines[].id}
 * @param type of one value
 * @param defaultValue as it would be written; null if there is none
 * @param optional absent is a value too
 */
record SettingEntry(
    String key,
    Shape shape,
    Class<?> type,
    @Nullable String defaultValue,
    boolean optional,
    Doc doc) {

  /** How many values a setting has. */
  enum Shape {
    ONE,
    MANY,
    /** A value per name, which is all that follows the key. */
    MAP
  }

  boolean required() {
    return shape == Shape.ONE && !optional && defaultValue == null && doc.byDefault().isEmpty();
  }

  /** Whether this is the setting of a key that was written, its indexes included. */
  boolean covers(String written) {
    String plain = written.replaceAll("\\[\\d+]", "[]");
    return switch (shape) {
      case ONE -> plain.equals(key);
      case MANY -> plain.equals(key) || plain.equals(key + "[]");
      case MAP -> plain.startsWith(key + ".") && plain.length() > key.length() + 1;
    };
  }

  /** Of a written key of a map, how much of it is the setting's, its indexes included. */
  int mapKey(String written) {
    if (!key.contains("[]")) {
      return key.length();
    }
    int name = written.replaceAll("\\[\\d+]", "[]").length() - key.length();
    return written.length() - name;
  }

  /** The name in the environment, with {@code <n>} for an index. */
  String environmentName() {
    return "REDRIVE_"
        + key.replace("[]", "_<n>")
            .replaceAll("[.-]", "_")
            .toUpperCase(Locale.ROOT)
            .replace("<N>", "<n>");
  }

  /** The key that an environment variable means; null if it means another setting. */
  @Nullable String keyOf(String variable) {
    String name = environmentName();
    if (shape == Shape.MAP) {
      return variable.startsWith(name + "_")
          ? key
              + "."
              + variable.substring(name.length() + 1).toLowerCase(Locale.ROOT).replace('_', '.')
          : null;
    }
    // [0]. is spelled _0_ here and _0__ by the rule of MicroProfile.
    Matcher matcher = Pattern.compile(name.replace("<n>_", "(\\d+)__?")).matcher(variable);
    if (!matcher.matches()) {
      return null;
    }
    return matcher.groupCount() == 0 ? key : key.replace("[]", "[" + matcher.group(1) + "]");
  }
}
