// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic from its start, as somebody would who belongs to no group. */
public final class TopicReader implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;

  public TopicReader(Installation installation, String topic, IsolationLevel isolation) {
    Map<String, Object> config = new HashMap<>(installation.clients());
    config.put("isolation.level", isolation.toString());
    config.put("allow.auto.create.topics", false);
    consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** All that is committed now. */
  public static List<ConsumerRecord<byte[], byte[]>> committed(
      Installation installation, String topic) {
    try (TopicReader reader = new TopicReader(installation, topic, IsolationLevel.READ_COMMITTED)) {
      return reader.toEnd();
    }
  }

  /** All that was ever sent, also what is not committed or never will be. */
  static List<ConsumerRecord<byte[], byte[]>> sent(Installation installation, String topic) {
    try (TopicReader reader =
        new TopicReader(installation, topic, IsolationLevel.READ_UNCOMMITTED)) {
      return reader.toEnd();
    }
  }

  /** What came since the last call, if anything comes soon. */
  public List<ConsumerRecord<byte[], byte[]>> poll() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    consumer.poll(Duration.ofMillis(20)).forEach(records::add);
    return records;
  }

  /** The ends that this reader may read to. */
  Map<TopicPartition, Long> ends() {
    return consumer.endOffsets(partitions);
  }

  List<ConsumerRecord<byte[], byte[]>> toEnd() {
    return to(ends());
  }

  /** What lies before the given offsets. */
  List<ConsumerRecord<byte[], byte[]>> to(Map<TopicPartition, Long> ends) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      consumer.poll(Duration.ofMillis(100)).forEach(records::add);
    }
    records.removeIf(
        record ->
            record.offset() >= ends.get(new TopicPartition(record.topic(), record.partition())));
    return records;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
