// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import dev.redrive.config.ErrorTopics;
import dev.redrive.config.Settings;
import dev.redrive.dialect.DialectRules;
import dev.redrive.topology.PipelineRules;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the settings say about reading error topics, as the dialects take it. */
final class ReadingRules {
  private ReadingRules() {}

  /** Says what is wrong with the dialects and aliases of the settings. */
  static Optional<String> problem(Settings settings) {
    try {
      of(settings);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** The rules of settings without a problem. */
  static DialectRules of(Settings settings) {
    Map<String, Map<String, String>> aliases = new TreeMap<>();
    settings.errors().aliases().forEach(alias -> aliases.put(alias.name(), alias.headers()));
    return DialectRules.of(
            ErrorTopics.of(settings).pipelines(),
            settings.errors().dialects(),
            settings.errors().messageIds(),
            aliases)
        .with(new PipelineRules(settings).grouping());
  }
}
