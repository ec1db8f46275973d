// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static dev.redrive.topology.TopologyFixture.RETRY;
import static dev.redrive.topology.TopologyFixture.headers;
import static dev.redrive.topology.TopologyFixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.Landing;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState.Status;
import dev.redrive.store.Rows;
import dev.redrive.store.RowsQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failures of replays whose producer drops every header, as the broker does for share groups. */
class LandingTest {
  private static final Duration STEP = Duration.ofMillis(100);
  private static final String GROUP = "orders-share";
  private static final LetterId ID = LetterId.of(GROUP, "orders-2-40");

  @TempDir private Path directory;
  private TopologyFixture redrive;

  @BeforeEach
  void start() {
    redrive = new TopologyFixture(directory, Map.of("pipelines[0].id", "plain"));
  }

  @AfterEach
  void stop() {
    redrive.close();
  }

  @Test
  void aFailureThatNeverWasAReplayIsALetterAtOnce() {
    fail(GROUP, "orders", 40);

    assertThat(redrive.letter(ID)).isPresent();
    assertThat(rows()).isEmpty();
  }

  @Test
  void aReplayThatFailsIsKnownByWhereItLanded() {
    fail(GROUP, "orders", 40);
    replayTo(ID, 5);

    fail(GROUP, RETRY, 5);

    assertFailedAgain();
  }

  @Test
  void aFailureThatIsQuickerThanTheNewsOfItsLandingWaitsForIt() {
    fail(GROUP, "orders", 40);
    redrive.replay(ID);
    Landing landing = landingOf(redrive.sent(RETRY).get(0), 5).orElseThrow();

    fail(GROUP, RETRY, 5);
    assertThat(redrive.letters()).hasSize(1);
    assertThat(redrive.letter(ID).orElseThrow().head().status()).isEqualTo(Status.RETRYING);
    redrive.landings.committed(landing);
    redrive.advance(STEP);

    assertFailedAgain();
  }

  @Test
  void aFailureOnTheRetryTopicThatIsNoReplayIsItsOwnLetterAfterTheWait() {
    fail(GROUP, RETRY, 9);
    redrive.advance(Duration.ofSeconds(9));
    assertThat(redrive.letters()).isEmpty();

    redrive.advance(Duration.ofSeconds(2));

    assertThat(redrive.letter(LetterId.of(GROUP, RETRY + "-2-9"))).isPresent();
    assertThat(rows()).isEmpty();
    assertThat(redrive.figures.failures.sum()).isEqualTo(1);
  }

  @Test
  void anotherGroupThatFailsOnTheSameReplayHasALetterOfItsOwn() {
    fail(GROUP, "orders", 40);
    replayTo(ID, 5);

    fail("other-share", RETRY, 5);

    assertThat(redrive.letter(ID).orElseThrow().head().status()).isEqualTo(Status.RETRYING);
    assertThat(redrive.letter(LetterId.of("other-share", RETRY + "-2-5"))).isPresent();
  }

  @Test
  void whatIsDeliveredAgainIsPassedOverAtItsFirstStop() {
    fail(GROUP, "orders", 40);
    replayTo(ID, 5);
    redrive.sent("redrive-ledger");
    fail(GROUP, RETRY, 5);
    List<TestRecord<byte[], byte[]>> entries = redrive.sent("redrive-ledger");

    redrive.deliverAgain(entries.get(0));

    assertFailedAgain();
    assertThat(redrive.figures.redeliveries.sum()).isEqualTo(1);
  }

  @Test
  void whatCameAfterAWaitingFailureDoesNotMakeItOneThatWasDeliveredAgain() {
    fail(GROUP, RETRY, 9);
    redrive.fail("billing", "later");
    redrive.advance(Duration.ofSeconds(11));

    assertThat(redrive.letters()).hasSize(2);
  }

  @Test
  void aLandingIsForgottenADayAfterItsReplayHasSettled() {
    fail(GROUP, "orders", 40);
    replayTo(ID, 5);
    assertThat(rows()).hasSize(1);

    redrive.advance(Duration.ofHours(24));
    assertThat(rows()).hasSize(1);
    redrive.advance(Duration.ofMinutes(16));
    assertThat(rows()).isEmpty();
  }

  @Test
  void nothingIsRememberedForProducersThatKeepTheHeaders() {
    LetterId id = redrive.fail("plain", "r-1");
    redrive.replay(id);

    assertThat(landingOf(redrive.sent(RETRY).get(0), 1)).isEmpty();
  }

  @Test
  void aPipelineMaySayThatItsProducersDropHeaders() {
    redrive.close();
    redrive =
        new TopologyFixture(
            directory, Map.of("pipelines[0].id", "rough", "pipelines[0].drops-headers", "true"));
    LetterId id = redrive.fail("rough", "r-1");
    replayTo(id, 3);

    redrive.fail(
        "rough",
        "unknown",
        "redrive-source-topic",
        RETRY,
        "redrive-source-partition",
        "2",
        "redrive-source-offset",
        "3");

    assertThat(redrive.letters()).hasSize(1);
    assertThat(redrive.letter(id).orElseThrow().head().attemptCount()).isEqualTo(2);
  }

  private void assertFailedAgain() {
    assertThat(redrive.letters()).hasSize(1);
    Letter letter = redrive.letter(ID).orElseThrow();
    assertThat(letter.head().attemptCount()).isEqualTo(2);
    assertThat(letter.head().status()).isEqualTo(Status.PENDING);
    assertThat(letter.head().lastRunId()).startsWith("run_");
    assertThat(letter.head().facts().recordId()).isEqualTo("orders-2-40");
    assertThat(letter.detail().source().topic()).isEqualTo("orders");
    assertThat(redrive.figures.failedAgain.sum()).isEqualTo(1);
    assertThat(redrive.figures.failures.sum()).isEqualTo(2);
  }

  /** Replays the letter, and lets the broker say that it lies there. */
  private void replayTo(LetterId id, long offset) {
    assertThat(redrive.replay(id).accepted()).isTrue();
    redrive.landings.committed(landingOf(redrive.sent(RETRY).get(0), offset).orElseThrow());
    redrive.advance(STEP);
  }

  private Optional<Landing> landingOf(TestRecord<byte[], byte[]> sent, long offset) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(RETRY, 2, sent.key(), sent.value(), sent.headers());
    RecordMetadata at = new RecordMetadata(new TopicPartition(RETRY, 2), offset, 0, 0, 0, 0);
    return redrive.landings.of(record, at);
  }

  private void fail(String group, String topic, long offset) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("__dlq.errors.topic", topic);
    all.put("__dlq.errors.partition", "2");
    all.put("__dlq.errors.offset", String.valueOf(offset));
    all.put("__dlq.errors.group", group);
    redrive.failRaw(utf8("k"), utf8("v"), headers(all));
  }

  private List<Rows.Row> rows() {
    return redrive.query(RowsQuery.prefix(new byte[] {RowKey.LANDING}, 100)).rows();
  }
}
