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
import dev.redrive.run.Run;
import dev.redrive.run.RunState;
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
        .contains("\"inferred\":true", "group app has committed past redrive-retry-0-7");
    assertThat(redrive.figures.inferred.sum()).isEqualTo(1);
  }

  @Test
  void journalAndCountsOfARunSayWhatWasInferred() {
    LetterId quiet = redrive.fail("quiet", "r-1");
    LetterId told = redrive.fail("quiet", "r-2");
    String run = redrive.command("{\"type\":\"replay\",\"all\":true}").runId();
    steps();
    List<TestRecord<byte[], byte[]>> sent = redrive.sent(RETRY);
    assertThat(sent).hasSize(2);
    for (TestRecord<byte[], byte[]> replay : sent) {
      boolean first = header(replay, "redrive-letter-id").equals(quiet.toString());
      redrive.landings.committed(landingOf(replay, first ? 7 : 8).get(0));
    }
    redrive.outcome("{\"letter_id\":\"" + told + "\",\"outcome\":\"succeeded\"}");
    redrive.advance(STEP);

    redrive.progress.put(AT, 9L);
    steps();

    RunRows rows = new RunRows(redrive.store());
    assertThat(rows.line(run, quiet).inferred()).isTrue();
    assertThat(rows.line(run, told).inferred()).isFalse();
    Run ended = rows.run(run).orElseThrow();
    assertThat(ended.state()).isEqualTo(new RunState.Completed());
    assertThat(ended.sums().succeeded()).isEqualTo(2);
    assertThat(ended.sums().inferred()).isEqualTo(1);
  }

  @Test
  void silenceCountsAsSuccessOnlyWhereThePipelineSaysSo() {
    redrive.close();
    redrive =
        new TopologyFixture(
            directory.resolve("next"),
            Map.of("pipelines[0].id", "sure", "pipelines[0].outcomes.silence", "succeeded"));
    LetterId sure = redrive.fail("sure", "r-1");
    LetterId other = redrive.fail("other", "r-1");
    redrive.replay(sure);
    redrive.replay(other);
    redrive.sent("redrive-events");

    redrive.advance(Duration.ofMinutes(16));

    assertThat(redrive.letter(sure)).isEmpty();
    assertThat(redrive.letter(other).orElseThrow().head().status()).isEqualTo(Status.PENDING);
    assertThat(redrive.sent("redrive-events"))
        .filteredOn(event -> header(event, "ce_type").contains("letter.succeeded"))
        .singleElement()
        .satisfies(
            event ->
                assertThat(new String(event.value(), StandardCharsets.UTF_8))
                    .contains(sure.toString(), "\"inferred\":true", "settle-timeout"));
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

  private void steps() {
    for (int i = 0; i < 5; i++) {
      redrive.advance(STEP);
    }
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
