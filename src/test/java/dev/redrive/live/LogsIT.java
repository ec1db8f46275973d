// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.config.KeyHash;
import dev.redrive.testkit.Topics;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Whatever happens to records that nobody may read, the log does not repeat them, at no level of
 * Redrive's own; and its lines can be put together by the ids of command, run and letter.
 */
@Timeout(900)
class LogsIT {
  /** In keys, values, headers, messages, traces, wrong commands and outcomes, and API keys. */
  private static final String CANARY = "canary7f3a91";

  private static final String CANARY_BASE64 =
      Base64.getEncoder().encodeToString(CANARY.getBytes(UTF_8)).substring(0, 12);

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final Duration SOON = Duration.ofMinutes(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Logger audit = (Logger) LoggerFactory.getLogger("redrive-audit");
  private final Logger ours = (Logger) LoggerFactory.getLogger("dev.redrive");
  private final Level rootLevel = root.getLevel();
  private final Level oursLevel = ours.getLevel();

  @TempDir Path dir;
  private Rig rig;
  private Web web;

  @BeforeEach
  void start() throws Exception {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(root.getLoggerContext());
    encoder.setWithFormattedMessage(true);
    encoder.start();
    appender.setContext(root.getLoggerContext());
    appender.setEncoder(encoder);
    appender.setOutputStream(written);
    appender.start();
    root.addAppender(appender);
    root.setLevel(Level.WARN);
    ours.setLevel(Level.DEBUG);
    audit.setLevel(Level.DEBUG);
    rig = Rig.start(dir, Map.of());
    rig.create("cut-errors", 1, Map.of("max.message.bytes", String.valueOf(4 << 20)));
    int port =
        rig.startRedrive(
                Map.of(
                    "topics.errors", "redrive-errors,cut-errors",
                    "limits.payload", "4KiB",
                    "http.wait", "60s",
                    "auth.keys[0].name", "tests",
                    "auth.keys[0].role", "admin",
                    "auth.keys[0].sha256", KeyHash.of(CANARY).hex(),
                    "pipelines[0].id", "nowhere",
                    "pipelines[0].retry-topic", "no-such-topic"))
            .httpPort();
    web = new Web(port, Optional.of(CANARY));
  }

  @AfterEach
  void stop() {
    rig.close();
    root.detachAppender(appender);
    root.setLevel(rootLevel);
    ours.setLevel(oursLevel);
    audit.setLevel(null);
  }

  @Test
  void noLineRepeatsARecordAndEachNamesItsIds() throws Exception {
    rig.send(failure("orders", "1"));
    rig.send(failure("orders", "2"));
    rig.send(failure("nowhere", "3"));
    failInOddWays();
    await().atMost(SOON).until(() -> web.letters("").size() == 7);

    String sent = replayAndSettle("1", "succeeded");
    replayAndSettle("2", "failed");
    assertThat(web.post("/api/dlq/" + letter("3") + "/reprocess").text())
        .contains("target_missing");
    readAnOriginalThatIsGone();
    sendWhatCannotBeRead();
    ask();
    rig.stopRedrive();

    List<JsonNode> lines = lines();
    assertThat(lines).hasSizeGreaterThan(5);
    JsonNode answered = about(lines, "letter_id", sent);
    assertThat(value(answered, "command_id")).isNotBlank();
    assertThat(value(answered, "run_id")).startsWith("run_");
    assertThat(value(answered, "trace_id")).isEqualTo(TRACE);
    assertThat(text()).as("the log").doesNotContain(CANARY, CANARY_BASE64);
  }

  /** Warnings of dialects, an envelope that is none, and a record that nobody understands. */
  private void failInOddWays() throws Exception {
    ProducerRecord<byte[], byte[]> odd = failure("orders", "odd");
    for (String name : List.of("redrive-failed-at", "redrive-source-offset", "redrive-attempt")) {
      odd.headers().add(name, CANARY.getBytes(UTF_8));
    }
    rig.send(odd);
    ProducerRecord<byte[], byte[]> spring = record("redrive-errors");
    spring.headers().add("kafka_dlt-exception-message", CANARY.getBytes(UTF_8));
    spring.headers().add("kafka_dlt-original-offset", CANARY.getBytes(UTF_8));
    rig.send(spring);
    ProducerRecord<byte[], byte[]> envelope = record("redrive-errors");
    envelope.headers().add("redrive-envelope", "1".getBytes(UTF_8));
    rig.send(envelope);
    rig.send(record("redrive-errors"));
  }

  private String replayAndSettle(String record, String outcome) throws Exception {
    String id = letter(record);
    assertThat(web.post("/api/dlq/" + id + "/reprocess").status()).isEqualTo(202);
    ProducerRecord<byte[], byte[]> told = new ProducerRecord<>("redrive-outcomes", null);
    told.headers().add("redrive-letter-id", id.getBytes(UTF_8));
    told.headers().add("redrive-attempt", "1".getBytes(UTF_8));
    told.headers().add("redrive-error-message", CANARY.getBytes(UTF_8));
    told.headers().add("redrive-outcome", outcome.getBytes(UTF_8));
    rig.send(told);
    await()
        .atMost(SOON)
        .until(
            () -> {
              Web.Reply reply = web.get("/api/dlq/" + id);
              return reply.status() == 404 || reply.json().at("/data/attempt_count").asInt() == 2;
            });
    return id;
  }

  private void readAnOriginalThatIsGone() throws Exception {
    ProducerRecord<byte[], byte[]> large =
        new ProducerRecord<>("cut-errors", null, (CANARY + "x".repeat(100_000)).getBytes(UTF_8));
    large.headers().add("redrive-pipeline-id", "large".getBytes(UTF_8));
    large.headers().add("redrive-error-message", CANARY.getBytes(UTF_8));
    rig.send(large);
    await().atMost(SOON).until(() -> web.letters("large").size() == 1);
    rig.admin
        .deleteRecords(Map.of(new TopicPartition("cut-errors", 0), RecordsToDelete.beforeOffset(1)))
        .all()
        .get();
    String id = web.letters("large").get(0).get("id").asText();
    assertThat(web.post("/api/dlq/" + id + "/reprocess").text()).contains("original_gone");
  }

  /** Commands and outcomes, as sent by somebody who took the topic for another. */
  private void sendWhatCannotBeRead() throws Exception {
    List<String> wrong =
        List.of(
            CANARY,
            "{\"" + CANARY + "\":1}",
            "{\"type\":\"" + CANARY + "\"}",
            "{\"outcome\":\"" + CANARY + "\",\"letter_id\":\"" + CANARY + "\"}",
            "{\"type\":\"add\",\"pipeline_id\":\"p\",\"record_ids\":[\"r\"],\"value\":\""
                + CANARY
                + "!\"}",
            "{\"type\":\"replay\",\"filter\":{\"record_id_pattern\":\"(" + CANARY + "\"}}",
            "{\"type\":\"cancel\",\"run_id\":\"run_" + CANARY + "\",\"x\":" + CANARY + "}");
    for (String text : wrong) {
      rig.command(text);
      rig.send(new ProducerRecord<>("redrive-outcomes", text.getBytes(UTF_8)));
    }
    ProducerRecord<byte[], byte[]> headers = record("redrive-outcomes");
    headers.headers().add("redrive-outcome", CANARY.getBytes(UTF_8));
    headers.headers().add("redrive-attempt", CANARY.getBytes(UTF_8));
    rig.send(headers);
    int rejected = wrong.size();
    Topics topics = new Topics(rig.bootstrapServers());
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(events(topics, "command.rejected")).hasSizeGreaterThanOrEqualTo(rejected);
              assertThat(events(topics, "outcome.unreadable")).hasSize(rejected + 1);
            });
  }

  private static List<ConsumerRecord<byte[], byte[]>> events(Topics topics, String type) {
    return topics.read("redrive-events").stream()
        .filter(event -> Follower.isEvent(event, type))
        .toList();
  }

  /** As callers do, rightly and wrongly. */
  private void ask() {
    assertThat(web.get("/api/dlq/export?format=ndjson").text()).contains(CANARY);
    assertThat(web.get("/api/dlq?payload=" + CANARY).status()).isEqualTo(200);
    assertThat(web.get("/api/dlq?header=" + TRACE).json().get("data")).hasSize(3);
    assertThat(web.get("/api/dlq?limit=" + CANARY).status()).isEqualTo(400);
    assertThat(web.get("/api/dlq/dlq_" + CANARY).status()).isEqualTo(404);
    assertThat(web.get("/api/dlq?qstash_token=" + CANARY).status()).isEqualTo(200);
    Web stranger = new Web(web.port(), Optional.of(CANARY + "not"));
    assertThat(stranger.get("/api/dlq").status()).isEqualTo(401);
  }

  private String letter(String record) {
    return web.letters("").stream()
        .filter(letter -> letter.get("record_id").asText().equals(record))
        .map(letter -> letter.get("id").asText())
        .findAny()
        .orElseThrow();
  }

  private static ProducerRecord<byte[], byte[]> failure(String pipeline, String record) {
    ProducerRecord<byte[], byte[]> failure = record("redrive-errors");
    Map.of(
            "redrive-pipeline-id",
            pipeline,
            "redrive-record-id",
            record,
            "redrive-error-code",
            "E1",
            "redrive-error-message",
            CANARY,
            "redrive-error-stack-trace",
            "java.lang.Exception: " + CANARY + "\n\tat a.B.c(B.java:1)",
            "traceparent",
            "00-" + TRACE + "-00f067aa0ba902b7-01")
        .forEach((name, value) -> failure.headers().add(name, value.getBytes(UTF_8)));
    return failure;
  }

  private static ProducerRecord<byte[], byte[]> record(String topic) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic, CANARY.getBytes(UTF_8), ("{\"secret\":\"" + CANARY + "\"}").getBytes(UTF_8));
    record.headers().add("x-secret", CANARY.getBytes(UTF_8));
    return record;
  }

  private String text() {
    return written.toString(UTF_8);
  }

  /** Each an object of its own, or this throws. */
  private List<JsonNode> lines() throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : text().lines().toList()) {
      JsonNode event = JSON.readTree(line);
      assertThat(event.has("formattedMessage")).as(line).isTrue();
      lines.add(event);
    }
    return lines;
  }

  private static JsonNode about(List<JsonNode> lines, String key, String value) {
    return lines.stream()
        .filter(line -> value(line, "event").equals("dev.redrive.command.accepted.v1"))
        .filter(line -> value(line, key).equals(value))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line with " + key + " " + value));
  }

  private static String value(JsonNode line, String key) {
    for (JsonNode pair : line.path("kvpList")) {
      if (pair.has(key)) {
        return pair.get(key).asText();
      }
    }
    return "";
  }
}
