// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import dev.redrive.config.ErrorTopics;
import dev.redrive.config.Settings;
import dev.redrive.dialect.DialectRules;
import dev.redrive.dialect.Dialects;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the settings say about reading error topics, as the dialects take it. */
final class ReadingRules {
  private ReadingRules() {}

  /** Says what is wrong with the dialects of the settings. */
  static Optional<String> problem(Settings settings) {
    Map<String, String> wrong = new TreeMap<>(settings.errors().dialects());
    wrong.values().removeIf(Dialects::isKnown);
    return wrong.entrySet().stream()
        .findFirst()
        .map(
            each ->
                "errors.dialects."
                    + each.getKey()
                    + ": there is no dialect "
                    + each.getValue()
                    + "; write one of "
                    + String.join(", ", Dialects.names())
                    + " or unknown");
  }

  /** The rules of settings without a problem. */
  static DialectRules of(Settings settings) {
    return DialectRules.of(
        ErrorTopics.of(settings).pipelines(),
        settings.errors().dialects(),
        settings.errors().messageIds());
  }
}
