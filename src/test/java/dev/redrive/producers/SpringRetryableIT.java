// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.producers;

import static dev.redrive.producers.Journey.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.testkit.LiveRedrive;
import dev.redrive.testkit.Topics;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

@Timeout(120)
class SpringRetryableIT {
  private static final byte[] VALUE = {'{', -1, 0, '}'};
  private static final int TRIES = SpringShipments.TRIES;

  @TempDir Path dir;

  /**
   * A replay that keeps the dead letter's headers has its tries behind it, and is back after one;
   * ours has all of them before it.
   */
  @Test
  void ourReplayGetsAllTriesAgainAndANaiveOneDoesNot() throws Exception {
    Map<String, String> settings =
        Map.of(
            "pipelines[0].id", "shipments",
            "pipelines[0].error-topics", SpringShipments.DEAD,
            "pipelines[0].retry-topic", "origin");
    try (LiveRedrive live = LiveRedrive.start(dir, settings)) {
      Topics topics = new Topics(live.bootstrapServers());
      topics.create(1, SpringShipments.TOPIC, SpringShipments.DEAD);
      try (AnnotationConfigApplicationContext application = start(live.bootstrapServers())) {
        travel(
            new Journey(live.desk(), "shipments"),
            topics,
            application.getBean(SpringShipments.Listener.class));
      }
    }
  }

  private static void travel(Journey journey, Topics topics, SpringShipments.Listener listener)
      throws Exception {
    OddRecord record = new OddRecord(VALUE, System.currentTimeMillis() - 60_000);
    topics.send(List.of(record.on(SpringShipments.TOPIC)));

    JsonNode letter = journey.listed();
    String id = letter.get("id").asText();
    assertThat(letter.get("dialect").asText()).isEqualTo("spring-retryable");
    assertThat(letter.get("record_id").asText()).isEqualTo("shipments-0-0");
    assertThat(letter.get("root_cause").asText()).isEqualTo(IllegalStateException.class.getName());
    assertThat(listener.seen()).hasSize(TRIES);

    topics.send(List.of(asItIs(newestDead(topics, 1))));
    journey.failedAgain(id, 2);
    assertThat(listener.seen()).as("one try for the naive replay").hasSize(TRIES + 1);
    assertThat(attempts(newestDead(topics, 2))).containsExactly(2, 3, 4, 5);

    journey.reprocess(id);
    JsonNode again = journey.failedAgain(id, 3);
    assertThat(again.get("record_id")).isEqualTo(letter.get("record_id"));
    assertThat(again.get("source")).isEqualTo(letter.get("source"));
    assertThat(listener.seen()).as("all tries for ours").hasSize(2 * TRIES + 1);
    record.assertReplayed(listener.seen().get(TRIES + 1), letter, 1);
    assertThat(attempts(newestDead(topics, 3))).containsExactly(2, 3, 4);

    listener.open();
    journey.reprocess(id);
    journey.ended(id);
    patiently().until(() -> listener.seen().size() == 2 * TRIES + 2);
    record.assertReplayed(listener.seen().get(2 * TRIES + 1), letter, 2);
  }

  /** The newest of that many. */
  private static ConsumerRecord<byte[], byte[]> newestDead(Topics topics, int count) {
    List<ConsumerRecord<byte[], byte[]>> dead = topics.read(SpringShipments.DEAD);
    assertThat(dead).hasSize(count);
    return dead.get(count - 1);
  }

  private static ProducerRecord<byte[], byte[]> asItIs(ConsumerRecord<byte[], byte[]> dead) {
    return new ProducerRecord<>(
        SpringShipments.TOPIC, null, dead.key(), dead.value(), dead.headers());
  }

  private static List<Integer> attempts(ConsumerRecord<byte[], byte[]> dead) {
    List<Integer> attempts = new ArrayList<>();
    for (Header header : dead.headers().headers("retry_topic-attempts")) {
      attempts.add(ByteBuffer.wrap(header.value()).getInt());
    }
    return attempts;
  }

  private static AnnotationConfigApplicationContext start(String bootstrapServers) {
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    context.getBeanFactory().registerSingleton("bootstrapServers", bootstrapServers);
    context.register(SpringShipments.class);
    context.refresh();
    return context;
  }
}
