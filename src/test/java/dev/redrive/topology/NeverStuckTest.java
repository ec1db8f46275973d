// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static dev.redrive.topology.TopologyFixture.RETRY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState.Pending;
import dev.redrive.letter.LetterState.Retrying;
import dev.redrive.letter.LetterState.Status;
import dev.redrive.topology.topics.RetryTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happens to a letter that is being retried, and to the task that owns it: after the
 * settle time-out it is in that state no more.
 */
class NeverStuckTest {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "replay.settle-timeout", "5m",
          "pipelines[0].id", "billing",
          "pipelines[0].settle-timeout", "90s",
          "pipelines[1].id", "orders",
          "pipelines[1].retry.delays", "30s,2m",
          "pipelines[1].retry.max-attempts", "6",
          "pipelines[1].max-replays-per-hour", "40");
  private static final List<String> PIPELINES = List.of("billing", "orders", "shipping");
  private static final int RECORDS = 6;
  private static final int TURNS = 250;

  /** The clock is looked at this often, and the fixture does a step of 200 ms on a take-over. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  @TempDir private Path directory;
  private TopologyFixture redrive;
  private Random random;
  private int takenOver;
  private int retried;
  private int commands;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyLetterLeavesRetryingWithinTheSettleTimeOut(long seed) {
    random = new Random(seed);
    redrive = new TopologyFixture(directory.resolve("0"), SETTINGS);
    try {
      for (int turn = 0; turn < TURNS; turn++) {
        something();
        check();
      }
      assertThat(retried).as("letters seen out").isGreaterThan(TURNS);
      assertThat(takenOver).as("take-overs").isGreaterThan(5);
      // Then nothing is heard and nobody asks any more.
      redrive.targets.put(RETRY, new RetryTarget.Missing());
      pass(Duration.ofMinutes(6));
      assertThat(redrive.letters()).noneMatch(letter -> letter.head().status() == Status.RETRYING);
    } finally {
      redrive.close();
    }
  }

  @Test
  void thousandsThatAreDueForAutomaticRetryHoldNoTimeOutUp() {
    Map<String, String> settings =
        Map.of(
            "replay.settle-timeout", "90s",
            "pipelines[0].id", "orders",
            "pipelines[0].retry.delays", "1s",
            "pipelines[0].max-replays-per-hour", "1");
    redrive = new TopologyFixture(directory, settings);
    try {
      LetterId out = redrive.fail("billing", "r-1");
      for (int i = 0; i < 520; i++) {
        redrive.fail("orders", "r-" + i);
      }
      redrive.replay(out);

      for (int step = 0; step < 20; step++) {
        redrive.advance(Duration.ofSeconds(5));
      }

      assertThat(redrive.letter(out).orElseThrow().head().state()).isEqualTo(Pending.UNCONFIRMED);
    } finally {
      redrive.close();
    }
  }

  private void something() {
    String pipeline = PIPELINES.get(random.nextInt(PIPELINES.size()));
    String record = "r-" + random.nextInt(RECORDS);
    LetterId id = LetterId.of(pipeline, record);
    String attempt = Integer.toString(1 + random.nextInt(8));
    switch (random.nextInt(12)) {
      case 0, 1 -> redrive.fail(pipeline, record);
      case 2 ->
          redrive.fail(
              pipeline, record, "redrive-letter-id", id.toString(), "redrive-attempt", attempt);
      case 3, 4 -> command("\"type\":\"replay\",\"letter_ids\":[\"" + id + "\"]");
      case 5 -> outcome(id, "failed", attempt);
      case 6 -> outcome(id, random.nextInt(4) == 0 ? "succeeded" : "failed", null);
      case 7 -> command("\"type\":\"replay\",\"filter\":{\"pipeline_id\":\"" + pipeline + "\"}");
      case 8 ->
          command(
              random.nextInt(4) == 0
                  ? "\"type\":\"discard\",\"letter_ids\":[\"" + id + "\"]"
                  : "\"type\":\"add\",\"pipeline_id\":\"%s\",\"record_ids\":[\"%s\"]"
                      .formatted(pipeline, record));
      case 9 -> target();
      case 10 -> {
        if (random.nextInt(3) == 0) {
          takeOver();
        }
      }
      default -> pass(Duration.ofSeconds(1 + random.nextInt(60)));
    }
    redrive.advance(Duration.ofMillis(100));
  }

  /** With an id of its own: the fixture's topics begin anew after a take-over. */
  private void command(String fields) {
    redrive.command("{\"command_id\":\"c-" + commands++ + "\"," + fields + "}");
  }

  private void outcome(LetterId id, String word, String attempt) {
    redrive.outcome(
        "{\"letter_id\":\"%s\",\"outcome\":\"%s\"%s}"
            .formatted(id, word, attempt == null ? "" : ",\"attempt\":" + attempt));
  }

  /** The retry topic vanishes, or comes back, or is not known for a while. */
  private void target() {
    boolean there = random.nextBoolean();
    redrive.targets.put(
        RETRY,
        there
            ? new RetryTarget.Writable(1, 1_048_588, -1, Long.MAX_VALUE, Long.MAX_VALUE, false)
            : new RetryTarget.Missing());
    redrive.lookUpsToCome = random.nextInt(3);
  }

  private void takeOver() {
    List<KeyValue<Bytes, byte[]>> rows = redrive.rows();
    var now = redrive.now().plusSeconds(random.nextInt(200));
    redrive.close();
    takenOver++;
    redrive = new TopologyFixture(directory.resolve("" + takenOver), SETTINGS, rows, now);
    for (int i = 0; i < takenOver; i++) {
      redrive.recreateErrorTopic();
    }
  }

  private void pass(Duration time) {
    for (Duration left = time; !left.isNegative(); left = left.minusSeconds(1)) {
      redrive.advance(Duration.ofSeconds(1));
    }
  }

  private void check() {
    long now = redrive.now().toEpochMilli();
    for (Letter letter : redrive.letters()) {
      if (letter.head().state() instanceof Retrying retrying) {
        retried++;
        Duration limit =
            letter.head().facts().pipelineId().equals("billing")
                ? Duration.ofSeconds(90)
                : Duration.ofMinutes(5);
        assertThat(now - retrying.since())
            .as("how long %s is out", letter.id())
            .isLessThanOrEqualTo(limit.plus(SLACK).toMillis());
      }
    }
  }
}
