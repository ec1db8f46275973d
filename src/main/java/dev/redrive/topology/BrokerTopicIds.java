// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Asks the brokers for a topic's id. Where they do not answer the task fails and tries again: a
 * guessed id would make redeliveries new, or new records redeliveries.
 */
public record BrokerTopicIds(Admin admin) implements Function<String, UUID> {
  private static final long LIMIT_SECONDS = 20;

  @Override
  public UUID apply(String topic) {
    try {
      KafkaFuture<TopicDescription> answer =
          admin.describeTopics(List.of(topic)).topicNameValues().get(topic);
      TopicDescription found =
          Objects.requireNonNull(answer, "what was asked for is answered")
              .get(LIMIT_SECONDS, TimeUnit.SECONDS);
      Uuid id = found.topicId();
      return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("the id of error topic " + topic + " can't be looked up", e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
