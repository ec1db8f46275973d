// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.topology.OffsetResets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Where reading begins, and what happens when what was to be read is gone. */
@Timeout(120)
class OffsetsIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** So that a test need not wait as long as a person may. */
  private static final Map<String, String> LOOK_OFTEN =
      Map.of("kafka.main.consumer.metadata.max.age.ms", "500");

  @TempDir Path dir;
  private Rig rig;

  @BeforeEach
  void start() {
    rig = Rig.start(dir, Map.of());
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void whatWasDeletedUnreadIsPassedOverAndToldInLogMetricAndEvent() throws Exception {
    rig.create(Rig.ERRORS, 1, Map.of());
    rig.startRedrive(Map.of());
    fail(Rig.ERRORS, "before", 10);
    awaitLetters(10);
    rig.stopRedrive();
    fail(Rig.ERRORS, "meanwhile", 10);
    TopicPartition partition = new TopicPartition(Rig.ERRORS, 0);
    rig.admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(15))).all().get();
    ListAppender<ILoggingEvent> log = listen();

    rig.startRedrive(Map.of());

    awaitLetters(15);
    assertThat(rig.web().get("/metrics").text())
        .containsPattern("(?m)^redrive_offset_resets_total 1\\.0$");
    assertThat(log.list)
        .singleElement()
        .satisfies(
            line -> assertThat(line.getFormattedMessage()).contains("going on from the earliest"));
    try (Follower events = rig.follow("redrive-events")) {
      JsonNode event =
          Follower.json(events.await(record -> Follower.isEvent(record, "offsets.reset")));
      assertThat(event.get("topic").asText()).isEqualTo(Rig.ERRORS);
      assertThat(event.get("wanted_offset").asLong()).isEqualTo(10);
      assertThat(event.get("found_offset").asLong()).isEqualTo(15);
    }
  }

  @Test
  void readingBeginsWhereTheSettingsSay() throws Exception {
    Instant noon = Instant.parse("2026-01-31T12:00:00Z");
    rig.create("from-end", 1, Map.of());
    rig.create("from-noon", 1, Map.of("retention.ms", "-1"));
    fail("from-end", "old", 5);
    for (int i = -3; i < 2; i++) {
      rig.send(
          new ProducerRecord<>(
              "from-noon", 0, noon.toEpochMilli() + i, null, ("noon " + i).getBytes(UTF_8)));
    }
    rig.startRedrive(
        Map.of(
            "topics.errors",
            "from-end,from-noon",
            "errors.start",
            "latest",
            "errors.starts.from-noon",
            noon.toString()));
    fail("from-end", "new", 1);

    awaitLetters(3);
    assertThat(recordIds()).containsExactlyInAnyOrder("new 0", "from-noon-0-3", "from-noon-0-4");
  }

  @Test
  void errorTopicThatIsMadeAnewIsReadFromItsFirstRecord() throws Exception {
    rig.create(Rig.ERRORS, 1, Map.of());
    rig.startRedrive(LOOK_OFTEN);
    fail(Rig.ERRORS, "of the first", 10);
    awaitLetters(10);

    rig.admin.deleteTopics(List.of(Rig.ERRORS)).all().get();
    await().atMost(SOON).until(() -> !rig.admin.listTopics().names().get().contains(Rig.ERRORS));
    rig.create(Rig.ERRORS, 1, Map.of());
    fail(Rig.ERRORS, "of the second", 3);

    awaitLetters(13);
    assertThat(rig.web().get("/health/ready").status()).isEqualTo(200);
    fail(Rig.ERRORS, "of the second, later", 12);
    awaitLetters(25);
  }

  @Test
  void patternFindsTopicsThatComeLater() throws Exception {
    rig.startRedrive(
        Map.of(
            "topics.error-patterns", ".+-dead", "kafka.main.consumer.metadata.max.age.ms", "500"));
    rig.create("shop-dead", 2, Map.of());
    fail("shop-dead", "of a new topic", 4);

    awaitLetters(4);
  }

  private void fail(String topic, String what, int count) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = what + " " + i;
      ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, id.getBytes(UTF_8));
      // Without it the place is the record's name, and a place comes twice when a topic does.
      record.headers().add("redrive-record-id", id.getBytes(UTF_8));
      record.headers().add("redrive-error-code", "E1".getBytes(UTF_8));
      records.add(record);
    }
    rig.send(records);
  }

  private void awaitLetters(int count) {
    await().atMost(SOON).untilAsserted(() -> assertThat(recordIds()).hasSize(count));
  }

  private Set<String> recordIds() {
    return rig.web().letters("").stream()
        .map(letter -> letter.get("record_id").asText())
        .collect(Collectors.toSet());
  }

  private static ListAppender<ILoggingEvent> listen() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    ((Logger) LoggerFactory.getLogger(OffsetResets.class)).addAppender(log);
    return log;
  }
}
