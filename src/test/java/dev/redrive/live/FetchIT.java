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
import java.util.Random;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replays whose record is read from a real broker first, and one after a look-up that said no. */
@Timeout(300)
class FetchIT {
  private static final byte[] LARGE = new byte[3 << 20];

  static {
    new Random(2).nextBytes(LARGE);
  }

  @TempDir static Path dir;
  private static Rig rig;
  private static int commands;

  @BeforeAll
  static void start() throws Exception {
    rig = Rig.start(dir, Map.of("message.max.bytes", "8388608"));
    rig.create("big-retry", 1, Map.of("max.message.bytes", "8388608"));
    rig.create("orders", 2, Map.of());
    rig.startRedrive(
        Map.of(
            "topics.retry", "big-retry",
            "pipelines[0].id", "late",
            "pipelines[0].retry-topic", "late-retry"));
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  @Test
  void cutLetterIsReplayedWholeWhileItsOriginalIsThereAndRefusedAfterwards() throws Exception {
    RecordMetadata first = fail("billing", "large 1");
    RecordMetadata second = fail("billing", "large 2");
    String whole = letter("billing", "large 1");
    String gone = letter("billing", "large 2");

    JsonNode answer = replay(whole);
    assertThat(answer.get("status").asText()).as(answer.toString()).isEqualTo("accepted");
    ConsumerRecord<byte[], byte[]> sent = replayed("big-retry", whole);
    assertThat(sent.value()).isEqualTo(LARGE);
    assertThat(sent.key()).isEqualTo("large 1".getBytes(UTF_8));
    assertThat(Follower.header(sent, "trace")).contains("t-1");
    assertThat(rig.web().letter(whole).get("status").asText()).isEqualTo("retrying");

    assertThat(second.offset()).isGreaterThan(first.offset());
    rig.admin
        .deleteRecords(
            Map.of(
                new TopicPartition(Rig.ERRORS, second.partition()),
                RecordsToDelete.beforeOffset(second.offset() + 1)))
        .all()
        .get();
    JsonNode refused = replay(gone);
    assertThat(refused.at("/reason/code").asText()).isEqualTo("original_gone");
    assertThat(refused.at("/reason/message").asText())
        .contains(Rig.ERRORS + "-" + second.partition() + "-" + second.offset());
    assertThat(rig.web().letter(gone).get("status").asText()).isEqualTo("pending");
  }

  @Test
  void manualLetterIsReplayedFromThePlaceThatItNames() throws Exception {
    RecordMetadata order =
        rig.send(new ProducerRecord<>("orders", 1, "o-1".getBytes(UTF_8), "order".getBytes(UTF_8)));
    String place = "orders-1-" + order.offset();
    String id = add(place);

    JsonNode answer = replay(id);

    assertThat(answer.get("status").asText()).as(answer.toString()).isEqualTo("accepted");
    ConsumerRecord<byte[], byte[]> sent = replayed("big-retry", id);
    assertThat(sent.key()).isEqualTo("o-1".getBytes(UTF_8));
    assertThat(sent.value()).isEqualTo("order".getBytes(UTF_8));

    String nowhere = add("orders-1-" + (order.offset() + 100));
    assertThat(replay(nowhere).at("/reason/code").asText()).isEqualTo("original_gone");
    String noTopic = add("invoice-2024-17");
    assertThat(replay(noTopic).get("status").asText()).isEqualTo("accepted");
    assertThat(Follower.header(replayed("big-retry", noTopic), "redrive-payload"))
        .contains("reference");
  }

  @Test
  void retryTopicThatWasMissingIsTakenAsSoonAsItIsCreated() throws Exception {
    ProducerRecord<byte[], byte[]> failed =
        new ProducerRecord<>(Rig.ERRORS, "k".getBytes(UTF_8), "v".getBytes(UTF_8));
    failed.headers().add("redrive-pipeline-id", "late".getBytes(UTF_8));
    failed.headers().add("redrive-record-id", "r-1".getBytes(UTF_8));
    failed.headers().add("redrive-error-code", "E1".getBytes(UTF_8));
    rig.send(failed);
    String id = letter("late", "r-1");

    assertThat(replay(id).at("/reason/code").asText()).isEqualTo("target_missing");
    rig.create("late-retry", 1, Map.of());
    assertThat(replay(id).get("status").asText()).isEqualTo("accepted");
  }

  private static RecordMetadata fail(String pipeline, String record) throws Exception {
    ProducerRecord<byte[], byte[]> failed =
        new ProducerRecord<>(Rig.ERRORS, record.getBytes(UTF_8), LARGE);
    failed.headers().add("trace", "t-1".getBytes(UTF_8));
    failed.headers().add("redrive-pipeline-id", pipeline.getBytes(UTF_8));
    failed.headers().add("redrive-record-id", record.getBytes(UTF_8));
    failed.headers().add("redrive-error-code", "E1".getBytes(UTF_8));
    return rig.send(failed);
  }

  private static String letter(String pipeline, String record) {
    return await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                rig.web().letters(pipeline).stream()
                    .filter(letter -> letter.get("record_id").asText().equals(record))
                    .map(letter -> letter.get("id").asText())
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static String add(String record) throws Exception {
    rig.command(
        "{\"type\":\"add\",\"pipeline_id\":\"manual\",\"record_ids\":[\"" + record + "\"]}");
    return letter("manual", record);
  }

  private static JsonNode replay(String letter) throws Exception {
    String request = "fetch-" + ++commands;
    long asked = System.nanoTime();
    rig.command(
        """
        {"type":"replay","request_id":"%s","letter_ids":["%s"]}"""
            .formatted(request, letter));
    try (Follower results = rig.follow("redrive-results")) {
      JsonNode answer = results.answer(request);
      System.out.printf(
          "answered after %d ms: %s%n",
          Duration.ofNanos(System.nanoTime() - asked).toMillis(), answer);
      return answer;
    }
  }

  private static ConsumerRecord<byte[], byte[]> replayed(String topic, String letter) {
    try (Follower retry = rig.follow(topic)) {
      return retry.await(
          record -> Follower.header(record, "redrive-letter-id").equals(Optional.of(letter)));
    }
  }
}
