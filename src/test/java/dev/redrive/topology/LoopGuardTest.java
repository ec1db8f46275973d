// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static dev.redrive.topology.TopologyFixture.RETRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.config.load.SettingsLoader;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState.Parked;
import dev.redrive.letter.LetterState.Status;
import dev.redrive.letter.Refusal.Code;
import dev.redrive.topology.topics.RetryTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No replay ever goes to a topic that Redrive reads or keeps its own state in. */
class LoopGuardTest {
  private static final Map<String, String> ORIGIN =
      Map.of(
          "topics.errors", "redrive-errors,orders.dead",
          "topics.error-patterns", ".*-dlq",
          "pipelines[0].id", "billing",
          "pipelines[0].retry-topic", "origin");

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redrive-errors", // by name, and where it lies now
        "orders.dead", // by name
        "payments-dlq", // by pattern
        "redrive-commands",
        "redrive-outcomes",
        "redrive-events",
        "redrive-results",
        "redrive-ledger",
        "redrive-control",
        "redrive-letters-changelog"
      })
  void replayToTheOriginIsRefusedWhereThatIsATopicOfRedrives(String topic) {
    try (TopologyFixture redrive = new TopologyFixture(directory, ORIGIN)) {
      redrive.targets.put(topic, redrive.targets.get(RETRY));
      LetterId id = redrive.fail("billing", "r-1", "redrive-source-topic", topic);
      redrive.sent(topic);

      assertThat(redrive.replay(id).refusal().code()).isEqualTo(Code.TARGET_IS_ERROR_TOPIC);

      assertThat(redrive.letter(id).orElseThrow().head().status()).isEqualTo(Status.PENDING);
      assertThat(redrive.letter(id).orElseThrow().head().attempt()).isZero();
    }
  }

  @Test
  void replayToAnyOtherOriginGoes() {
    try (TopologyFixture redrive = new TopologyFixture(directory, ORIGIN)) {
      redrive.targets.put("payments", redrive.targets.get(RETRY));
      LetterId id = redrive.fail("billing", "r-1", "redrive-source-topic", "payments");

      assertThat(redrive.replay(id).accepted()).isTrue();
      assertThat(redrive.sent("payments")).hasSize(1);
    }
  }

  @Test
  void automaticRetryParksWhatWouldComeStraightBack() {
    Map<String, String> retried = new HashMap<>(ORIGIN);
    retried.put("pipelines[0].retry.delays", "1m");
    try (TopologyFixture redrive = new TopologyFixture(directory, retried)) {
      RetryTarget there = redrive.targets.get(RETRY);
      redrive.targets.put("payments-dlq", there);
      LetterId id = redrive.fail("billing", "r-1", "redrive-source-topic", "payments-dlq");

      redrive.advance(Duration.ofMinutes(2));

      assertThat(redrive.sent("payments-dlq")).isEmpty();
      assertThat(redrive.letter(id).orElseThrow().head().state())
          .isInstanceOfSatisfying(
              Parked.class, parked -> assertThat(parked.reason()).contains("payments-dlq"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders.dead", "payments-dlq", "redrive-ledger", "redrive-events"})
  void settingsThatNameSuchARetryTopicAreRefusedAtTheStart(String topic) {
    Map<String, String> settings = new HashMap<>(ORIGIN);
    settings.put("kafka.bootstrap.servers", "none:1");
    settings.put("pipelines[0].retry-topic", topic);
    List<String> set =
        settings.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList();

    assertThatThrownBy(() -> SettingsLoader.load(Optional.empty(), Map.of(), set))
        .hasMessageContaining(topic);
  }

  @Test
  void letterThatKeepsFailingShowsItsCount() {
    try (TopologyFixture redrive = new TopologyFixture(directory)) {
      LetterId id = redrive.fail("billing", "r-1");
      for (int attempt = 1; attempt <= 5; attempt++) {
        redrive.replay(id);
        redrive.fail(
            "billing",
            "r-1",
            "redrive-letter-id",
            id.toString(),
            "redrive-attempt",
            Integer.toString(attempt));
      }

      assertThat(redrive.letter(id).orElseThrow().head().attemptCount()).isEqualTo(6);
    }
  }
}
