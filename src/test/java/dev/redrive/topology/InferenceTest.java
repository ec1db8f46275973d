// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static dev.redrive.topology.TopologyFixture.RETRY;
import static dev.redrive.topology.TopologyFixture.header;
import static dev.redrive.topology.TopologyFixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.Landing;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outcomes that nobody tells: the consumer group has gone past the replay, and no failure came. */
class InferenceTest {
  private static final Duration STEP = Duration.ofMillis(200);
  private static final TopicPartition AT = new TopicPartition(RETRY, 0);

  @TempDir private Path directory;
  private TopologyFixture redrive;

  @BeforeEach
  void start() {
    redrive =
        new TopologyFixture(
            directory, Map.of("pipelines[0].id", "quiet", "pipelines[0].outcomes.group", "app"));
  }

  @AfterEach
  void stop() {
    redrive.close();
  }

  @Test
  void aReplayThatTheGroupHasPassedCountsAsWorkedAndSaysThatItWasInferred() {
    LetterId id = redrive.fail("quiet", "r-1");
    replayTo(id, 7);

    redrive.progress.put(AT, 7L);
    redrive.advance(STEP);
    assertThat(redrive.letter(id).orElseThrow().head().status()).isEqualTo(Status.RETRYING);
    redrive.sent("redrive-events");
    redrive.progress.put(AT, 8L);
    redrive.advance(STEP);

    assertThat(redrive.letter(id)).isEmpty();
    List<TestRecord<byte[], byte[]>> events = redrive.sent("redrive-events");
    assertThat(events).hasSize(1);
    assertThat(header(events.get(0), "ce_type")).contains("letter.succeeded");
    assertThat(new String(events.get(0).value(), StandardCharsets.UTF_8))
        .contains("inferred: group app has committed past redrive-retry-0-7");
  }

  @Test
  void aFailureThatCameBackBeforeCounts() {
    LetterId id = redrive.fail("quiet", "r-1");
    replayTo(id, 7);
    redrive.fail("quiet", "r-1", "redrive-letter-id", id.toString(), "redrive-attempt", "1");

    redrive.progress.put(AT, 8L);
    redrive.advance(STEP);

    assertThat(redrive.letter(id).orElseThrow().head().status()).isEqualTo(Status.PENDING);
    assertThat(redrive.letter(id).orElseThrow().head().attemptCount()).isEqualTo(2);
  }

  @Test
  void anOlderReplaysPlaceSaysNothingOfANewerReplay() {
    LetterId id = redrive.fail("quiet", "r-1");
    replayTo(id, 7);
    redrive.advance(Duration.ofMinutes(16));
    assertThat(redrive.letter(id).orElseThrow().head().status()).isEqualTo(Status.PENDING);
    replayTo(id, 9);

    redrive.progress.put(AT, 8L);
    redrive.advance(STEP);
    assertThat(redrive.letter(id).orElseThrow().head().status()).isEqualTo(Status.RETRYING);
    redrive.progress.put(AT, 10L);
    redrive.advance(STEP);

    assertThat(redrive.letter(id)).isEmpty();
  }

  @Test
  void pipelinesThatDoNotSwitchItOnAreLeftAlone() {
    LetterId id = redrive.fail("loud", "r-1");
    redrive.replay(id);

    assertThat(landingOf(redrive.sent(RETRY).get(0), 7)).isEmpty();
    redrive.progress.put(AT, 8L);
    redrive.advance(STEP);
    assertThat(redrive.letter(id).orElseThrow().head().status()).isEqualTo(Status.RETRYING);
  }

  @Test
  void neverForRecordsThatAreTriedAgainLater() {
    LetterId id =
        redrive.fail(
            "quiet",
            "r-1",
            "delayed-retry-count",
            "2",
            "delayed-retry-topic",
            "orders",
            "delayed-retry-original-partition",
            "0",
            "delayed-retry-original-timestamp",
            "1",
            "delayed-retry-original-offset",
            "1");
    assertThat(redrive.letter(id).orElseThrow().detail().conventions())
        .contains("smallrye-delayed");
    redrive.replay(id);

    assertThat(landingOf(redrive.sent(RETRY).get(0), 7)).isEmpty();
  }

  private void replayTo(LetterId id, long offset) {
    assertThat(redrive.replay(id).accepted()).isTrue();
    redrive.landings.committed(landingOf(redrive.sent(RETRY).get(0), offset).get(0));
    redrive.advance(STEP);
  }

  private List<Landing> landingOf(TestRecord<byte[], byte[]> sent, long offset) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(RETRY, 0, utf8("k"), sent.value(), sent.headers());
    return redrive.landings.of(record, new RecordMetadata(AT, offset, 0, 0, 0, 0)).stream()
        .toList();
  }
}
