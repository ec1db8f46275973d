// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import dev.redrive.dialect.alias.AliasDialect;
import dev.redrive.dialect.convention.Dialect;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Rules that do not change.
 *
 * @param aliases error topic → the headers of its own
 */
record FixedRules(
    Map<String, String> pipelines,
    Map<String, String> dialects,
    boolean messageIds,
    Map<String, Dialect> aliases)
    implements DialectRules {

  FixedRules {
    pipelines = Map.copyOf(pipelines);
    dialects = Map.copyOf(dialects);
    aliases = Map.copyOf(aliases);
  }

  static FixedRules of(
      Map<String, String> pipelines,
      Map<String, String> dialects,
      boolean messageIds,
      Map<String, Map<String, String>> sets) {
    Map<String, Dialect> named = new HashMap<>();
    sets.forEach((name, headers) -> named.put(name, alias(name, headers)));
    Map<String, String> known = new HashMap<>();
    Map<String, Dialect> aliases = new HashMap<>();
    dialects.forEach(
        (topic, name) -> {
          Dialect alias = named.get(name);
          if (alias == null) {
            known.put(topic, known(topic, name));
          } else {
            aliases.put(topic, alias);
          }
        });
    return new FixedRules(pipelines, known, messageIds, aliases);
  }

  private static Dialect alias(String name, Map<String, String> headers) {
    if (Dialects.isKnown(name)) {
      throw new IllegalArgumentException(
          "errors.aliases: " + name + " is the name of a dialect; take another");
    }
    try {
      return AliasDialect.of(name, headers);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "errors.aliases, headers of " + name + ": " + e.getMessage(), e);
    }
  }

  private static String known(String topic, String name) {
    if (Dialects.isKnown(name)) {
      return name;
    }
    throw new IllegalArgumentException(
        "errors.dialects."
            + topic
            + ": there is no dialect "
            + name
            + "; write one of "
            + String.join(", ", Dialects.names())
            + ", unknown, or a name of errors.aliases");
  }

  @Override
  public Optional<String> pipelineOf(String topic) {
    return Optional.ofNullable(pipelines.get(topic));
  }

  @Override
  public Optional<String> dialectOf(String topic) {
    return Optional.ofNullable(dialects.get(topic));
  }

  @Override
  public Optional<Dialect> aliasOf(String topic) {
    return Optional.ofNullable(aliases.get(topic));
  }
}
