// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.codec.ArtifactUse;
import dev.redrive.codec.Audited;
import dev.redrive.codec.EventJson;
import dev.redrive.codec.PayloadView;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who was shown payloads or had to do with artifacts, as events. A request does not wait for Kafka:
 * what is told waits in a bounded queue, and what the queue or Kafka does not take is counted and,
 * as everything, in the log. Threads may share one.
 */
public final class AuditTrail implements Consumer<Audited>, AutoCloseable {
  private static final Logger AUDIT = LoggerFactory.getLogger("redrive-audit");

  /** A page names 100 letters at most, so this is some 40 MB where Kafka is away. */
  static final int MAX_WAITING = 10_000;

  private static final Duration TAKE = Duration.ofMillis(100);
  private static final Duration DELIVERY = Duration.ofSeconds(30);
  private static final Duration CLOSE = Duration.ofSeconds(2);
  private static final Duration WARN_EVERY = Duration.ofMinutes(1);

  private final BlockingQueue<Told> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong warnedAt = new AtomicLong();
  private final String topic;
  private final Producer<byte[], byte[]> producer;
  private final EventJson events;
  private final Clock clock;
  private final Thread thread = new Thread(this::run, "redrive-audit");
  private volatile boolean closed;

  private record Told(Audited what, String id, long at) {}

  AuditTrail(Producer<byte[], byte[]> producer, String topic, String applicationId, Clock clock) {
    this.producer = producer;
    this.topic = topic;
    this.events = new EventJson(applicationId);
    this.clock = clock;
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Connects; close it to disconnect.
   *
   * @param kafka client settings, such as {@code bootstrap.servers} and security
   * @param topic of the events
   */
  public static AuditTrail start(
      Map<String, Object> kafka, String topic, String applicationId, Clock clock) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, "redrive-audit");
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) DELIVERY.toMillis());
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) DELIVERY.toMillis() / 2);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY.toMillis());
    return new AuditTrail(
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()),
        topic,
        applicationId,
        clock);
  }

  /** Returns at once. */
  @Override
  public void accept(Audited what) {
    Told told = new Told(what, UUID.randomUUID().toString(), clock.millis());
    log(told);
    if (closed || !waiting.offer(told)) {
      lose("the queue is full");
    }
  }

  /** Events that did not reach the topic. */
  public long lost() {
    return lost.get();
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
    producer.close(CLOSE);
    lost.addAndGet(waiting.size());
  }

  private static void log(Told told) {
    var line =
        AUDIT
            .atInfo()
            .addKeyValue("event", EventJson.typeOf(told.what))
            .addKeyValue("requested_by", told.what.requestedBy());
    if (told.what instanceof ArtifactUse use) {
      line.addKeyValue("subject", use.artifactId())
          .addKeyValue("type", use.artifactType())
          .addKeyValue("pipeline_id", use.pipelineId() == null ? "none" : use.pipelineId())
          .addKeyValue("run_id", use.runId() == null ? "none" : use.runId())
          .log("audit");
    } else if (told.what instanceof PayloadView view) {
      line.addKeyValue("subject", EventJson.subject(view, told.id))
          .addKeyValue("operation", view.operation())
          .addKeyValue("revealed", view.revealed())
          .addKeyValue("letters", view.filter() == null ? view.letters().size() : "by filter")
          .log("audit");
    }
  }

  private void run() {
    try {
      while (!closed || !waiting.isEmpty()) {
        Told told = waiting.poll(TAKE.toMillis(), TimeUnit.MILLISECONDS);
        if (told != null) {
          send(told);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // The callback tells what became of it.
  private void send(Told told) {
    EventJson.Event event = events.audited(told.what, told.id, told.at);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic,
            null,
            told.at,
            event.key().getBytes(StandardCharsets.UTF_8),
            event.value().array());
    for (Header header : event.headers()) {
      RawBytes value = Objects.requireNonNull(header.value());
      record.headers().add(header.name(), value.array());
    }
    try {
      producer.send(
          record,
          (metadata, failure) -> {
            if (failure != null) {
              lose(String.valueOf(failure.getMessage()));
            }
          });
    } catch (KafkaException e) {
      lose(String.valueOf(e.getMessage()));
    }
  }

  /** Says so once a minute: while Kafka is away each request loses one, and its line is logged. */
  private void lose(String why) {
    long total = lost.incrementAndGet();
    long now = clock.millis();
    long before = warnedAt.get();
    if (Math.abs(now - before) >= WARN_EVERY.toMillis() && warnedAt.compareAndSet(before, now)) {
      AUDIT
          .atWarn()
          .addKeyValue("reason", why)
          .addKeyValue("lost", total)
          .log("audit events do not reach their topic");
    }
  }
}
