// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.producers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.testkit.Guide;
import dev.redrive.testkit.LiveRedrive;
import dev.redrive.testkit.Topics;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each channel gives up in a way of its own: orders, carts and prices. */
@Timeout(120)
class SmallRyeIT {
  private static final byte[] VALUE = {'{', -1, 0, '}'};
  private static final byte[] NO_PRICE = "OLD-BAD-BYTES".getBytes(UTF_8);
  private static final byte[] PRICE = ByteBuffer.allocate(8).putLong(9).array();

  /** The first and two retries. */
  private static final int TRIES = 3;

  @TempDir static Path dir;

  private static LiveRedrive live;
  private static Topics topics;
  private static SmallRyeApplication application;

  @BeforeAll
  static void start() throws Exception {
    // The guide's: the pipeline of the orders.
    Map<String, String> settings = new HashMap<>(Guide.of("quarkus").settings());
    List<String> others = List.of("carts", "prices");
    for (int i = 0; i < others.size(); i++) {
      String pipeline = "pipelines[" + (i + 1) + "].";
      settings.put(pipeline + "id", others.get(i));
      settings.put(pipeline + "error-topics", others.get(i) + "-dead");
      settings.put(pipeline + "retry-topic", others.get(i) + "-retry");
    }
    live = LiveRedrive.start(dir, settings);
    topics = new Topics(live.bootstrapServers());
    topics.create(1, "orders", "orders-retry", "orders-errors");
    for (String channel : others) {
      topics.create(1, channel, channel + "-retry", channel + "-dead");
    }
    topics.create(1, "carts_wait_50", "carts_wait_100");
    application = SmallRyeApplication.start(dir.resolve("application"), live.bootstrapServers());
  }

  @AfterAll
  static void stop() throws Exception {
    if (application != null) {
      application.close();
    }
    if (live != null) {
      live.close();
    }
  }

  @Test
  void theChannelOfTheOrdersIsThatOfTheGuide() throws Exception {
    Guide.of("quarkus")
        .assertUsed("java", Path.of("src", "test", "smallrye", "src", "orders", "Orders.java"));
  }

  @Test
  void aRecordThatFailsTwiceIsOneLetterAndGoneOnceItWorked() throws Exception {
    Journey journey = new Journey(live.desk(), "orders");
    topics.send(List.of(new OddRecord(VALUE, System.currentTimeMillis()).on("orders")));

    JsonNode letter = journey.listed();
    String id = letter.get("id").asText();
    assertThat(letter.get("dialect").asText()).isEqualTo("smallrye");
    assertThat(letter.get("record_id").asText()).isEqualTo("orders-0-0");
    // SmallRye wraps what a method throws that takes the record itself.
    assertThat(letter.get("error_class").asText())
        .isEqualTo("io.smallrye.reactive.messaging.providers.ProcessingException");
    assertThat(letter.get("error_message").asText()).startsWith("SRMSG").contains("#take");
    assertThat(letter.get("root_cause").asText())
        .isEqualTo("java.lang.reflect.InvocationTargetException");

    journey.reprocess(id);
    JsonNode again = journey.failedAgain(id, 2);
    assertThat(again.get("record_id")).isEqualTo(letter.get("record_id"));
    assertThat(again.get("source")).isEqualTo(letter.get("source"));
    assertReplayed(newest("orders-retry", 1), letter, 1);

    application.open("orders");
    journey.reprocess(id);
    journey.ended(id);
    assertReplayed(newest("orders-retry", 2), letter, 2);
  }

  /** A left-over count of retries sends a record to the dead letters after one try. */
  @Test
  void ourReplayGetsAllRetriesAgainAndANaiveOneDoesNot() throws Exception {
    Journey journey = new Journey(live.desk(), "carts");
    topics.send(List.of(new OddRecord(VALUE, System.currentTimeMillis()).on("carts")));

    JsonNode letter = journey.listed();
    String id = letter.get("id").asText();
    assertThat(letter.get("dialect").asText()).isEqualTo("smallrye-delayed");
    assertThat(letter.get("record_id").asText()).isEqualTo("carts-0-0");
    assertThat(letter.get("error_class").asText()).isEqualTo(IllegalStateException.class.getName());
    assertThat(letter.get("error_message").asText()).isEqualTo("out of stock");
    assertThat(letter.get("root_cause").asText())
        .isEqualTo(IllegalArgumentException.class.getName());
    assertThat(application.given("carts")).isEqualTo(TRIES);

    topics.send(List.of(sent(newest("carts-dead", 1), "carts", VALUE)));
    journey.failedAgain(id, 2);
    assertThat(application.given("carts")).as("one try for the naive replay").isEqualTo(TRIES + 1);

    journey.reprocess(id);
    JsonNode again = journey.failedAgain(id, 3);
    assertThat(again.get("source")).isEqualTo(letter.get("source"));
    assertThat(application.given("carts")).as("all tries for ours").isEqualTo(2 * TRIES + 1);

    application.open("carts");
    journey.reprocess(id);
    journey.ended(id);
  }

  /** Left-over bytes of a failed deserialisation are written in place of the payload. */
  @Test
  void ourReplayCanBeMendedAndANaiveOneIsCorrupted() throws Exception {
    Journey journey = new Journey(live.desk(), "prices");
    topics.send(List.of(new OddRecord(NO_PRICE, System.currentTimeMillis()).on("prices")));

    JsonNode letter = journey.listed();
    String id = letter.get("id").asText();
    assertThat(letter.get("dialect").asText()).isEqualTo("smallrye");
    ConsumerRecord<byte[], byte[]> dead = newest("prices-dead", 1);
    assertThat(dead.value()).isEqualTo(NO_PRICE);

    topics.send(List.of(sent(dead, "prices", PRICE)));
    journey.failedAgain(id, 2);
    assertThat(application.given("prices")).as("the mended price came to the application").isOne();
    assertThat(newest("prices-dead", 2).value())
        .as("and not to its dead letter")
        .isEqualTo(NO_PRICE);

    journey.reprocess(id);
    journey.failedAgain(id, 3);
    assertThat(newest("prices-dead", 3).value()).isEqualTo(NO_PRICE);

    // Somebody mends on its way what we sent.
    topics.send(List.of(sent(newest("prices-retry", 1), "prices", PRICE)));
    Journey.patiently().until(() -> topics.read("prices-dead").size() == 4);
    assertThat(newest("prices-dead", 4).value()).isEqualTo(PRICE);
  }

  /** As it is, but for the value. */
  private static ProducerRecord<byte[], byte[]> sent(
      ConsumerRecord<byte[], byte[]> record, String topic, byte[] value) {
    return new ProducerRecord<>(topic, null, record.key(), value, record.headers());
  }

  private static ConsumerRecord<byte[], byte[]> newest(String topic, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = topics.read(topic);
    assertThat(records).as(topic).hasSize(count);
    return records.get(count - 1);
  }

  /** SmallRye loses the timestamp, so a replay has the dead letter's or a new one. */
  private static void assertReplayed(
      ConsumerRecord<byte[], byte[]> replay, JsonNode letter, int attempt) {
    new OddRecord(VALUE, replay.timestamp()).assertReplayed(replay, letter, attempt);
  }
}
