// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import dev.redrive.config.load.SettingEntry.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was written in all places, later places over earlier ones. What cannot be used becomes a
 * problem and is left out.
 */
final class GivenValues {

  private final Map<String, GivenValue> byKey = new LinkedHashMap<>();
  private final Set<String> bad = new LinkedHashSet<>();
  private final List<String> problems;

  GivenValues(List<String> problems) {
    this.problems = problems;
  }

  /** Adds what one place says; a list set there replaces the whole list of earlier places. */
  void addAll(List<GivenValue> place) {
    Set<String> replaced = new LinkedHashSet<>();
    for (GivenValue given : place) {
      Optional<SettingEntry> entry = SettingsTable.find(given.key());
      if (entry.isEmpty()) {
        problems.add(given.where() + ": unknown" + hint(given.key()));
      } else {
        String list = given.key().replaceFirst("\\[\\d+]$", "");
        if (entry.get().shape() == Shape.MANY && replaced.add(list)) {
          byKey.keySet().removeIf(key -> key.equals(list) || key.startsWith(list + "["));
        }
        add(entry.get(), given);
      }
    }
  }

  private void add(SettingEntry entry, GivenValue given) {
    // An empty value is how a variable or a line is switched off: the default holds again.
    if (given.value().isBlank() && entry.shape() != Shape.MAP) {
      byKey.remove(given.key());
    } else if (entry.shape() == Shape.MANY && !given.key().endsWith("]")) {
      String[] elements = given.value().split("(?<!\\\\),", -1);
      for (int i = 0; i < elements.length; i++) {
        String element = elements[i].strip().replace("\\,", ",");
        check(entry, new GivenValue(given.key() + "[" + i + "]", element, given.where()));
      }
    } else {
      check(entry, given);
    }
  }

  private void check(SettingEntry entry, GivenValue given) {
    Optional<String> problem = ValueCheck.problem(entry, given.value());
    if (problem.isPresent()) {
      problems.add(given.where() + ": " + problem.get());
      bad.add(given.key());
      byKey.remove(given.key());
    } else {
      bad.remove(given.key());
      byKey.put(given.key(), given);
    }
  }

  /**
   * Adds a problem for each setting without which its group means nothing; true if there is none.
   */
  boolean complete() {
    boolean complete = true;
    for (SettingEntry entry : SettingsTable.all()) {
      for (String key : entry.required() ? expected(entry) : List.<String>of()) {
        boolean missing = !byKey.containsKey(key);
        complete &= !missing;
        if (missing && !bad.contains(key)) {
          problems.add(key + ": is missing. " + entry.doc().value());
        }
      }
    }
    return complete;
  }

  /** The keys at which a setting of a list's groups has to be: one for each index in use. */
  private List<String> expected(SettingEntry entry) {
    int index = entry.key().indexOf("[]");
    if (index < 0) {
      return List.of(entry.key());
    }
    Set<String> written = new LinkedHashSet<>(byKey.keySet());
    written.addAll(bad);
    String group = entry.key().substring(0, index);
    return written.stream()
        .filter(key -> key.startsWith(group + "["))
        .map(key -> key.substring(0, key.indexOf(']') + 1) + entry.key().substring(index + 2))
        .distinct()
        .toList();
  }

  /** As the mapping takes them, without the prefix: the name in a map quoted. */
  Map<String, String> toMap() {
    Map<String, String> values = new LinkedHashMap<>();
    byKey.forEach((key, given) -> values.put(quoted(key), given.value()));
    return values;
  }

  private static String quoted(String key) {
    return SettingsTable.find(key)
        .filter(entry -> entry.shape() == Shape.MAP)
        .map(
            entry ->
                key.substring(0, entry.mapKey(key))
                    + ".\""
                    + key.substring(entry.mapKey(key) + 1)
                    + '"')
        .orElse(key);
  }

  private static String hint(String key) {
    if (key.startsWith("redrive.") && SettingsTable.find(key.substring(8)).isPresent()) {
      return "; write " + key.substring(8);
    }
    List<String> keys = new ArrayList<>();
    SettingsTable.all().forEach(entry -> keys.add(entry.key()));
    return NearMiss.of(key.replaceAll("\\[\\d+]", "[]"), keys)
        .map(near -> "; did you mean " + near + "?")
        .orElse("; docs/settings.md lists all settings");
  }
}
