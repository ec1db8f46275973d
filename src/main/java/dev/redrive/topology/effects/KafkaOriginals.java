// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.effects;

import dev.redrive.letter.Header;
import dev.redrive.letter.Original;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads originals from Kafka, with consumers that belong to no group and are used again. Only
 * committed records count: what an aborted transaction left is nobody's record.
 */
public final class KafkaOriginals implements Originals, AutoCloseable {
  /** All that is asked for one record together takes no longer. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration STOP = Duration.ofSeconds(1);

  private final Admin admin;
  private final Map<String, Object> consumerSettings;
  private final Deque<KafkaConsumer<byte[], byte[]>> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  /**
   * Opens no connection yet.
   *
   * @param admin stays the caller's, who closes it after this
   * @param clientSettings how to reach the brokers
   */
  public KafkaOriginals(Admin admin, Map<String, Object> clientSettings) {
    this.admin = admin;
    this.consumerSettings = new HashMap<>(clientSettings);
    consumerSettings.remove(ConsumerConfig.CLIENT_ID_CONFIG);
    consumerSettings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    consumerSettings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    consumerSettings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    consumerSettings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    consumerSettings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    // One record is wanted; the broker sends the first batch whole, however large it is.
    consumerSettings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1);
  }

  @Override
  public Fetched read(Original original) throws NotReadException {
    try {
      TopicDescription topic = describe(original.place().topic());
      if (original.place().partition() >= topic.partitions().size()) {
        return new Fetched.NoSuchPlace();
      }
      return isAnother(topic, original.topicId())
          ? new Fetched.Gone("topic " + topic.name() + " was deleted and made again since")
          : read(
              new TopicPartition(original.place().topic(), original.place().partition()),
              original.place().offset());
    } catch (UnknownTopicOrPartitionException | InvalidTopicException e) {
      return new Fetched.NoSuchPlace();
    } catch (AuthorizationException e) {
      return new Fetched.Gone("Redrive may not read that topic; allow its principal to");
    } catch (InterruptException e) {
      throw new NotReadException("Redrive is stopping", e);
    } catch (KafkaException e) {
      throw new NotReadException("the brokers answered: " + e.getMessage(), e);
    }
  }

  private static boolean isAnother(TopicDescription topic, @Nullable UUID wanted) {
    return wanted != null
        && (wanted.getMostSignificantBits() != topic.topicId().getMostSignificantBits()
            || wanted.getLeastSignificantBits() != topic.topicId().getLeastSignificantBits());
  }

  private TopicDescription describe(String topic) throws NotReadException {
    try {
      return Objects.requireNonNull(
              admin.describeTopics(List.of(topic)).topicNameValues().get(topic), "asked for")
          .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException refused) {
        throw refused;
      }
      throw new NotReadException("the brokers did not tell of topic " + topic, e);
    } catch (TimeoutException e) {
      throw new NotReadException("no broker told of topic " + topic + " in time", e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private Fetched read(TopicPartition from, long offset) throws NotReadException {
    KafkaConsumer<byte[], byte[]> consumer = idle.poll();
    if (consumer == null) {
      consumer =
          new KafkaConsumer<>(
              consumerSettings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
    boolean usable = false;
    try {
      Fetched fetched = read(consumer, from, offset);
      usable = true;
      return fetched;
    } finally {
      giveBack(consumer, usable);
    }
  }

  private void giveBack(KafkaConsumer<byte[], byte[]> consumer, boolean usable) {
    if (!usable) {
      consumer.close(closeAtOnce());
      return;
    }
    consumer.unsubscribe();
    idle.push(consumer);
    if (closed) {
      close();
    }
  }

  private static Fetched read(
      KafkaConsumer<byte[], byte[]> consumer, TopicPartition from, long offset)
      throws NotReadException {
    consumer.assign(List.of(from));
    Long end = consumer.endOffsets(List.of(from), LIMIT).get(from);
    if (end != null && offset >= end) {
      return new Fetched.Gone("that partition ends at offset " + end);
    }
    consumer.seek(from, offset);
    long deadline = System.nanoTime() + LIMIT.toNanos();
    try {
      while (System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(from)) {
          return record.offset() == offset ? found(record) : gone(record.offset());
        }
        // Past it without a record: it was compacted away, or belongs to an aborted transaction.
        long position = consumer.position(from);
        if (position > offset) {
          return gone(position);
        }
      }
    } catch (OffsetOutOfRangeException e) {
      return new Fetched.Gone("the topic has deleted its records up to a later offset");
    }
    throw new NotReadException("no broker sent the record within " + LIMIT.toSeconds() + " s");
  }

  private static Fetched gone(long next) {
    return new Fetched.Gone("that offset is empty; the next is " + next);
  }

  private static Fetched found(ConsumerRecord<byte[], byte[]> record) {
    List<Header> headers = new ArrayList<>();
    record
        .headers()
        .forEach(
            header -> headers.add(new Header(header.key(), RawBytes.ofNullable(header.value()))));
    return new Fetched.Found(
        new RawRecord(
            RawBytes.ofNullable(record.key()), RawBytes.ofNullable(record.value()), headers),
        record.timestamp());
  }

  /** Closes what is idle; who is reading closes its own when it ends. */
  @Override
  public void close() {
    closed = true;
    KafkaConsumer<byte[], byte[]> consumer;
    while ((consumer = idle.poll()) != null) {
      consumer.close(closeAtOnce());
    }
  }

  private static CloseOptions closeAtOnce() {
    return CloseOptions.timeout(STOP);
  }
}
