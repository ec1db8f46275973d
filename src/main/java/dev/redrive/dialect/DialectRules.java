// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import java.util.Map;
import java.util.Optional;

/** What the settings say about how records of an error topic are read. */
@FunctionalInterface
public interface DialectRules {
  DialectRules NONE = topic -> Optional.empty();

  /** The pipeline that the settings name for this error topic. */
  Optional<String> pipelineOf(String topic);

  /**
   * Rules that name pipelines and nothing else.
   *
   * @param pipelines error topic → pipeline id
   */
  static DialectRules of(Map<String, String> pipelines) {
    Map<String, String> fixed = Map.copyOf(pipelines);
    return topic -> Optional.ofNullable(fixed.get(topic));
  }
}
