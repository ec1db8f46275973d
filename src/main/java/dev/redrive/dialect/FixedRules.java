// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import java.util.Map;
import java.util.Optional;

/** Rules that do not change. */
record FixedRules(Map<String, String> pipelines, Map<String, String> dialects, boolean messageIds)
    implements DialectRules {

  FixedRules {
    pipelines = Map.copyOf(pipelines);
    dialects = Map.copyOf(dialects);
    dialects.forEach(
        (topic, name) -> {
          if (!Dialects.isKnown(name)) {
            throw new IllegalArgumentException(
                "there is no dialect " + name + " for topic " + topic);
          }
        });
  }

  @Override
  public Optional<String> pipelineOf(String topic) {
    return Optional.ofNullable(pipelines.get(topic));
  }

  @Override
  public Optional<String> dialectOf(String topic) {
    return Optional.ofNullable(dialects.get(topic));
  }
}
