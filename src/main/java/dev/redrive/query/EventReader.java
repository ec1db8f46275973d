// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.query.EventPage.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events topic backwards, a bounded part of it for each page. There is one consumer, for
 * this is for people who look what happened; programs follow the topic.
 */
public final class EventReader implements AutoCloseable {
  /** Offsets that are read together from one partition. */
  private static final int CHUNK = 500;

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration STOP = Duration.ofSeconds(1);

  private final Map<String, Object> settings;
  private final String topic;
  private final Duration limit;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private boolean closed;

  /**
   * Opens no connection yet.
   *
   * @param clientSettings how to reach the brokers
   * @param limit how long a page may take
   */
  public EventReader(Map<String, Object> clientSettings, String topic, Duration limit) {
    this.topic = topic;
    this.limit = limit;
    this.settings = new HashMap<>(clientSettings);
    settings.remove(ConsumerConfig.CLIENT_ID_CONFIG);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, CHUNK);
  }

  /**
   * Where to look for what.
   *
   * @param subject of this letter, run, command or place only; null: of any
   * @param since earliest time, inclusive, epoch milliseconds
   * @param until latest time, inclusive
   * @param below where the page before ended; null: from the end
   * @param wanted which events to show
   * @param size events at most
   * @param most events to look at
   */
  public record Wanted(
      @Nullable String subject,
      long since,
      long until,
      @Nullable Map<Integer, Long> below,
      Predicate<Event> wanted,
      int size,
      int most) {}

  /** A page; empty where the brokers did not answer in time. */
  public Optional<EventPage> page(Wanted wanted) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      if (!lock.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        return Optional.empty();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
    try {
      return closed ? Optional.empty() : Optional.of(read(wanted, deadline));
    } catch (InterruptException e) {
      discard();
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (KafkaException e) {
      discard();
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private EventPage read(Wanted wanted, long deadline) {
    KafkaConsumer<byte[], byte[]> reader = consumer;
    if (reader == null) {
      reader =
          new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      consumer = reader;
    }
    List<EventTail> tails = new ArrayList<>();
    List<TopicPartition> partitions = partitions(reader, wanted.subject());
    Map<TopicPartition, Long> starts = reader.beginningOffsets(partitions, limit);
    Map<TopicPartition, Long> ends = reader.endOffsets(partitions, limit);
    for (TopicPartition partition : partitions) {
      long end = ends.getOrDefault(partition, 0L);
      Map<Integer, Long> below = wanted.below();
      long from = below == null ? end : below.getOrDefault(partition.partition(), end);
      tails.add(new EventTail(partition, starts.getOrDefault(partition, 0L), Math.min(from, end)));
    }
    return new EventWalk(wanted, tails, chunks(reader, deadline)).page();
  }

  /** Of a subject only the partition that its events lie in. */
  private List<TopicPartition> partitions(
      KafkaConsumer<byte[], byte[]> reader, @Nullable String subject) {
    int count = reader.partitionsFor(topic, limit).size();
    List<TopicPartition> all = new ArrayList<>();
    for (int partition = 0; partition < count; partition++) {
      all.add(new TopicPartition(topic, partition));
    }
    if (subject == null || count == 0) {
      return all;
    }
    byte[] key = subject.getBytes(StandardCharsets.UTF_8);
    return List.of(all.get(Utils.toPositive(Utils.murmur2(key)) % count));
  }

  private EventTail.Chunks chunks(KafkaConsumer<byte[], byte[]> reader, long deadline) {
    return (partition, start, below) -> {
      long from = Math.max(start, below - CHUNK);
      reader.assign(List.of(partition));
      reader.seek(partition, from);
      List<Event> events = new ArrayList<>();
      while (reader.position(partition, limit) < below) {
        if (System.nanoTime() > deadline) {
          return null;
        }
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL).records(partition)) {
          if (record.offset() < below) {
            events.add(event(record));
          }
        }
      }
      return new EventTail.Chunk(events, from);
    };
  }

  private static Event event(ConsumerRecord<byte[], byte[]> record) {
    List<Header> headers = new ArrayList<>();
    record
        .headers()
        .forEach(
            header -> headers.add(new Header(header.key(), RawBytes.ofNullable(header.value()))));
    return new Event(
        record.partition(),
        record.offset(),
        record.timestamp(),
        headers,
        RawBytes.ofNullable(record.value()));
  }

  private void discard() {
    KafkaConsumer<byte[], byte[]> broken = consumer;
    consumer = null;
    if (broken != null) {
      broken.close(CloseOptions.timeout(STOP));
    }
  }

  /** Waits for a page that is being read, for a bounded time. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      discard();
    } finally {
      lock.unlock();
    }
  }
}
