// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redrive.codec.ArtifactUse;
import dev.redrive.codec.ArtifactUse.What;
import dev.redrive.codec.PayloadView;
import dev.redrive.letter.LetterId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AuditTrailTest {
  private static final LetterId ID = LetterId.of("a", "1");
  private static final PayloadView VIEW =
      new PayloadView("vic", "GET /api/dlq/{id}", false, List.of(ID), null);

  @Test
  void whatIsToldBecomesAnEventOfTheLetter() {
    Stuck producer = new Stuck(true);
    try (AuditTrail trail = new AuditTrail(producer, "events", "redrive", Clock.systemUTC())) {
      trail.accept(VIEW);
      await().until(() -> producer.history().size() == 1);
      ProducerRecord<byte[], byte[]> event = producer.history().get(0);
      assertThat(event.topic()).isEqualTo("events");
      assertThat(new String(event.key(), UTF_8)).isEqualTo(ID.toString());
      assertThat(new String(event.headers().lastHeader("ce_type").value(), UTF_8))
          .isEqualTo("dev.redrive.payload.viewed.v1");
      assertThat(new String(event.value(), UTF_8))
          .contains("\"requested_by\":\"vic\"", ID.toString());
      assertThat(trail.lost()).isZero();
    }
  }

  @Test
  void whatIsDoneWithAnArtifactBecomesAnEventOfIt() {
    Stuck producer = new Stuck(true);
    try (AuditTrail trail = new AuditTrail(producer, "events", "redrive", Clock.systemUTC())) {
      trail.accept(new ArtifactUse(What.DOWNLOADED, "diag_1", "heap_dump", null, null, "ada"));
      await().until(() -> producer.history().size() == 1);
      ProducerRecord<byte[], byte[]> event = producer.history().get(0);
      assertThat(new String(event.key(), UTF_8)).isEqualTo("diag_1");
      assertThat(new String(event.headers().lastHeader("ce_type").value(), UTF_8))
          .isEqualTo("dev.redrive.artifact.downloaded.v1");
      assertThat(new String(event.value(), UTF_8))
          .isEqualTo(
              "{\"artifact_id\":\"diag_1\",\"artifact_type\":\"heap_dump\",\"requested_by\":\"ada\"}");
    }
  }

  @Test
  void whatKafkaDoesNotTakeIsCounted() {
    Stuck producer = new Stuck(false);
    try (AuditTrail trail = new AuditTrail(producer, "events", "redrive", Clock.systemUTC())) {
      trail.accept(VIEW);
      await().until(() -> producer.errorNext(new TimeoutException("no broker")));
      assertThat(trail.lost()).isEqualTo(1);
    }
  }

  @Test
  void aRequestNeverWaitsForKafkaAndWhatFindsNoPlaceIsCounted() {
    Stuck producer = new Stuck(true);
    producer.taken = new CountDownLatch(1);
    try (AuditTrail trail = new AuditTrail(producer, "events", "redrive", Clock.systemUTC())) {
      trail.accept(VIEW);
      await().until(() -> producer.entered);
      for (int i = 0; i < AuditTrail.MAX_WAITING + 7; i++) {
        trail.accept(VIEW);
      }
      assertThat(trail.lost()).isEqualTo(7);
      producer.taken.countDown();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> producer.history().size() == 1 + AuditTrail.MAX_WAITING);
    }
  }

  /** Takes records when it is let. */
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // waits, and so must not hold the lock
  private static final class Stuck extends MockProducer<byte[], byte[]> {
    private volatile CountDownLatch taken = new CountDownLatch(0);
    private volatile boolean entered;

    Stuck(boolean completes) {
      super(
          completes,
          new RoundRobinPartitioner(),
          new ByteArraySerializer(),
          new ByteArraySerializer());
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
      entered = true;
      try {
        taken.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return super.send(record, callback);
    }
  }
}
