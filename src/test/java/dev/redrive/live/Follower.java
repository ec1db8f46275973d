// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads topics from their beginning, what is committed only, and keeps all that it read. */
final class Follower implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<String> topics;
  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final UnaryOperator<ConsumerRecord<byte[], byte[]>> kept;

  Follower(String bootstrapServers, List<String> topics) {
    this(bootstrapServers, topics, UnaryOperator.identity());
  }

  /**
   * Follows and keeps only a part of each record, where so many come that whole ones would fill the
   * memory.
   */
  Follower(
      String bootstrapServers,
      List<String> topics,
      UnaryOperator<ConsumerRecord<byte[], byte[]>> kept) {
    this.topics = topics;
    this.kept = kept;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : topics) {
      consumer
          .partitionsFor(topic)
          .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Reads on until one of the records, old or new, is like this. */
  ConsumerRecord<byte[], byte[]> await(Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    int looked = 0;
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      for (; looked < records.size(); looked++) {
        if (wanted.test(records.get(looked))) {
          return records.get(looked);
        }
      }
      consumer.poll(POLL).forEach(record -> records.add(kept.apply(record)));
    }
    throw new AssertionError("nothing like it in " + records.size() + " records of " + topics);
  }

  /** Reads on until so many are like this. */
  List<ConsumerRecord<byte[], byte[]>> await(
      int count, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    await(
        record -> {
          if (wanted.test(record)) {
            found.add(record);
          }
          return found.size() >= count;
        });
    return found;
  }

  /** The answer to the command with this request id. */
  JsonNode answer(String requestId) {
    return json(await(record -> requestId.equals(key(record))));
  }

  /** All that is there now. */
  List<ConsumerRecord<byte[], byte[]>> all() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      consumer.poll(POLL).forEach(record -> records.add(kept.apply(record)));
    }
    return List.copyOf(records);
  }

  @Override
  public void close() {
    consumer.close();
  }

  /** The record's place, key and event type. */
  static ConsumerRecord<byte[], byte[]> typeOnly(ConsumerRecord<byte[], byte[]> record) {
    ConsumerRecord<byte[], byte[]> small =
        new ConsumerRecord<>(
            record.topic(), record.partition(), record.offset(), record.key(), new byte[0]);
    header(record, "ce_type")
        .ifPresent(type -> small.headers().add("ce_type", type.getBytes(UTF_8)));
    return small;
  }

  static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(Header::value)
        .map(value -> new String(value, UTF_8));
  }

  /** Whether it is the event of that type, such as {@code letter.failed}. */
  static boolean isEvent(ConsumerRecord<byte[], byte[]> record, String type) {
    return header(record, "ce_type").equals(Optional.of("dev.redrive." + type + ".v1"));
  }

  static String key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? "" : new String(record.key(), UTF_8);
  }

  static JsonNode json(ConsumerRecord<byte[], byte[]> record) {
    try {
      return JSON.readTree(record.value());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
