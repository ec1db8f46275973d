// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import dev.redrive.config.MessageSizes;
import dev.redrive.config.OwnTopics;
import dev.redrive.config.Settings;
import dev.redrive.config.TopicSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic of Redrive's, as it creates it and as it needs it.
 *
 * @param setting that names the topic
 * @param configs that it is created with; the rest is left to the broker
 * @param exact it must have these partitions and configs, or letters are lost or stuck
 */
record PlannedTopic(
    String setting, String name, int partitions, Map<String, String> configs, boolean exact) {

  /** Small enough that what is deleted or compacted frees its space soon. */
  private static final String SEGMENT = String.valueOf(128 << 20);

  private static final Duration RESULTS_KEPT = Duration.ofHours(1);
  private static final String FOREVER = "-1";
  private static final String ERRORS = "topics.errors";

  PlannedTopic {
    configs = Map.copyOf(configs);
  }

  static List<PlannedTopic> all(Settings settings) {
    TopicSettings topics = settings.topics();
    int n = topics.partitions();
    // A command may be larger than a small payload limit.
    int largest = Math.max(MessageSizes.needed(settings), MessageSizes.KAFKA_DEFAULT);
    Map<String, String> size =
        Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(largest));
    Map<String, String> internal = internal(settings);
    List<PlannedTopic> planned = new ArrayList<>();
    for (String error : new TreeSet<>(topics.errors())) {
      planned.add(new PlannedTopic(ERRORS, error, n, Map.of(), false));
    }
    planned.add(new PlannedTopic("topics.commands", topics.commands(), n, size, false));
    planned.add(new PlannedTopic("topics.outcomes", topics.outcomes(), n, Map.of(), false));
    planned.add(new PlannedTopic("topics.retry", topics.retry(), n, size, false));
    planned.add(new PlannedTopic("topics.events", topics.events(), n, size, false));
    planned.add(new PlannedTopic("topics.results", topics.results(), 1, results(settings), false));
    planned.add(new PlannedTopic("topics.ledger", topics.ledger(), n, internal, true));
    planned.add(new PlannedTopic("topics.control", topics.control(), n, internal, true));
    planned.add(
        new PlannedTopic(
            "application-id", OwnTopics.changelog(settings), n, changelog(settings), true));
    return planned;
  }

  /** The pipelines' own retry topics: theirs to create, and only looked at. */
  static List<PlannedTopic> ofPipelines(Settings settings) {
    Map<String, String> size = Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, size(settings));
    return OwnTopics.bySetting(settings).entrySet().stream()
        .filter(named -> named.getKey().startsWith("pipelines["))
        .map(named -> new PlannedTopic(named.getKey(), named.getValue(), 1, size, false))
        .toList();
  }

  /** Entries have the times of old records and go when they are committed, never by age. */
  private static Map<String, String> internal(Settings settings) {
    return Map.of(
        TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
        TopicConfig.RETENTION_MS_CONFIG, FOREVER,
        TopicConfig.RETENTION_BYTES_CONFIG, FOREVER,
        TopicConfig.SEGMENT_BYTES_CONFIG, SEGMENT,
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, size(settings));
  }

  private static Map<String, String> changelog(Settings settings) {
    return Map.of(
        TopicConfig.CLEANUP_POLICY_CONFIG,
        TopicConfig.CLEANUP_POLICY_COMPACT,
        TopicConfig.SEGMENT_BYTES_CONFIG,
        SEGMENT,
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        size(settings));
  }

  private static Map<String, String> results(Settings settings) {
    return Map.of(
        TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
        TopicConfig.RETENTION_MS_CONFIG, String.valueOf(RESULTS_KEPT.toMillis()),
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, size(settings));
  }

  private static String size(Settings settings) {
    return String.valueOf(MessageSizes.needed(settings));
  }

  boolean isSubscribedByPattern() {
    return setting.equals(ERRORS);
  }

  NewTopic toCreate(Settings settings) {
    int replicas = settings.topics().replicationFactor();
    return new NewTopic(
            name,
            Optional.of(partitions),
            replicas < 0 ? Optional.empty() : Optional.of((short) replicas))
        .configs(configs);
  }

  /** The command with which a person creates it. */
  String command() {
    return "kafka-topics.sh --create --topic "
        + name
        + " --partitions "
        + partitions
        + new TreeMap<>(configs)
            .entrySet().stream()
                .map(config -> " --config " + config.getKey() + "=" + config.getValue())
                .collect(Collectors.joining());
  }
}
