// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.repartition;

import dev.redrive.config.MessageSizes;
import dev.redrive.config.OwnTopics;
import dev.redrive.config.Settings;
import dev.redrive.topology.topics.AdminAccess;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What lies in Kafka of one Redrive that does not run. */
record Ledger(Admin admin, Settings settings) {
  private static final Duration POLL = Duration.ofMillis(200);

  int partitions() {
    return settings.topics().partitions();
  }

  /** Whether some instance is in its group. */
  boolean runs() {
    try {
      String group = settings.applicationId();
      var found = AdminAccess.await(admin.describeConsumerGroups(Set.of(group)).all()).get(group);
      return found != null
          && found.groupState() != GroupState.EMPTY
          && found.groupState() != GroupState.DEAD;
    } catch (GroupIdNotFoundException e) {
      return false;
    }
  }

  /** Entries that intakes have taken and the ledger has not. */
  int waiting() {
    Map<TopicPartition, OffsetAndMetadata> read = offsets();
    Map<TopicPartition, Long> from = new HashMap<>();
    internal()
        .forEach(
            topic ->
                partitionsOf(topic)
                    .forEach(
                        at -> {
                          OffsetAndMetadata offset = read.get(at);
                          from.put(at, offset == null ? 0L : offset.offset());
                        }));
    int[] count = {0};
    read(from, entry -> count[0]++);
    return count[0];
  }

  /** Shows each row that was ever written and is still there, each partition in order. */
  void rows(Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
    Map<TopicPartition, Long> from = new HashMap<>();
    partitionsOf(changelog()).forEach(partition -> from.put(partition, 0L));
    read(from, visitor);
  }

  String changelog() {
    return OwnTopics.changelog(settings);
  }

  /** How far it has read what others write: error topics, commands, outcomes. */
  Map<TopicPartition, OffsetAndMetadata> sources() {
    Set<String> own = internal().collect(Collectors.toSet());
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(offsets());
    offsets.keySet().removeIf(at -> own.contains(at.topic()) || at.topic().equals(changelog()));
    return offsets;
  }

  /** It will go on there at its first start. */
  void readFrom(Map<TopicPartition, OffsetAndMetadata> sources) {
    AdminAccess.await(admin.alterConsumerGroupOffsets(settings.applicationId(), sources).all());
  }

  KafkaProducer<byte[], byte[]> producer() {
    Map<String, Object> client = new HashMap<>(AdminAccess.clientSettings(settings));
    client.put(ProducerConfig.ACKS_CONFIG, "all");
    client.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    client.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    client.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MessageSizes.needed(settings));
    return new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private Map<TopicPartition, OffsetAndMetadata> offsets() {
    return AdminAccess.await(
        admin.listConsumerGroupOffsets(settings.applicationId()).partitionsToOffsetAndMetadata());
  }

  private Stream<String> internal() {
    return Stream.of(settings.topics().ledger(), settings.topics().control());
  }

  private List<TopicPartition> partitionsOf(String topic) {
    return IntStream.range(0, partitions())
        .mapToObj(partition -> new TopicPartition(topic, partition))
        .toList();
  }

  /** All that is committed from these offsets on. */
  private void read(
      Map<TopicPartition, Long> from, Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
    Map<String, Object> client = new HashMap<>(AdminAccess.clientSettings(settings));
    client.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    client.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    client.remove(ConsumerConfig.GROUP_ID_CONFIG);
    client.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(from.keySet());
      from.forEach(consumer::seek);
      Map<TopicPartition, Long> ends = consumer.endOffsets(from.keySet());
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(POLL).forEach(visitor);
      }
    }
  }
}
