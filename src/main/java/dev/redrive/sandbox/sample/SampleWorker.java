// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pipeline's consumer: its input topic and, among the records of the retry topic, its own.
 * Tries a record again itself where that may help, then sends it to the error topic. Offsets are
 * committed when what followed from the records is written, so a crash makes some of it happen
 * twice, never not at all.
 */
final class SampleWorker {
  static final int RETRIES = 2;
  static final Duration RETRY_DELAY = Duration.ofMillis(100);

  private static final Logger LOGGER = LoggerFactory.getLogger(SampleWorker.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration RESTART_DELAY = Duration.ofSeconds(1);

  private final Work work;
  private final SampleTopics topics;
  private final Map<String, Object> clientSettings;
  private final Producer<byte[], byte[]> producer;
  private final DeadLetters deadLetters;
  private final CountDownLatch stop;
  private final CountDownLatch ready = new CountDownLatch(1);

  SampleWorker(
      Work work,
      SampleTopics topics,
      Map<String, String> clientSettings,
      Producer<byte[], byte[]> producer,
      String pipelineRunId,
      CountDownLatch stop) {
    this.work = work;
    this.topics = topics;
    this.clientSettings = settings(work, clientSettings);
    this.producer = producer;
    this.deadLetters = new DeadLetters(topics.errors(), work.pipelineId(), pipelineRunId);
    this.stop = stop;
  }

  String pipelineId() {
    return work.pipelineId();
  }

  /** Open when records are being taken. */
  CountDownLatch ready() {
    return ready;
  }

  /** Returns when told to stop. */
  void run() {
    while (!isStopped()) {
      try {
        consume();
      } catch (RuntimeException e) {
        LOGGER
            .atWarn()
            .addKeyValue("pipeline_id", work.pipelineId())
            .setCause(e)
            .log("The sample pipeline lost its consumer; it starts another");
        pause(RESTART_DELAY);
      }
    }
  }

  private void consume() {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            clientSettings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      if (work.remembersInMemory()) {
        remember(consumer);
      }
      consumer.subscribe(List.of(work.inputTopic(), topics.retry()), new Readiness());
      while (!isStopped()) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        records.forEach(this::handle);
        if (!records.isEmpty()) {
          consumer.commitSync();
        }
      }
    }
  }

  /** Goes through what was processed before this start; what failed then was told then. */
  private void remember(KafkaConsumer<byte[], byte[]> consumer) {
    TopicPartition input = new TopicPartition(work.inputTopic(), 0);
    OffsetAndMetadata done = consumer.committed(Set.of(input)).get(input);
    if (done == null) {
      return;
    }
    consumer.assign(List.of(input));
    consumer.seekToBeginning(List.of(input));
    while (consumer.position(input) < done.offset() && !isStopped()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < done.offset()) {
          work.process(record);
        }
      }
    }
    consumer.unsubscribe();
  }

  private void handle(ConsumerRecord<byte[], byte[]> record) {
    boolean replay = record.topic().equals(topics.retry());
    if (replay && !isOurs(record)) {
      return;
    }
    Optional<GivenUp> givenUp = attempt(record);
    if (givenUp.isPresent()) {
      send(deadLetters.of(record, givenUp.get()));
    } else if (replay) {
      Outcomes.succeeded(topics.outcomes(), record).ifPresent(this::send);
    }
  }

  private boolean isOurs(ConsumerRecord<byte[], byte[]> replay) {
    return work.pipelineId().equals(RecordFacts.header(replay.headers(), DeadLetters.PIPELINE_ID));
  }

  private Optional<GivenUp> attempt(ConsumerRecord<byte[], byte[]> record) {
    long firstFailedAt = 0;
    for (int retries = 0; ; retries++) {
      Optional<Failed> failed = work.process(record);
      if (failed.isEmpty()) {
        return Optional.empty();
      }
      long now = System.currentTimeMillis();
      firstFailedAt = retries == 0 ? now : firstFailedAt;
      boolean again = failed.get().passing() && retries < RETRIES;
      if (!again) {
        Failed last = work.giveUp(record, failed.get());
        return Optional.of(new GivenUp(last, firstFailedAt, now, retries));
      }
      pause(RETRY_DELAY);
    }
  }

  /** Waits until it is written: an offset committed before would lose it. */
  private void send(ProducerRecord<byte[], byte[]> record) {
    try {
      producer.send(record).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Writing to " + record.topic() + " failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while writing to " + record.topic(), e);
    }
  }

  private boolean isStopped() {
    return stop.getCount() == 0 || Thread.currentThread().isInterrupted();
  }

  /** Not at all once it is told to stop. */
  private void pause(Duration time) {
    try {
      stop.await(time.toMillis(), MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, Object> settings(Work work, Map<String, String> clientSettings) {
    Map<String, Object> settings = new HashMap<>(clientSettings);
    settings.put("group.id", "sample-" + work.pipelineId());
    settings.put("client.id", "sample-" + work.pipelineId());
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", false);
    settings.put("allow.auto.create.topics", false);
    // A replay whose transaction was aborted never happened.
    settings.put("isolation.level", "read_committed");
    // A stop then waits for one record at most.
    settings.put("max.poll.records", 1);
    // After a kill the next start would wait this long for the dead member.
    settings.put("session.timeout.ms", 6_000);
    settings.put("heartbeat.interval.ms", 2_000);
    settings.put("default.api.timeout.ms", 5_000);
    settings.put("request.timeout.ms", 5_000);
    return settings;
  }

  private final class Readiness implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      ready.countDown();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      // What was handled is committed before every poll.
    }
  }
}
