// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline that fails a record every time, with automatic retry on a real broker. */
@Timeout(300)
class AutomaticRetryIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path dir;

  @Test
  void failsIsRetriedByItselfFailsAgainIsParkedAndACommandSendsItOnceMore() throws Exception {
    try (Rig rig = Rig.start(dir, Map.of())) {
      rig.create("redrive-retry", 1, Map.of());
      rig.startRedrive(
          Map.of(
              "pipelines[0].id", "billing",
              "pipelines[0].retry.delays", "1s,2s"));
      try (Follower replays = rig.follow("redrive-retry");
          Follower events = rig.follow("redrive-events")) {
        rig.send(failed());

        failNext(rig, replays, 1);
        failNext(rig, replays, 2);

        await().atMost(SOON).until(() -> status(rig).equals("parked"));
        JsonNode parked = rig.web().letters("billing").get(0);
        assertThat(parked.get("attempt_count").asInt()).isEqualTo(3);
        assertThat(parked.get("status_reason").asText()).contains("failed 3 times");
        assertThat(parked.get("last_run_id").asText()).startsWith("run_auto_");
        assertThat(events.await(1, event -> Follower.isEvent(event, "letter.parked"))).hasSize(1);

        // A restart does not wake it, and nor does time.
        rig.stopRedrive();
        rig.startRedrive(Map.of());
        await()
            .during(Duration.ofSeconds(4))
            .atMost(SOON)
            .until(() -> status(rig).equals("parked"));

        rig.command(
            """
            {"type":"replay","letter_ids":["%s"]}"""
                .formatted(parked.get("id").asText()));
        ConsumerRecord<byte[], byte[]> asked = replays.await(3, record -> true).get(2);
        assertThat(Follower.header(asked, "redrive-attempt")).contains("3");
        assertThat(Follower.header(asked, "redrive-run-id").orElseThrow())
            .doesNotStartWith("run_auto_");
        rig.send(failed(asked));
        await().atMost(SOON).until(() -> status(rig).equals("parked"));
        assertThat(rig.web().letters("billing").get(0).get("attempt_count").asInt()).isEqualTo(4);
        assertThat(replays.await(3, record -> true)).hasSize(3);
      }
    }
  }

  /** Waits for the replay of this number and fails it, headers and all. */
  private static void failNext(Rig rig, Follower replays, int attempt) throws Exception {
    ConsumerRecord<byte[], byte[]> replay = replays.await(attempt, record -> true).get(attempt - 1);
    assertThat(Follower.header(replay, "redrive-attempt")).contains("" + attempt);
    assertThat(Follower.header(replay, "redrive-requested-by")).contains("automatic-retry");
    assertThat(Follower.header(replay, "redrive-run-id").orElseThrow()).startsWith("run_auto_");
    assertThat(new String(replay.value(), UTF_8)).isEqualTo("value");
    rig.send(failed(replay));
  }

  private static String status(Rig rig) throws Exception {
    return Optional.ofNullable(rig.web().letters("billing").get(0))
        .map(letter -> letter.get("status").asText())
        .orElse("none");
  }

  private static ProducerRecord<byte[], byte[]> failed(ConsumerRecord<byte[], byte[]> replay) {
    ProducerRecord<byte[], byte[]> failed = failed();
    failed.headers().remove("redrive-pipeline-id").remove("redrive-record-id");
    replay.headers().forEach(header -> failed.headers().add(header));
    return failed;
  }

  private static ProducerRecord<byte[], byte[]> failed() {
    ProducerRecord<byte[], byte[]> failed =
        new ProducerRecord<>(Rig.ERRORS, "r-1".getBytes(UTF_8), "value".getBytes(UTF_8));
    failed.headers().add("redrive-pipeline-id", "billing".getBytes(UTF_8));
    failed.headers().add("redrive-record-id", "r-1".getBytes(UTF_8));
    failed.headers().add("redrive-error-code", "E1".getBytes(UTF_8));
    return failed;
  }
}
