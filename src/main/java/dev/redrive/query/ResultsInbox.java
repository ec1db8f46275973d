// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.codec.AnswerJson;
import dev.redrive.codec.SelectedJson;
import dev.redrive.command.Answer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the results topic and hands each answer to the request that waits for it. One thread, no
 * group: every instance reads every answer and drops those of others.
 */
final class ResultsInbox implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(ResultsInbox.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration CLOSE = Duration.ofSeconds(2);
  private static final long RETRY_MS = 1_000;

  private final String topic;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Map<String, CompletableFuture<Answer>> waiting = new ConcurrentHashMap<>();

  /** Where to go on if the consumer has to be made anew; only the thread touches it. */
  private final Map<TopicPartition, Long> positions = new HashMap<>();

  private final CountDownLatch following = new CountDownLatch(1);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile Consumer<byte[], byte[]> current;

  /**
   * @param consumers makes one that reads committed records from the end where it has no position
   */
  ResultsInbox(String topic, Supplier<Consumer<byte[], byte[]>> consumers) {
    this.topic = topic;
    this.consumers = consumers;
    this.current = consumers.get();
    this.thread = new Thread(this::run, "redrive-results");
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits until answers sent from now on will be seen. */
  boolean follows(long millis) throws InterruptedException {
    return following.await(millis, TimeUnit.MILLISECONDS);
  }

  /** The answer to come for this request; {@link #forget} must follow. */
  CompletableFuture<Answer> expect(String requestId) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    if (waiting.putIfAbsent(requestId, answer) != null) {
      throw new IllegalArgumentException("request id " + requestId + " is waited for already");
    }
    return answer;
  }

  void forget(String requestId) {
    waiting.remove(requestId);
  }

  int size() {
    return waiting.size();
  }

  @Override
  public void close() {
    closing.countDown();
    current.wakeup();
    try {
      thread.join(CLOSE.toMillis() * 2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed()) {
      try (Consumer<byte[], byte[]> consumer = current) {
        follow(consumer);
      } catch (WakeupException | InterruptException e) {
        return;
      } catch (KafkaException e) {
        LOGGER
            .atWarn()
            .addKeyValue("topic", topic)
            .setCause(e)
            .log("Reading command results failed; starting again");
        restart();
      }
    }
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new KafkaException("topic " + topic + " has no partitions yet");
    }
    consumer.assign(partitions);
    // Seeking to the end is lazy. Without asking for the position now, an answer written before
    // the first fetch would lie behind it.
    consumer.seekToEnd(partitions);
    partitions.forEach(partition -> positions.computeIfAbsent(partition, consumer::position));
    positions.forEach(consumer::seek);
    following.countDown();
    while (!closed()) {
      for (ConsumerRecord<byte[], byte[]> result : consumer.poll(POLL)) {
        positions.put(new TopicPartition(result.topic(), result.partition()), result.offset() + 1);
        deliver(result);
      }
    }
  }

  private void deliver(ConsumerRecord<byte[], byte[]> result) {
    if (waiting.isEmpty() || result.value() == null) {
      return;
    }
    Optional<Answer> read = AnswerJson.read(result.value());
    if (read.isEmpty() && SelectedJson.is(result.value())) {
      // For who follows the topic; over HTTP a run is asked how far it is.
      return;
    }
    if (read.isEmpty()) {
      LOGGER
          .atWarn()
          .addKeyValue("topic", topic)
          .addKeyValue("partition", result.partition())
          .addKeyValue("offset", result.offset())
          .log("A record on the results topic is no answer");
      return;
    }
    CompletableFuture<Answer> request = waiting.get(read.get().requestId());
    if (request != null) {
      request.complete(read.get());
    }
  }

  private void restart() {
    try {
      if (!closing.await(RETRY_MS, TimeUnit.MILLISECONDS)) {
        current = consumers.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing.countDown();
    }
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }
}
