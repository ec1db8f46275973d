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
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real consumer that commits what it did and tells no outcomes. */
@Timeout(300)
class InferenceIT {
  private static final int LETTERS = 12;
  private static final String BAD = "r-5";

  @TempDir private Path dir;

  @Test
  void lettersAreSettledAsInferredAndTheOneThatFailsAgainStays() throws Exception {
    try (Rig rig = Rig.start(dir, Map.of())) {
      rig.create("redrive-retry", 3, Map.of());
      rig.startRedrive(
          Map.of(
              "pipelines[0].id", "quiet",
              "pipelines[0].outcomes.group", "quiet-app",
              "replay.inference-grace", "1s"));
      for (int i = 0; i < LETTERS; i++) {
        rig.send(failed("r-" + i, Optional.empty()));
      }
      List<JsonNode> letters =
          await()
              .atMost(Duration.ofSeconds(60))
              .until(() -> rig.web().letters("quiet"), all -> all.size() == LETTERS);
      for (JsonNode letter : letters) {
        rig.command(
            """
            {"type":"replay","letter_ids":["%s"]}"""
                .formatted(letter.get("id").asText()));
      }
      consume(rig);

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                assertThat(rig.web().letters("quiet"))
                    .singleElement()
                    .satisfies(
                        left -> {
                          assertThat(left.get("record_id").asText()).isEqualTo(BAD);
                          assertThat(left.get("status").asText()).isEqualTo("pending");
                          assertThat(left.get("attempt_count").asInt()).isEqualTo(2);
                        });
              });
      try (Follower events = rig.follow("redrive-events")) {
        assertThat(
                events.await(LETTERS - 1, record -> Follower.isEvent(record, "letter.succeeded")))
            .allSatisfy(event -> assertThat(new String(event.value(), UTF_8)).contains("inferred"));
      }
    }
  }

  /** Processes each replay, dead-letters the bad one, and commits. */
  private static void consume(Rig rig) throws Exception {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", rig.bootstrapServers(),
                "group.id", "quiet-app",
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of("redrive-retry"));
      int done = 0;
      while (done < LETTERS) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          done++;
          if (Follower.header(record, "redrive-record-id").equals(Optional.of(BAD))) {
            rig.send(failed(BAD, Optional.of(record)));
          }
        }
        consumer.commitSync();
      }
    }
  }

  private static ProducerRecord<byte[], byte[]> failed(
      String record, Optional<ConsumerRecord<byte[], byte[]>> replay) {
    ProducerRecord<byte[], byte[]> failed =
        new ProducerRecord<>(Rig.ERRORS, record.getBytes(UTF_8), "value".getBytes(UTF_8));
    if (replay.isPresent()) {
      replay.get().headers().forEach(header -> failed.headers().add(header));
    } else {
      failed.headers().add("redrive-pipeline-id", "quiet".getBytes(UTF_8));
      failed.headers().add("redrive-record-id", record.getBytes(UTF_8));
    }
    failed.headers().add("redrive-error-code", "E1".getBytes(UTF_8));
    return failed;
  }
}
