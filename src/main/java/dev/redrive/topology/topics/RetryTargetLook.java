// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** One look of the cluster's at retry topics. */
final class RetryTargetLook {

  private final Admin admin;

  RetryTargetLook(Admin admin) {
    this.admin = admin;
  }

  /**
   * What each of the topics is.
   *
   * @throws org.apache.kafka.common.KafkaException if the cluster does not say
   */
  Map<String, RetryTarget> at(List<String> topics) {
    Map<String, KafkaFuture<TopicDescription>> descriptions =
        admin
            .describeTopics(topics, new DescribeTopicsOptions().includeAuthorizedOperations(true))
            .topicNameValues();
    Map<ConfigResource, KafkaFuture<Config>> configs =
        admin.describeConfigs(topics.stream().map(RetryTargetLook::resource).toList()).values();
    Map<String, RetryTarget> targets = new HashMap<>();
    descriptions.forEach(
        (topic, answer) ->
            targets.put(topic, target(answer, requireNonNull(configs.get(resource(topic))))));
    return targets;
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  private static RetryTarget target(
      KafkaFuture<TopicDescription> answer, KafkaFuture<Config> configs) {
    try {
      TopicDescription description = AdminAccess.await(answer);
      Set<AclOperation> allowed = description.authorizedOperations();
      // Brokers that do not tell leave it null; then only the send will show.
      if (allowed != null && !allowed.contains(AclOperation.WRITE)) {
        return new RetryTarget.NotWritable();
      }
      return RetryTarget.Writable.of(description.partitions().size(), configs(configs));
    } catch (UnknownTopicOrPartitionException | InvalidTopicException e) {
      return new RetryTarget.Missing();
    } catch (AuthorizationException e) {
      return new RetryTarget.NotWritable();
    }
  }

  /** Of a topic that may be written but not asked about, the broker's defaults are assumed. */
  private static Map<String, String> configs(KafkaFuture<Config> answer) {
    try {
      return TopicLook.toMap(AdminAccess.await(answer));
    } catch (AuthorizationException e) {
      return Map.of();
    }
  }
}
