// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.cli.SandboxOptions;
import dev.redrive.live.Web;
import dev.redrive.sandbox.Sandbox;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the first page promises to whoever starts the sandbox. */
@Timeout(120)
class SandboxPromisesIT {
  private static final Duration READY = Duration.ofSeconds(30);
  private static final Duration FILLED = Duration.ofSeconds(15);
  private static final Duration SETTLED = Duration.ofSeconds(5);
  private static final int LETTERS = 11;

  @TempDir static Path dir;
  private static Sandbox sandbox;
  private static Web web;

  @BeforeAll
  static void start() {
    sandbox =
        Sandbox.start(
            new SandboxOptions(0, 0, Optional.of(dir.resolve("data"))), new SandboxStarter());
    web = new Web(sandbox.httpPort(), Optional.of("sandbox"));
    await().atMost(READY).until(() -> web.get("/health/ready").status() == 200);
    await().atMost(FILLED).until(() -> letters().size() >= LETTERS);
  }

  @AfterAll
  static void stopsWithinTenSeconds() {
    long start = System.nanoTime();
    sandbox.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void thereIsEnoughToLookAt() {
    List<JsonNode> letters = letters();

    assertThat(letters).hasSizeGreaterThanOrEqualTo(8);
    assertThat(distinct(letters, l -> l.get("pipeline_id").asText())).hasSizeGreaterThan(1);
    assertThat(distinct(letters, l -> l.get("error_code").asText())).hasSizeGreaterThan(2);
    assertThat(distinct(letters, l -> l.get("group_id").asText())).hasSizeGreaterThan(1);
    assertThat(letters.stream().filter(SandboxPromisesIT::isDelivery)).hasSizeGreaterThan(1);
  }

  @Test
  void everyFieldOfAListIsFilled() {
    for (JsonNode letter : letters()) {
      for (String field :
          List.of(
              "id",
              "pipeline_id",
              "error_code",
              "error_message",
              "failed_at",
              "retry_count",
              "row_preview",
              "record_id",
              "status",
              "attempt_count",
              "origin",
              "created_at",
              "updated_at",
              "first_failed_at",
              "group_id",
              "dialect",
              "source",
              "dead_letter")) {
        assertThat(letter.path(field).isNull() || letter.path(field).isMissingNode())
            .as("%s of %s", field, letter)
            .isFalse();
      }
      assertThat(letter.get("row_preview").isObject()).as(letter.toString()).isTrue();
      assertThat(letter.get("warnings").isArray()).isTrue();
      assertThat(letter.get("labels").isArray()).isTrue();
      assertThat(letter.has("connection_id") && letter.has("last_run_id")).isTrue();
      assertThat(letter.get("failed_at").asText())
          .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
      assertThat(letter.at("/source/topic").isTextual()).as(letter.toString()).isTrue();
      assertThat(letter.at("/dead_letter/topic").asText()).isEqualTo("redrive-errors");
    }
  }

  @Test
  void printedRequestsWork() {
    assertThat(web.get("/api/dlq?limit=5").json().get("data")).hasSize(5);
    assertThat(web.get("/api/dlq/stats").json().at("/data").isObject()).isTrue();
    assertThat(new Web(sandbox.httpPort(), Optional.empty()).get("/api/dlq").status())
        .isEqualTo(401);
  }

  @Test
  void replayIsSettledAndNothingElseIsRetried() throws Exception {
    List<JsonNode> before = letters();
    String passing =
        before.stream()
            .filter(letter -> letter.get("record_id").asText().equals("pay-2002"))
            .findFirst()
            .orElseThrow()
            .get("id")
            .asText();
    String broken =
        before.stream()
            .filter(letter -> letter.get("pipeline_id").asText().contains("order"))
            .findFirst()
            .orElseThrow()
            .get("id")
            .asText();
    assertThat(before).allMatch(letter -> letter.get("attempt_count").asInt() == 1);
    assertThat(replays()).isZero();

    // Its outage lasts some seconds, so the first replay may fail once more.
    long asked = 1;
    while (!settlesGone(passing)) {
      asked++;
    }
    assertThat(settlesGone(broken)).isFalse();
    JsonNode letter = web.letter(broken);
    assertThat(letter.get("attempt_count").asInt()).isEqualTo(2);

    Map<String, Integer> attempts =
        letters().stream()
            .collect(
                Collectors.toMap(l -> l.get("id").asText(), l -> l.get("attempt_count").asInt()));
    assertThat(attempts.remove(broken)).isEqualTo(2);
    assertThat(attempts.values()).hasSize(before.size() - 2).containsOnly(1);
    // What was asked for, each with the marker of its transaction at most.
    assertThat(replays()).isBetween(asked + 1, 2 * (asked + 1));
  }

  /** Replays it; whether it is gone then, or else pending with one more failure. */
  private static boolean settlesGone(String id) {
    int attempts = web.letter(id).get("attempt_count").asInt();
    assertThat(web.post("/api/dlq/" + id + "/reprocess").status()).isEqualTo(202);
    return await()
        .atMost(SETTLED)
        .until(() -> settled(id, attempts), Optional::isPresent)
        .orElseThrow();
  }

  private static Optional<Boolean> settled(String id, int attempts) {
    Web.Reply reply = web.get("/api/dlq/" + id);
    if (reply.status() == 404) {
      return Optional.of(true);
    }
    JsonNode letter = reply.json().get("data");
    boolean failedAgain =
        letter.get("attempt_count").asInt() == attempts + 1
            && letter.get("status").asText().equals("pending");
    return failedAgain ? Optional.of(false) : Optional.empty();
  }

  @Test
  void takenPortIsOneLineWithTheFlag() throws Exception {
    Path jar = Path.of(System.getProperty("redrive.jar", "target/redrive.jar"));
    assumeThat(jar).as("made by mvn package").exists();
    try (ServerSocket taken =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      Path err = dir.resolve("stderr");
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-jar",
                  jar.toString(),
                  "sandbox",
                  "--kafka-port",
                  "0",
                  "--http-port",
                  String.valueOf(taken.getLocalPort()))
              .redirectError(err.toFile())
              .start();
      try (InputStream out = process.getInputStream()) {
        assertThat(new String(out.readAllBytes(), UTF_8)).isEmpty();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(Files.readAllLines(err))
            .singleElement()
            .asString()
            .contains("--http-port", String.valueOf(taken.getLocalPort()));
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private static List<JsonNode> letters() {
    return web.letters("");
  }

  private static Set<String> distinct(List<JsonNode> letters, Function<JsonNode, String> field) {
    return new HashSet<>(letters.stream().map(field).toList());
  }

  private static boolean isDelivery(JsonNode letter) {
    return letter.get("pipeline_id").asText().contains("webhook");
  }

  /** The end of the retry topic: what was ever sent there. */
  private static long replays() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", sandbox.bootstrapServers()))) {
      int partitions =
          admin
              .describeTopics(List.of("redrive-retry"))
              .topicNameValues()
              .get("redrive-retry")
              .get()
              .partitions()
              .size();
      long sum = 0;
      for (int i = 0; i < partitions; i++) {
        TopicPartition partition = new TopicPartition("redrive-retry", i);
        sum +=
            admin
                .listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
      }
      return sum;
    }
  }
}
