// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The error topics that the settings name or describe.
 *
 * @param names those of {@code topics.errors} and of declared pipelines
 * @param patterns must match a whole name
 * @param pipelines error topic to pipeline id, where declared
 */
public record ErrorTopics(
    Set<String> names, List<Pattern> patterns, Map<String, String> pipelines) {

  public ErrorTopics {
    names = Set.copyOf(names);
    patterns = List.copyOf(patterns);
    pipelines = Map.copyOf(pipelines);
  }

  public static ErrorTopics of(Settings settings) {
    Set<String> names = new LinkedHashSet<>(settings.topics().errors());
    Map<String, String> pipelines = new LinkedHashMap<>();
    for (PipelineSettings pipeline : settings.pipelines()) {
      for (String topic : pipeline.errorTopics().orElse(List.of())) {
        names.add(topic);
        pipelines.put(topic, pipeline.id());
      }
    }
    return new ErrorTopics(names, settings.topics().errorPatterns().orElse(List.of()), pipelines);
  }

  /** One pattern for all: a named source topic that vanishes would stop Kafka Streams. */
  public Pattern subscription() {
    return Pattern.compile(
        Stream.concat(
                names.stream().sorted().map(Pattern::quote),
                patterns.stream().map(pattern -> "(?:" + pattern.pattern() + ")"))
            .collect(Collectors.joining("|")));
  }

  public boolean contains(String topic) {
    return names.contains(topic)
        || patterns.stream().anyMatch(pattern -> pattern.matcher(topic).matches());
  }

  /** The pipeline that an error topic was declared for. */
  public Optional<String> pipelineOf(String topic) {
    return Optional.ofNullable(pipelines.get(topic));
  }
}
