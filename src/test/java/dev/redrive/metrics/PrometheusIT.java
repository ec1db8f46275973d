// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.letter.LetterId;
import dev.redrive.testkit.DeskClient.Reply;
import dev.redrive.testkit.LiveRedrive;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus with the configuration and rules of the chart scrapes a running Redrive. */
@Timeout(900)
class PrometheusIT {
  private static final Path FILES = Path.of("helm", "redrive", "files");
  private static final Duration SOON = Duration.ofMinutes(5);

  private final HttpClient http = HttpClient.newHttpClient();
  private URI address;

  @Test
  void everyQueryFindsSomethingAndAHaltedRunIsAnAlert(@TempDir Path dir) throws Exception {
    Path program = Promtool.needed("prometheus");
    try (LiveRedrive live = LiveRedrive.start(dir, Map.of("http.wait", "60s"))) {
      failAndReplay(live);
      Process prometheus = start(program, dir, live.redrive().httpPort());
      try {
        await()
            .atMost(SOON)
            .ignoreExceptionsInstanceOf(IOException.class)
            .untilAsserted(() -> assertThat(value("up{job=\"redrive\"}")).isEqualTo(1));
        await()
            .atMost(SOON)
            .untilAsserted(() -> assertThat(value("sum(redrive_letters)")).isEqualTo(1));
        for (Dashboard.Query query : Dashboard.read().queries()) {
          await()
              .atMost(SOON)
              .untilAsserted(
                  () ->
                      assertThat(ask("query?query=" + encoded(query.expression())).get("result"))
                          .as("panel %s: %s", query.panel(), query.expression())
                          .isNotEmpty());
        }
        assertRulesAreEvaluated();
        haltARun(live);
        await().atMost(SOON).until(() -> stateOf("RedriveRunHalted").equals("firing"));
      } finally {
        prometheus.destroy();
        prometheus.waitFor(10, TimeUnit.SECONDS);
        prometheus.destroyForcibly();
      }
    }
  }

  private void assertRulesAreEvaluated() throws Exception {
    JsonNode groups = ask("rules").get("groups");
    assertThat(groups).hasSize(1);
    for (JsonNode rule : groups.get(0).get("rules")) {
      assertThat(rule.get("health").asText()).as(rule.get("name").asText()).isEqualTo("ok");
      assertThat(rule.get("state").asText()).as(rule.get("name").asText()).isNotEqualTo("firing");
    }
  }

  private String stateOf(String alert) throws Exception {
    for (JsonNode rule : ask("rules").get("groups").get(0).get("rules")) {
      if (rule.get("name").asText().equals(alert)) {
        return rule.get("state").asText();
      }
    }
    throw new AssertionError("no rule " + alert);
  }

  /** Its canary is sent, and nobody says how that went. */
  private static void haltARun(LiveRedrive live) throws Exception {
    fail(live, "2");
    Reply started =
        live.desk()
            .post(
                "/api/runs",
                "{\"pipeline_id\":\"orders\",\"record_ids\":[\"2\"],"
                    + "\"options\":{\"canary\":{\"size\":1,\"wait\":\"1s\"}}}");
    assertThat(started.status()).as("%s", started.body()).isEqualTo(202);
  }

  private static void failAndReplay(LiveRedrive live) throws Exception {
    fail(live, "1");
    live.desk().reprocess(LetterId.of("orders", "1").toString());
  }

  private static void fail(LiveRedrive live, String record) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", live.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      var failure = new ProducerRecord<>("redrive-errors", "key", "value");
      failure.headers().add("redrive-pipeline-id", "orders".getBytes(UTF_8));
      failure.headers().add("redrive-record-id", record.getBytes(UTF_8));
      failure.headers().add("redrive-error-code", "E1".getBytes(UTF_8));
      producer.send(failure).get();
    }
    String id = LetterId.of("orders", record).toString();
    await().atMost(SOON).until(() -> live.desk().letter(id).isPresent());
  }

  /** With the shipped configuration, but another address and no patience. */
  private Process start(Path program, Path dir, int redrive) throws IOException {
    Path config = dir.resolve("prometheus.yml");
    Files.writeString(
        config,
        Files.readString(FILES.resolve("prometheus.yml"))
            .replace("redrive:8080", "127.0.0.1:" + redrive)
            .replace("15s", "1s"));
    Files.copy(FILES.resolve("alerts.yaml"), dir.resolve("alerts.yaml"));
    int port = freePort();
    address = URI.create("http://127.0.0.1:" + port + "/api/v1/");
    return new ProcessBuilder(
            program.toString(),
            "--config.file=" + config,
            "--storage.tsdb.path=" + dir.resolve("tsdb"),
            "--web.listen-address=127.0.0.1:" + port)
        .redirectErrorStream(true)
        .redirectOutput(dir.resolve("prometheus.log").toFile())
        .start();
  }

  /** Prometheus cannot be asked which port it took, so one is chosen that is free now. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private double value(String expression) throws Exception {
    JsonNode result = ask("query?query=" + encoded(expression)).get("result");
    return result.isEmpty() ? Double.NaN : result.get(0).get("value").get(1).asDouble();
  }

  private JsonNode ask(String what) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address.resolve(what)).build();
    JsonNode answer =
        new ObjectMapper().readTree(http.send(request, BodyHandlers.ofString(UTF_8)).body());
    assertThat(answer.get("status").asText()).as("%s", answer).isEqualTo("success");
    return answer.get("data");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
