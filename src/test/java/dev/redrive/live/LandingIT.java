// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * On a real broker: replays that fail again in a share group, whose dead letters tell no letter.
 */
@Timeout(300)
class LandingIT {
  private static final int LETTERS = 20;

  @TempDir private Path dir;

  @Test
  void eachReplayThatFailsAgainIsTheLetterItWas() throws Exception {
    try (Rig rig = Rig.start(dir, Map.of())) {
      rig.create("redrive-retry", 3, Map.of());
      rig.startRedrive(Map.of());
      for (int i = 0; i < LETTERS; i++) {
        rig.send(deadLetter("orders", 0, i, "key " + i));
      }
      List<JsonNode> letters = letters(rig, "pending", 1);
      for (JsonNode letter : letters) {
        rig.command(
            """
            {"type":"replay","letter_ids":["%s"]}"""
                .formatted(letter.get("id").asText()));
      }
      try (Follower retry = rig.follow("redrive-retry")) {
        for (ConsumerRecord<byte[], byte[]> replay : retry.await(LETTERS, record -> true)) {
          rig.send(
              deadLetter(
                  replay.topic(), replay.partition(), replay.offset(), Follower.key(replay)));
        }
      }

      List<JsonNode> again = letters(rig, "pending", 2);

      assertThat(again)
          .extracting(letter -> letter.get("id"))
          .containsExactlyInAnyOrderElementsOf(
              letters.stream().map(letter -> letter.get("id")).toList());
      assertThat(again)
          .allSatisfy(l -> assertThat(l.at("/source/topic").asText()).isEqualTo("orders"));
    }
  }

  private static List<JsonNode> letters(Rig rig, String status, int attempts) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> rig.web().letters("orders-share"),
            letters ->
                letters.size() == LETTERS
                    && letters.stream()
                        .allMatch(
                            letter ->
                                letter.get("status").asText().equals(status)
                                    && letter.get("attempt_count").asInt() == attempts));
  }

  /** As a broker of Kafka 4.4 writes it, with the record copied. */
  private static ProducerRecord<byte[], byte[]> deadLetter(
      String topic, int partition, long offset, String key) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(Rig.ERRORS, key.getBytes(UTF_8), "value".getBytes(UTF_8));
    record.headers().add("__dlq.errors.topic", topic.getBytes(UTF_8));
    record.headers().add("__dlq.errors.partition", String.valueOf(partition).getBytes(UTF_8));
    record.headers().add("__dlq.errors.offset", String.valueOf(offset).getBytes(UTF_8));
    record.headers().add("__dlq.errors.group", "orders-share".getBytes(UTF_8));
    return record;
  }
}
