// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static dev.redrive.topology.TopologyFixture.RETRY;
import static dev.redrive.topology.TopologyFixture.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState;
import dev.redrive.letter.LetterState.Parked;
import dev.redrive.letter.LetterState.Pending;
import dev.redrive.letter.LetterState.Status;
import dev.redrive.topology.topics.RetryTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Letters that are replayed unasked, through the whole graph. */
class AutomaticRetryTest {
  private static final Map<String, String> ON =
      Map.of(
          "pipelines[0].id", "billing",
          "pipelines[0].retry.delays", "1m,10m",
          "pipelines[0].retry.jitter-percent", "0");
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir private Path directory;
  private TopologyFixture redrive;

  @BeforeEach
  void start() {
    redrive = new TopologyFixture(directory.resolve("0"), ON);
  }

  @AfterEach
  void stop() {
    redrive.close();
  }

  @Test
  void letterIsReplayedAfterItsDelayWithoutACommand() {
    LetterId id = redrive.fail("billing", "r-1");

    pass(MINUTE.minus(SECOND.multipliedBy(2)));
    assertThat(redrive.sent(RETRY)).isEmpty();
    pass(SECOND.multipliedBy(3));

    TestRecord<byte[], byte[]> sent = redrive.sent(RETRY).get(0);
    assertThat(header(sent, "redrive-run-id"))
        .isEqualTo("run_auto_" + id.toString().substring(4) + "_1");
    assertThat(header(sent, "redrive-requested-by")).isEqualTo("automatic-retry");
    assertThat(state(id).status()).isEqualTo(Status.RETRYING);
    assertThat(redrive.figures.automaticReplays.sum()).isEqualTo(1);
    assertThat(redrive.sent("redrive-events"))
        .last()
        .satisfies(
            event ->
                assertThat(new String(event.value(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains(
                        "\"run_id\":\"run_auto_",
                        "\"requested_by\":\"automatic-retry\"",
                        "unasked"));
    pass(MINUTE);
    assertThat(redrive.sent(RETRY)).as("once").isEmpty();
  }

  @Test
  void otherPipelinesAreLeftAlone() {
    LetterId id = redrive.fail("shipping", "r-1");

    pass(Duration.ofDays(1));

    assertThat(state(id)).isEqualTo(Pending.PLAIN);
    assertThat(redrive.sent(RETRY)).isEmpty();
  }

  @Test
  void letterThatKeepsFailingIsParkedAndOnlyACommandReplaysIt() {
    LetterId id = redrive.fail("billing", "r-1");
    pass(MINUTE.plus(SECOND));
    failReplay(id, 1);
    pass(MINUTE.multipliedBy(9));
    assertThat(redrive.sent(RETRY)).hasSize(1);
    pass(MINUTE.multipliedBy(2));
    assertThat(redrive.sent(RETRY)).hasSize(1);
    redrive.events();

    failReplay(id, 2);

    assertThat(state(id))
        .isEqualTo(
            new Parked("it failed 3 times, and automatic retry ends at 3; replay or discard it"));
    assertThat(redrive.events()).containsExactly("letter.replay_failed", "letter.parked");
    assertThat(redrive.figures.parked.sum()).isEqualTo(1);
    pass(Duration.ofDays(2));
    assertThat(redrive.sent(RETRY)).isEmpty();

    assertThat(redrive.replay(id).accepted()).isTrue();
    assertThat(redrive.sent(RETRY)).hasSize(1);
    failReplay(id, 3);
    assertThat(state(id).status()).isEqualTo(Status.PARKED);
    assertThat(redrive.letter(id).orElseThrow().head().attemptCount()).isEqualTo(4);
    pass(Duration.ofDays(2));
    assertThat(redrive.sent(RETRY)).isEmpty();
  }

  @Test
  void failuresOfThePipelineItselfCountTowardsTheCapAndStartTheDelayAnew() {
    LetterId id = redrive.fail("billing", "r-1");
    pass(SECOND.multipliedBy(50));
    redrive.fail("billing", "r-1");
    pass(MINUTE.multipliedBy(9));
    assertThat(redrive.sent(RETRY)).isEmpty();

    redrive.fail("billing", "r-1");

    assertThat(state(id).status()).isEqualTo(Status.PARKED);
  }

  @Test
  void outcomeToldAsFailedIsAFailureToo() {
    LetterId id = redrive.fail("billing", "r-1");
    pass(MINUTE.plus(SECOND));
    redrive.sent(RETRY);

    redrive.outcome("{\"letter_id\":\"" + id + "\",\"attempt\":1,\"outcome\":\"failed\"}");
    pass(MINUTE.multipliedBy(10).plus(SECOND));

    assertThat(redrive.sent(RETRY)).hasSize(1);
  }

  @Test
  void silenceIsNoFailure() {
    LetterId id = redrive.fail("billing", "r-1");
    pass(MINUTE.plus(SECOND));

    pass(Duration.ofHours(20));

    assertThat(state(id)).isEqualTo(Pending.UNCONFIRMED);
    assertThat(redrive.sent(RETRY)).hasSize(1);
  }

  @Test
  void loopOfALetterThatIsTakenForSuccessfulMeetsTheCap() {
    LetterId id = redrive.fail("billing", "r-1");
    for (int attempt = 1; attempt <= 2; attempt++) {
      pass(MINUTE.multipliedBy(11));
      redrive.outcome(
          "{\"letter_id\":\"%s\",\"attempt\":%d,\"outcome\":\"succeeded\"}".formatted(id, attempt));
      assertThat(redrive.letter(id)).isEmpty();
      failReplay(id, attempt);
    }

    assertThat(state(id).status()).isEqualTo(Status.PARKED);
    assertThat(redrive.sent(RETRY)).hasSize(2);
  }

  @Test
  void commandBeforeTheTimeTakesItsPlace() {
    LetterId id = redrive.fail("billing", "r-1");
    assertThat(redrive.replay(id).accepted()).isTrue();
    redrive.sent(RETRY);

    pass(MINUTE.multipliedBy(2));

    assertThat(redrive.sent(RETRY)).isEmpty();
    assertThat(redrive.replay(id).accepted()).as("it is still out").isFalse();
  }

  @Test
  void discardedLetterIsNotReplayed() {
    LetterId id = redrive.fail("billing", "r-1");
    redrive.command("{\"type\":\"discard\",\"letter_ids\":[\"" + id + "\"]}");

    pass(MINUTE.multipliedBy(2));

    assertThat(redrive.sent(RETRY)).isEmpty();
  }

  @Test
  void whoTakesOverGoesOnFromTheRows() {
    LetterId id = redrive.fail("billing", "r-1");

    takeOver(ON);
    pass(MINUTE.plus(SECOND));

    assertThat(redrive.sent(RETRY)).hasSize(1);
    assertThat(state(id).status()).isEqualTo(Status.RETRYING);
  }

  @Test
  void switchedOffWhatWasDueStaysPendingAndSwitchedOnAgainItGoes() {
    LetterId id = redrive.fail("billing", "r-1");

    takeOver(Map.of());
    pass(Duration.ofHours(1));
    assertThat(redrive.sent(RETRY)).isEmpty();
    assertThat(state(id).status()).isEqualTo(Status.PENDING);

    takeOver(ON);
    pass(SECOND);
    assertThat(redrive.sent(RETRY)).hasSize(1);
  }

  @Test
  void lowerCapParksWhatIsDue() {
    LetterId id = redrive.fail("billing", "r-1");
    redrive.fail("billing", "r-1");
    Map<String, String> lower = new HashMap<>(ON);
    lower.put("pipelines[0].retry.max-attempts", "2");

    takeOver(lower);
    pass(MINUTE.multipliedBy(11));

    assertThat(state(id).status()).isEqualTo(Status.PARKED);
    assertThat(redrive.sent(RETRY)).isEmpty();
  }

  @Test
  void retryTopicThatIsMissingHoldsTheLetterUpWithTheReasonUntilItIsThere() {
    LetterId id = redrive.fail("billing", "r-1");
    RetryTarget there = redrive.targets.put(RETRY, new RetryTarget.Missing());
    pass(MINUTE.plus(SECOND));
    redrive.events();

    assertThat(state(id)).isInstanceOf(Pending.class);
    assertThat(((Pending) state(id)).reason()).contains("does not exist");
    pass(MINUTE.multipliedBy(9));
    assertThat(redrive.events()).as("not tried all the time").isEmpty();
    redrive.targets.put(RETRY, there);
    pass(MINUTE.multipliedBy(2));

    assertThat(redrive.sent(RETRY)).hasSize(1);
  }

  @Test
  void letterThatNoReplayWillEverWorkForIsParked() {
    LetterId id = redrive.fail("billing", "r-1");
    takeOver(with("pipelines[0].retry-topic", "origin"));

    pass(MINUTE.plus(SECOND));

    assertThat(state(id).status()).isEqualTo(Status.PARKED);
    assertThat(((Parked) state(id)).reason()).contains("does not say which");
  }

  @Test
  void waitsWhileTheRetryTopicIsLookedUp() {
    redrive.fail("billing", "r-1");
    redrive.lookUpsToCome = 3;

    pass(MINUTE.plus(SECOND.multipliedBy(2)));
    assertThat(redrive.sent(RETRY)).isEmpty();
    pass(SECOND.multipliedBy(5));

    assertThat(redrive.sent(RETRY)).hasSize(1);
  }

  @Test
  void topicThatIsNeverLookedUpHoldsTheLetterUp() {
    LetterId id = redrive.fail("billing", "r-1");
    redrive.lookUpsToCome = Integer.MAX_VALUE;

    pass(MINUTE.plus(SECOND.multipliedBy(20)));

    assertThat(((Pending) state(id)).reason()).contains("could not be looked up");
    redrive.lookUpsToCome = 0;
    pass(MINUTE.multipliedBy(10));
    assertThat(redrive.sent(RETRY)).hasSize(1);
  }

  @Test
  void stormIsWorkedOffInSteps() {
    for (int i = 0; i < 520; i++) {
      redrive.fail("billing", "r-" + i);
    }

    pass(MINUTE.multipliedBy(2));

    assertThat(redrive.sent(RETRY).size()).isEqualTo(520);
  }

  @Test
  void letterThatARunHasSentIsNotSentByTheClockAndTheOtherWayRound() {
    for (int i = 0; i < 5; i++) {
      redrive.fail("billing", "r-" + i);
    }
    redrive.command("{\"type\":\"replay\",\"all\":true,\"options\":{\"rate\":0.05}}");

    pass(Duration.ofMinutes(5));

    assertThat(redrive.sent(RETRY))
        .extracting(record -> header(record, "redrive-letter-id"))
        .hasSize(5)
        .doesNotHaveDuplicates();
  }

  private LetterState state(LetterId id) {
    return redrive.letter(id).orElseThrow().head().state();
  }

  private void failReplay(LetterId id, int attempt) {
    redrive.fail(
        "billing",
        "r-1",
        "redrive-letter-id",
        id.toString(),
        "redrive-attempt",
        Integer.toString(attempt));
  }

  /** The clock goes on and the ledger does its steps. */
  private void pass(Duration time) {
    Duration left = time;
    // The driver does one step for each advance, however far it goes.
    Duration step = time.compareTo(MINUTE.multipliedBy(20)) > 0 ? MINUTE : SECOND;
    while (left.compareTo(Duration.ZERO) > 0) {
      redrive.advance(step);
      left = left.minus(step);
    }
  }

  private void takeOver(Map<String, String> settings) {
    List<KeyValue<Bytes, byte[]>> rows = redrive.rows();
    var now = redrive.now();
    redrive.close();
    redrive =
        new TopologyFixture(directory.resolve("at-" + now.toEpochMilli()), settings, rows, now);
    redrive.recreateErrorTopic();
  }

  private static Map<String, String> with(String setting, String value) {
    Map<String, String> all = new HashMap<>(ON);
    all.put(setting, value);
    return all;
  }
}
