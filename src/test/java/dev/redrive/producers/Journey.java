// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.producers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.testkit.DeskClient;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;

/** What somebody at the desk sees of a pipeline that has one letter at most. */
final class Journey {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final DeskClient desk;
  private final String pipelineId;

  Journey(DeskClient desk, String pipelineId) {
    this.desk = desk;
    this.pipelineId = pipelineId;
  }

  static ConditionFactory patiently() {
    return await().atMost(PATIENCE);
  }

  /** The letter of a record that failed for the first time. */
  JsonNode listed() {
    patiently().until(() -> !desk.letters(pipelineId).isEmpty());
    String id = onlyLetter().get("id").asText();
    JsonNode letter = desk.letter(id).orElseThrow();
    assertThat(letter.get("attempt_count").asInt()).isEqualTo(1);
    assertThat(letter.get("status").asText()).isEqualTo("pending");
    return letter;
  }

  void reprocess(String id) {
    desk.reprocess(id);
  }

  /** The same letter after its replay failed as well; there is no other one. */
  JsonNode failedAgain(String id, int attempts) {
    patiently()
        .untilAsserted(
            () -> {
              JsonNode letter = onlyLetter();
              assertThat(letter.get("id").asText()).isEqualTo(id);
              assertThat(letter.get("attempt_count").asInt()).isEqualTo(attempts);
              assertThat(letter.get("status").asText()).isEqualTo("pending");
            });
    return desk.letter(id).orElseThrow();
  }

  /** The letter is gone, and no other one is there. */
  void ended(String id) {
    patiently().until(() -> desk.letter(id).isEmpty());
    assertThat(desk.letters(pipelineId)).isEmpty();
  }

  private JsonNode onlyLetter() {
    List<JsonNode> letters = desk.letters(pipelineId);
    assertThat(letters).hasSize(1);
    return letters.get(0);
  }
}
