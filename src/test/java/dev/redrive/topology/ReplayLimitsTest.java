// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static dev.redrive.topology.TopologyFixture.RETRY;
import static dev.redrive.topology.TopologyFixture.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.RowKey;
import dev.redrive.command.Answer;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Refusal.Code;
import dev.redrive.run.Run;
import dev.redrive.run.RunState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limit on the replays of a pipeline in an hour, whoever asks for them. */
class ReplayLimitsTest {
  private static final Map<String, String> THREE =
      Map.of("pipelines[0].id", "billing", "pipelines[0].max-replays-per-hour", "3");
  private static final Duration STEP = Duration.ofMillis(100);
  private static final Duration HOUR_AND_MINUTE = Duration.ofMinutes(61);

  @TempDir private Path directory;
  private TopologyFixture redrive;

  @BeforeEach
  void start() {
    redrive = new TopologyFixture(directory.resolve("0"), THREE);
  }

  @AfterEach
  void stop() {
    redrive.close();
  }

  @Test
  void commandOverTheLimitIsRefusedUntilTheHourIsOver() {
    List<LetterId> letters = fail("billing", 4);
    letters.subList(0, 3).forEach(id -> assertThat(redrive.replay(id).accepted()).isTrue());

    Answer over = redrive.replay(letters.get(3));

    assertThat(over.refusal().code()).isEqualTo(Code.REPLAY_LIMIT);
    assertThat(over.refusal().message()).contains("max-replays-per-hour", "2026-03-01T11:01:00Z");
    assertThat(redrive.replay(redrive.fail("shipping", "r-1")).accepted()).isTrue();
    assertThat(redrive.replay(letters.get(0)).refusal().code())
        .as("what is out is said first")
        .isEqualTo(Code.RETRYING);
    redrive.advance(Duration.ofMinutes(59));
    assertThat(redrive.replay(letters.get(3)).accepted()).isFalse();
    redrive.advance(Duration.ofMinutes(2));
    assertThat(redrive.replay(letters.get(3)).accepted()).isTrue();
  }

  @Test
  void runOverTheLimitWaitsAndLosesNoLetter() {
    fail("billing", 8);
    Answer run = redrive.command("{\"type\":\"replay\",\"all\":true}");
    steps(10);
    assertThat(sent()).isEqualTo(3);
    assertThat(run(run).reason()).contains("billing", "max-replays-per-hour", "11:01:00Z");
    assertThat(redrive.sent("redrive-events"))
        .filteredOn(event -> header(event, "ce_type").contains("run.held_up"))
        .singleElement()
        .satisfies(
            event ->
                assertThat(new String(event.value(), StandardCharsets.UTF_8))
                    .contains("max-replays-per-hour"));

    for (int hour = 0; hour < 2; hour++) {
      redrive.advance(HOUR_AND_MINUTE);
      steps(10);
    }

    assertThat(sent()).isEqualTo(5);
    redrive.advance(HOUR_AND_MINUTE);
    steps(10);
    Run ended = run(run);
    assertThat(ended.reason()).isNull();
    assertThat(ended.state()).isEqualTo(new RunState.Completed());
    assertThat(ended.sums().replayed()).isEqualTo(8);
    assertThat(ended.sums().skipped()).isEmpty();
  }

  @Test
  void runWhoseWaitingLettersAreGoneWaitsForNothing() {
    List<LetterId> letters = fail("billing", 4);
    Answer run = redrive.command("{\"type\":\"replay\",\"all\":true}");
    steps(10);
    assertThat(run(run).reason()).isNotNull();

    for (LetterId letter : letters) {
      redrive.command("{\"type\":\"discard\",\"letter_ids\":[\"%s\"]}".formatted(letter));
    }
    steps(20);

    assertThat(run(run).reason()).isNull();
    assertThat(run(run).sums().skipped()).containsEntry("changed", 1L);
  }

  @Test
  void runOverSeveralPipelinesGoesOnWithTheOthers() {
    fail("billing", 8);
    fail("shipping", 8);
    redrive.command("{\"type\":\"replay\",\"all\":true}");

    steps(10);

    assertThat(sent()).isEqualTo(3 + 8);
  }

  @Test
  void automaticReplaysAndThoseAskedForCountTogether() {
    Map<String, String> retried = new HashMap<>(THREE);
    retried.put("pipelines[0].retry.delays", "5m");
    takeOver(retried);
    List<LetterId> letters = fail("billing", 5);
    redrive.replay(letters.get(4));
    redrive.replay(letters.get(3));
    sent();

    redrive.advance(Duration.ofMinutes(6));
    redrive.advance(Duration.ofSeconds(1));
    assertThat(sent()).isEqualTo(1);
    redrive.advance(HOUR_AND_MINUTE);
    redrive.advance(Duration.ofSeconds(1));

    assertThat(sent()).as("those that waited").isEqualTo(2);
  }

  @Test
  void whoTakesOverKnowsTheCount() {
    List<LetterId> letters = fail("billing", 4);
    letters.subList(0, 3).forEach(redrive::replay);

    takeOver(THREE);

    // The command topic of the fixture begins anew, and so would the ids of its commands.
    Answer over =
        redrive.command(
            "{\"type\":\"replay\",\"command_id\":\"c-1\",\"letter_ids\":[\"%s\"]}"
                .formatted(letters.get(3)));
    assertThat(over.refusal().code()).isEqualTo(Code.REPLAY_LIMIT);
  }

  @Test
  void countIsForgottenWhenItsHourIsOver() {
    redrive.replay(fail("billing", 1).get(0));
    Bytes key = Bytes.wrap(RowKey.replays("billing"));
    assertThat(redrive.store().get(key)).isNotNull();

    redrive.advance(HOUR_AND_MINUTE);

    assertThat(redrive.store().get(key)).isNull();
  }

  @Test
  void dryRunSendsNothingSoCountsNothing() {
    fail("billing", 4);
    redrive.command("{\"type\":\"replay\",\"all\":true,\"options\":{\"dry_run\":true}}");
    steps(4);

    assertThat(redrive.store().get(Bytes.wrap(RowKey.replays("billing")))).isNull();
  }

  @Test
  void partitionHoldsToItsPartRoundedUp() {
    Map<String, String> four = new HashMap<>(THREE);
    four.put("topics.partitions", "2");
    takeOver(four);
    List<LetterId> letters = fail("billing", 3);

    assertThat(redrive.replay(letters.get(0)).accepted()).isTrue();
    assertThat(redrive.replay(letters.get(1)).accepted()).isTrue();
    assertThat(redrive.replay(letters.get(2)).accepted()).isFalse();
  }

  private List<LetterId> fail(String pipeline, int count) {
    List<LetterId> letters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      letters.add(redrive.fail(pipeline, "r-" + i));
    }
    return letters;
  }

  private Run run(Answer started) {
    return new RunRows(redrive.store()).run(started.runId()).orElseThrow();
  }

  private int sent() {
    return redrive.sent(RETRY).size();
  }

  private void steps(int count) {
    for (int i = 0; i < count; i++) {
      redrive.advance(STEP);
    }
  }

  private void takeOver(Map<String, String> settings) {
    List<KeyValue<Bytes, byte[]>> rows = redrive.rows();
    var now = redrive.now();
    redrive.close();
    redrive = new TopologyFixture(directory.resolve("next"), settings, rows, now);
  }
}
