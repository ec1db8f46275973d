// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks at topics. */
final class TopicLook {

  private final Admin admin;

  TopicLook(Admin admin) {
    this.admin = admin;
  }

  /** Those that exist, by name. */
  Map<String, FoundTopic> at(Collection<String> names) {
    Map<String, TopicDescription> descriptions = describe(names);
    Map<String, Map<String, String>> configs = configs(descriptions.keySet());
    Map<String, FoundTopic> found = new HashMap<>();
    descriptions.forEach(
        (name, description) -> {
          // One that was deleted in between is missing.
          if (configs.containsKey(name)) {
            found.put(
                name, new FoundTopic(name, description.partitions().size(), configs.get(name)));
          }
        });
    return found;
  }

  /** Those of the names that exist and whose partitions all have a leader. */
  List<String> ready(Collection<String> names) {
    return describe(names).values().stream()
        .filter(topic -> topic.partitions().stream().allMatch(TopicLook::hasLeader))
        .map(TopicDescription::name)
        .toList();
  }

  private static boolean hasLeader(org.apache.kafka.common.TopicPartitionInfo partition) {
    return partition.leader() != null && !partition.leader().isEmpty();
  }

  private Map<String, TopicDescription> describe(Collection<String> names) {
    Map<String, TopicDescription> found = new HashMap<>();
    admin
        .describeTopics(names)
        .topicNameValues()
        .forEach((name, answer) -> ifThere(answer).ifPresent(topic -> found.put(name, topic)));
    return found;
  }

  private Map<String, Map<String, String>> configs(Collection<String> names) {
    List<ConfigResource> resources =
        names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    Map<String, Map<String, String>> found = new HashMap<>();
    admin
        .describeConfigs(resources)
        .values()
        .forEach(
            (resource, answer) ->
                ifThere(answer).ifPresent(config -> found.put(resource.name(), toMap(config))));
    return found;
  }

  static Map<String, String> toMap(Config config) {
    return config.entries().stream()
        .filter(entry -> entry.value() != null)
        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
  }

  private static <T> Optional<T> ifThere(KafkaFuture<T> answer) {
    try {
      return Optional.of(AdminAccess.await(answer));
    } catch (UnknownTopicOrPartitionException e) {
      return Optional.empty();
    }
  }
}
