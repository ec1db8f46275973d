// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.Redrive;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.sandbox.EmbeddedBroker;
import dev.redrive.testkit.DeskClient;
import dev.redrive.testkit.DeskClient.Reply;
import dev.redrive.testkit.FreePort;
import dev.redrive.testkit.LiveRedrive;
import dev.redrive.testkit.Topics;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two instances on one broker: either answers for all, and one may go and come back. */
@Timeout(240)
@TestMethodOrder(OrderAnnotation.class)
class ClusterIT {
  private static final int CHANGES = Boolean.getBoolean("redrive.full") ? 1_000 : 100;
  private static final int LETTERS = CHANGES + 60;
  private static final Duration READY = Duration.ofSeconds(90);
  private static final String SECRET = "known to both instances";

  @TempDir static Path dir;
  private static EmbeddedBroker broker;
  private static Instance one;
  private static Instance two;

  /** An instance, and what it is started with again. */
  private static final class Instance {
    final Map<String, String> settings;
    final DeskClient desk;
    Redrive redrive;

    Instance(String name) throws Exception {
      int port = FreePort.find();
      settings = LiveRedrive.settings(broker.bootstrapServers(), dir.resolve(name));
      settings.put("http.port", String.valueOf(port));
      settings.put("topics.partitions", "4");
      settings.put("topics.errors", "errors");
      settings.put("peers.advertised", "http://127.0.0.1:" + port);
      settings.put("peers.secret", SECRET);
      desk = new DeskClient(port);
      start();
    }

    void start() throws Exception {
      redrive = Redrive.start(SettingsLoader.of(settings), Clock.systemUTC());
    }

    void close() {
      redrive.close();
    }

    /** How many ledger partitions it is active for, and has standbys of: all that it holds. */
    int held() {
      return redrive.stores().size();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start(dir.resolve("kafka"), 0, Map.of());
    new Topics(broker.bootstrapServers()).create(2, "errors");
    one = new Instance("one");
    await().atMost(READY).until(one.redrive::ready);
    two = new Instance("two");
    // Each is active for some partitions and has standbys of the others.
    await()
        .atMost(READY)
        .until(
            () -> one.redrive.ready() && two.redrive.ready() && one.held() == 4 && two.held() == 4);
    List<ProducerRecord<byte[], byte[]>> failures = new ArrayList<>();
    IntStream.range(0, LETTERS).forEach(i -> failures.add(failure(i)));
    new Topics(broker.bootstrapServers()).send(failures);
    await().atMost(READY).untilAsserted(() -> assertThat(count(one.desk)).isEqualTo(LETTERS));
  }

  @AfterAll
  static void stop() {
    for (Instance instance : new Instance[] {one, two}) {
      if (instance != null) {
        instance.close();
      }
    }
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  @Order(1)
  void eitherInstanceAnswersForAll() {
    List<String> ids = ids(one.desk);

    assertThat(new HashSet<>(ids)).hasSize(LETTERS);
    assertThat(ids(two.desk)).isEqualTo(ids);
    assertThat(count(two.desk)).isEqualTo(LETTERS);
    for (String id : ids.subList(0, 20)) {
      assertThat(one.desk.letter(id)).isPresent().isEqualTo(two.desk.letter(id));
    }
    String whole = two.desk.text("/api/dlq/export?format=ndjson");
    assertThat(ids).allMatch(whole::contains);
  }

  /** Known, so a number; and small, since nothing comes in. */
  @Test
  @Order(1)
  void eachSaysHowFarItsStandbysAreBehind() {
    for (Instance instance : List.of(one, two)) {
      await()
          .atMost(READY)
          .untilAsserted(
              () ->
                  // The marker of the last transaction counts as a record still to read.
                  assertThat(instance.desk.text("/metrics").lines())
                      .anyMatch(line -> line.matches("redrive_standby_lag_records [01]\\.0")));
    }
  }

  @Test
  @Order(2)
  void aChangeMadeOnOneIsReadAtOnceOnTheOther() {
    List<String> ids = ids(one.desk).subList(0, CHANGES);
    for (int i = 0; i < CHANGES; i++) {
      DeskClient here = i % 2 == 0 ? one.desk : two.desk;
      DeskClient there = i % 2 == 0 ? two.desk : one.desk;

      Reply deleted = here.delete("/api/dlq/" + ids.get(i));

      assertThat(deleted.status()).as("%s", deleted.body()).isEqualTo(200);
      assertThat(there.letter(ids.get(i))).as("change %s", i).isEmpty();
    }
    assertThat(count(one.desk)).isEqualTo(LETTERS - CHANGES);
    assertThat(count(two.desk)).isEqualTo(LETTERS - CHANGES);
  }

  @Test
  @Order(3)
  void onlyPeersMayAskWhatPeersAsk() {
    assertThat(one.desk.post("/internal/query", "{}").status()).isEqualTo(401);
  }

  @Test
  @Order(4)
  void readsGoOnWhileOneIsStoppedAndComesBack() throws Exception {
    int left = count(one.desk);
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<List<Reply>> reading =
        CompletableFuture.supplyAsync(
            () -> {
              List<Reply> replies = new ArrayList<>();
              while (!done.get()) {
                replies.add(one.desk.get("/api/dlq?limit=100"));
              }
              return replies;
            });

    two.close();
    await().atMost(READY).until(one.redrive::ready);
    assertThat(count(one.desk)).isEqualTo(left);
    two.start();
    await().atMost(READY).until(two.redrive::ready);
    done.set(true);

    List<Reply> replies = reading.get();
    assertThat(replies)
        .isNotEmpty()
        .allSatisfy(
            reply -> {
              assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
              assertThat(reply.body().get("data")).hasSize(left);
            });
    assertThat(ids(two.desk)).isEqualTo(ids(one.desk)).hasSize(left);
  }

  private static int count(DeskClient desk) {
    Reply reply = desk.get("/api/dlq/stats");
    assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
    return reply.body().at("/data/total_entries").asInt();
  }

  private static List<String> ids(DeskClient desk) {
    List<String> ids = new ArrayList<>();
    String cursor = "";
    do {
      Reply reply = desk.get("/api/dlq?limit=50" + cursor);
      assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
      reply.body().get("data").forEach(letter -> ids.add(letter.get("id").asText()));
      JsonNode next = reply.body().at("/meta/page/cursor");
      cursor = next.isTextual() ? "&cursor=" + next.asText() : "";
    } while (!cursor.isEmpty());
    return ids;
  }

  private static ProducerRecord<byte[], byte[]> failure(int number) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            "errors", number % 2, ("k" + number).getBytes(UTF_8), "{\"n\":1}".getBytes(UTF_8));
    Map.of(
            "redrive-pipeline-id", "orders",
            "redrive-record-id", "r" + number,
            "redrive-error-code", "E" + number % 3)
        .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    return record;
  }
}
