// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.redrive.Redrive;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.sandbox.EmbeddedBroker;
import dev.redrive.testkit.LiveRedrive;
import dev.redrive.testkit.Topics;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Artifacts of two instances on one broker, asked for over HTTP as people do. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@TestMethodOrder(OrderAnnotation.class)
class DiagnosticsIT {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String SECRET = "known to both instances";

  @TempDir static Path dir;
  private static EmbeddedBroker broker;
  private static Topics topics;
  private static Instance one;
  private static Instance two;
  private static String failedRun;

  /** An instance, and what it is started with again. */
  private static final class Instance {
    final Map<String, String> settings;
    final int port;
    Redrive redrive;

    Instance(String name) throws Exception {
      port = freePort();
      settings = LiveRedrive.settings(broker.bootstrapServers(), dir.resolve(name));
      settings.put("http.port", String.valueOf(port));
      settings.put("topics.partitions", "4");
      settings.put("peers.advertised", "http://127.0.0.1:" + port);
      settings.put("peers.secret", SECRET);
      settings.put("peers.timeout", "10s");
      settings.put("replay.settle-timeout", "1h");
      settings.put("diagnostics.heap-dumps", "true");
      settings.put("diagnostics.max-size", "4GiB");
      settings.put("diagnostics.max-total", "8GiB");
      start();
    }

    void start() throws Exception {
      redrive = Redrive.start(SettingsLoader.of(settings), Clock.systemUTC());
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
      return HTTP.send(request.timeout(SOON).build(), BodyHandlers.ofByteArray());
    }

    HttpRequest.Builder request(String path) {
      return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    JsonNode get(String path) throws Exception {
      HttpResponse<byte[]> reply = send(request(path));
      assertThat(reply.statusCode())
          .as("%s: %s", path, new String(reply.body(), UTF_8))
          .isEqualTo(200);
      return JSON.readTree(reply.body());
    }

    JsonNode post(String path, String body, int status) throws Exception {
      HttpResponse<byte[]> reply =
          send(
              request(path)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString(body)));
      assertThat(reply.statusCode()).as("%s", new String(reply.body(), UTF_8)).isEqualTo(status);
      return JSON.readTree(reply.body());
    }

    byte[] download(JsonNode artifact) throws Exception {
      HttpResponse<byte[]> reply =
          send(request("/api/diagnostics/" + artifact.at("/id").asText() + "/download"));
      assertThat(reply.statusCode()).isEqualTo(200);
      assertThat((long) reply.body().length).isEqualTo(artifact.at("/size_bytes").asLong());
      assertThat(reply.headers().firstValue("Content-Disposition"))
          .contains("attachment; filename=\"" + artifact.at("/file_name").asText() + '"');
      return reply.body();
    }

    /** Asks for an artifact and returns it when it is there. */
    JsonNode make(String body) throws Exception {
      String path =
          "/api/diagnostics/" + post("/api/diagnostics", body, 202).at("/data/id").asText();
      await().atMost(SOON).until(() -> !get(path).at("/data/status").asText().equals("running"));
      JsonNode made = get(path).at("/data");
      assertThat(made.at("/status").asText()).as("%s", made).isEqualTo("ready");
      return made;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    ((Logger) LoggerFactory.getLogger("dev.redrive.topology")).setLevel(Level.INFO);
    broker = EmbeddedBroker.start(dir.resolve("kafka"), 0, Map.of());
    topics = new Topics(broker.bootstrapServers());
    one = new Instance("one");
    await().atMost(SOON).until(one.redrive::ready);
    two = new Instance("two");
    await()
        .atMost(SOON)
        .until(
            () ->
                one.redrive.ready()
                    && two.redrive.ready()
                    && one.redrive.stores().size() == 4
                    && two.redrive.stores().size() == 4);
  }

  @AfterAll
  static void stop() {
    for (Instance instance : new Instance[] {one, two}) {
      if (instance != null) {
        instance.redrive.close();
      }
    }
    if (broker != null) {
      broker.close();
    }
    ((Logger) LoggerFactory.getLogger("dev.redrive.topology")).setLevel(null);
  }

  @Test
  @Order(1)
  void aRunThatHadFailuresGetsItsBundleByItselfAndAnotherGetsNone() throws Exception {
    fail("good", 3);
    fail("bad", 12);
    String goodRun = run("good", 3, 0);
    failedRun = run("bad", 12, 4);

    await()
        .atMost(SOON)
        .until(() -> one.get("/api/diagnostics?run_id=" + failedRun).at("/data").size() == 1);
    JsonNode bundle = two.get("/api/diagnostics?run_id=" + failedRun).at("/data/0");
    assertThat(bundle.at("/type").asText()).isEqualTo("log_bundle");
    assertThat(bundle.at("/pipeline_id").asText()).isEqualTo("bad");
    assertThat(bundle.at("/requested_by").isNull()).isTrue();
    byte[] zip = one.download(bundle);
    assertThat(two.download(bundle)).isEqualTo(zip);
    assertThat(one.get("/api/diagnostics?run_id=" + goodRun).at("/data")).isEmpty();
    assertContents(unzip(zip), failedRun);
  }

  private static void assertContents(Map<String, String> files, String runId) throws Exception {
    assertThat(JSON.readTree(files.get("run.json")))
        .isEqualTo(one.get("/api/runs/" + runId).at("/data"));
    List<JsonNode> lines = new ArrayList<>();
    for (String line : files.get("letters.ndjson").lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    JsonNode shown = one.get("/api/runs/" + runId + "/letters?limit=100").at("/data");
    assertThat(lines).hasSize(12);
    for (int i = 0; i < 12; i++) {
      for (String field : List.of("dlq_id", "outcome", "attempt", "reason", "at")) {
        assertThat(lines.get(i).at("/" + field)).isEqualTo(shown.get(i).at("/" + field));
      }
    }
    List<JsonNode> failed =
        lines.stream().filter(line -> line.at("/outcome").asText().equals("failed")).toList();
    assertThat(failed)
        .hasSize(4)
        .allSatisfy(line -> assertThat(line.at("/error_code").asText()).isEqualTo("again"));
    JsonNode groups = JSON.readTree(files.get("groups.json"));
    assertThat(groups.at("/0/letters").asInt()).isEqualTo(4);
    assertThat(groups.at("/0/sample/stack_trace").asText()).contains("com.acme.Orders.post");
    assertThat(files.keySet().stream().filter(name -> name.startsWith("log/"))).hasSize(2);
    assertThat(files.toString()).contains("a run goes on").contains("status=\"completed\"");
    assertThat(files.toString()).doesNotContain("the-payload", "the-header");
    assertThat(JSON.readTree(files.get("manifest.json")).at("/cut")).isEmpty();
  }

  @Test
  @Order(2)
  void aBundleIsMadeOnRequestToo() throws Exception {
    JsonNode made = two.make("{\"type\":\"log_bundle\",\"run_id\":\"" + failedRun + "\"}");
    assertContents(unzip(one.download(made)), failedRun);
    assertThat(one.get("/api/diagnostics?run_id=" + failedRun).at("/data")).hasSize(2);
  }

  @Test
  @Order(3)
  void aThreadDumpHasTheThreadsOfThisProcess() throws Exception {
    String dump = new String(one.download(one.make("{\"type\":\"thread_dump\"}")), UTF_8);
    assertThat(dump)
        .contains("StreamThread-1\"", "kafka-producer-network-thread", "\"redrive-run-bundles\"")
        .contains("java.lang.Thread.run(");
  }

  @Test
  @Order(4)
  void aProfileIsARecordingOfSoManySeconds() throws Exception {
    byte[] recorded = two.download(one.make("{\"type\":\"profile\",\"seconds\":2}"));
    Path file = Files.write(dir.resolve("profile.jfr"), recorded);

    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events).isNotEmpty();
    assertThat(events)
        .extracting(event -> event.getEventType().getName())
        .doesNotContain("jdk.InitialEnvironmentVariable", "jdk.InitialSystemProperty");
  }

  @Test
  @Order(5)
  void aHeapDumpIsMadeWhereItIsSwitchedOn() throws Exception {
    JsonNode made = one.make("{\"type\":\"heap_dump\"}");
    HttpResponse<byte[]> head =
        two.send(
            two.request("/api/diagnostics/" + made.at("/id").asText() + "/download")
                .header("Range", "bytes=0-17"));

    assertThat(head.statusCode()).isEqualTo(206);
    assertThat(new String(head.body(), UTF_8)).isEqualTo("JAVA PROFILE 1.0.2");
    HttpRequest.Builder delete = two.request("/api/diagnostics/" + made.at("/id").asText());
    assertThat(two.send(delete.DELETE()).statusCode()).isEqualTo(200);
    assertThat(one.get("/api/diagnostics?type=heap_dump").at("/data")).isEmpty();
  }

  @Test
  @Order(6)
  void whatLiesOnOneIsServedByTheOther() throws Exception {
    byte[] bytes = new byte[3_000_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    HttpResponse<byte[]> taken =
        one.send(
            one.request("/api/diagnostics/uploads?pipeline_id=bad&run_id=theirs&file_name=x.bin")
                .POST(BodyPublishers.ofByteArray(bytes)));
    assertThat(taken.statusCode()).isEqualTo(201);
    JsonNode artifact = JSON.readTree(taken.body()).at("/data");
    assertThat(artifact.at("/instance").asText()).isEqualTo("127.0.0.1:" + one.port);

    assertThat(two.get("/api/diagnostics?run_id=theirs").at("/data/0")).isEqualTo(artifact);
    assertThat(two.get("/api/diagnostics/stats")).isEqualTo(one.get("/api/diagnostics/stats"));
    assertThat(two.download(artifact)).isEqualTo(bytes);
    String path = "/api/diagnostics/" + artifact.at("/id").asText() + "/download";
    HttpResponse<byte[]> part =
        two.send(two.request(path).header("Range", "bytes=1000000-1000009"));
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(bytes, 1_000_000, 1_000_010));
    assertThat(two.send(two.request(path).header("Range", "bytes=3000000-")).statusCode())
        .isEqualTo(416);
  }

  @Test
  @Order(7)
  void onlyPeersMayAskWhatPeersAsk() throws Exception {
    HttpRequest.Builder asked =
        one.request("/internal/diagnostics")
            .POST(BodyPublishers.ofString("{\"ask\":\"artifacts\"}"));
    assertThat(one.send(asked).statusCode()).isEqualTo(401);
    assertThat(one.send(asked.header("Authorization", "Bearer wrong")).statusCode()).isEqualTo(401);
    HttpRequest.Builder known =
        one.request("/internal/diagnostics")
            .header("Authorization", "Bearer " + SECRET)
            .POST(BodyPublishers.ofString("{\"ask\":\"everything\"}"));
    assertThat(one.send(known).statusCode()).isEqualTo(400);
  }

  @Test
  @Order(8)
  void artifactsSurviveARestartAndNoRunGetsASecondBundle() throws Exception {
    JsonNode before = one.get("/api/diagnostics").at("/data");
    restart(two, one);
    restart(one, two);

    await()
        .atMost(SOON)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(two.get("/api/diagnostics").at("/data")).isEqualTo(before);
              assertThat(one.get("/api/diagnostics").at("/data")).isEqualTo(before);
            });
  }

  @Test
  @Order(9)
  void whoeverTakesARunOverMakesTheBundleThatIsNotThere() throws Exception {
    JsonNode own = ownBundle();
    HttpRequest.Builder delete = one.request("/api/diagnostics/" + own.at("/id").asText());
    assertThat(one.send(delete.DELETE()).statusCode()).isEqualTo(200);
    // Wherever its coordinator was, it moves.
    restart(two, one);
    restart(one, two);

    await().atMost(SOON).ignoreExceptions().until(() -> !ownBundle().isMissingNode());
    assertThat(ownBundle().at("/id")).isEqualTo(own.at("/id"));
  }

  /** The one that nobody asked for. */
  private static JsonNode ownBundle() throws Exception {
    JsonNode found = MissingNode.getInstance();
    for (JsonNode each : one.get("/api/diagnostics?run_id=" + failedRun).at("/data")) {
      found = each.at("/requested_by").isNull() ? each : found;
    }
    return found;
  }

  private static void restart(Instance instance, Instance other) throws Exception {
    instance.redrive.close();
    await().atMost(SOON).until(other.redrive::ready);
    instance.start();
    await()
        .atMost(SOON)
        .until(() -> instance.redrive.ready() && instance.redrive.stores().size() == 4);
  }

  /**
   * A run over all letters of a pipeline, of which so many fail again; returns when it has ended.
   */
  private static String run(String pipeline, int letters, int failing) throws Exception {
    String id =
        one.post("/api/runs", "{\"filter\":{\"pipeline_id\":\"" + pipeline + "\"}}", 202)
            .at("/data/run_id")
            .asText();
    await()
        .atMost(SOON)
        .until(() -> one.get("/api/runs/" + id).at("/data/replayed").asInt() == letters);
    List<ProducerRecord<byte[], byte[]>> outcomes = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> sent : topics.read("redrive-retry")) {
      if (new String(sent.headers().lastHeader("redrive-run-id").value(), UTF_8).equals(id)) {
        outcomes.add(outcome(sent, outcomes.size() < failing));
      }
    }
    assertThat(outcomes).hasSize(letters);
    topics.send(outcomes);
    await()
        .atMost(SOON)
        .until(() -> one.get("/api/runs/" + id).at("/data/status").asText().equals("completed"));
    return id;
  }

  private static ProducerRecord<byte[], byte[]> outcome(
      ConsumerRecord<byte[], byte[]> sent, boolean failed) {
    String letter = new String(sent.headers().lastHeader("redrive-letter-id").value(), UTF_8);
    String run = new String(sent.headers().lastHeader("redrive-run-id").value(), UTF_8);
    String attempt = new String(sent.headers().lastHeader("redrive-attempt").value(), UTF_8);
    String error =
        failed
            ? ",\"error\":{\"code\":\"again\",\"message\":\"no"
                + " stock\",\"class\":\"com.acme.Empty\",\"stack_trace\":\"com.acme.Empty: no"
                + " stock\\n"
                + "\\tat com.acme.Orders.post(Orders.java:9)\"}"
            : "";
    String json =
        "{\"letter_id\":\"%s\",\"run_id\":\"%s\",\"attempt\":%s,\"outcome\":\"%s\"%s}"
            .formatted(letter, run, attempt, failed ? "failed" : "succeeded", error);
    return new ProducerRecord<>("redrive-outcomes", json.getBytes(UTF_8));
  }

  private static void fail(String pipeline, int count) throws Exception {
    List<ProducerRecord<byte[], byte[]>> failures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(
              "redrive-errors", ("k" + i).getBytes(UTF_8), "the-payload".getBytes(UTF_8));
      Map.of(
              "redrive-pipeline-id",
              pipeline,
              "redrive-record-id",
              "r" + i,
              "redrive-error-code",
              "first",
              "x-own",
              "the-header")
          .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
      failures.add(record);
    }
    topics.send(failures);
    await()
        .atMost(SOON)
        .until(
            () ->
                one.get("/api/dlq?limit=100&pipeline_id=" + pipeline).at("/data").size() == count);
  }

  private static Map<String, String> unzip(byte[] zip) throws IOException {
    Map<String, String> files = new HashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        files.put(entry.getName(), new String(in.readAllBytes(), UTF_8));
      }
    }
    return files;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
