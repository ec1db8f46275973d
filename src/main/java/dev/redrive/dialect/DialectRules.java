// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import dev.redrive.dialect.convention.Dialect;
import dev.redrive.letter.Grouping;
import java.util.Map;
import java.util.Optional;

/** What the settings say about how records of an error topic are read. */
@FunctionalInterface
public interface DialectRules {
  DialectRules NONE = topic -> Optional.empty();

  /** The pipeline that the settings name for this error topic. */
  Optional<String> pipelineOf(String topic);

  /**
   * Name of the dialect that this error topic holds, whatever its records' headers prove. The only
   * way to those whose proof is in the value.
   */
  default Optional<String> dialectOf(String topic) {
    return Optional.empty();
  }

  /** The headers of its own that this error topic holds, where the settings name them. */
  default Optional<Dialect> aliasOf(String topic) {
    return Optional.empty();
  }

  /** Whether the id of a message names its record before the place where it lay does. */
  default boolean messageIds() {
    return false;
  }

  /** How failures are put into groups. */
  default Grouping grouping() {
    return Grouping.DEFAULT;
  }

  /** The same rules with another grouping. */
  default DialectRules with(Grouping grouping) {
    return new RegroupedRules(this, grouping);
  }

  /**
   * Rules that name pipelines and nothing else.
   *
   * @param pipelines error topic → pipeline id
   */
  static DialectRules of(Map<String, String> pipelines) {
    return of(pipelines, Map.of(), false);
  }

  /**
   * Rules that do not change.
   *
   * @param pipelines error topic → pipeline id
   * @param dialects error topic → name of a dialect
   * @param messageIds as {@link #messageIds()}
   * @throws IllegalArgumentException where there is no dialect of that name; the message says which
   *     there are
   */
  static DialectRules of(
      Map<String, String> pipelines, Map<String, String> dialects, boolean messageIds) {
    return of(pipelines, dialects, messageIds, Map.of());
  }

  /**
   * Rules that do not change, with headers of applications' own.
   *
   * @param aliases name of a set, as {@code dialects} may name it → field → header, with its
   *     encoding after a space where it is not the usual one
   * @throws IllegalArgumentException where a set or the name of a dialect is wrong; the message
   *     says what it may be
   */
  static DialectRules of(
      Map<String, String> pipelines,
      Map<String, String> dialects,
      boolean messageIds,
      Map<String, Map<String, String>> aliases) {
    return FixedRules.of(pipelines, dialects, messageIds, aliases);
  }
}
