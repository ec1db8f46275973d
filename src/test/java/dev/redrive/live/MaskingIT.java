// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.config.KeyHash;
import dev.redrive.http.Contract;
import dev.redrive.testkit.LiveRedrive;
import dev.redrive.testkit.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Tries every door of a running Redrive by which something of a letter leaves it. A new door is one
 * more line in {@link #doors}.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Isolated("listens to the root logger")
class MaskingIT {
  private static final String IBAN = "DE02120300000000202051";
  private static final String TOKEN = "tok-hunter";
  private static final String WORD = "swordfish";
  private static final List<String> SECRETS = List.of(IBAN, TOKEN, WORD);

  /** These tell of the process, not of letters. */
  private static final List<String> OF_NO_LETTER =
      List.of("/health/.*", "/docs.*", "/openapi.yaml", "/", "/api/diagnostics.*");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofSeconds(60);

  private static final String PAYLOAD = "{\"iban\":\"" + IBAN + "\",\"n\":7}";
  private static final String MESSAGE = "no account " + IBAN + " of swordfish";

  /** What a failed HTTP delivery tells, with the secrets wherever they may be. */
  private static final String DELIVERY =
      """
      {"pipeline_id": "bank", "record_id": "delivery", "error": {"message": "%2$s"},
       "payload": {"iban": "%1$s"},
       "http": {"workflow_run_id": "wfr_1", "workflow_url": "https://example.com/pay",
                "url": "https://example.com/pay?iban=%1$s", "method": "POST",
                "header": {"X-Token": ["%3$s"]},
                "response": {"status": 500, "body": "{\\"iban\\":\\"%1$s\\"}"}}}
      """
          .formatted(IBAN, MESSAGE, TOKEN);

  @TempDir static Path dir;
  private static final ListAppender<ILoggingEvent> LOGS = new ListAppender<>();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static LiveRedrive live;
  private static Topics topics;
  private static final Map<String, String> IDS = new HashMap<>();

  /**
   * A way out.
   *
   * @param path with a record id in braces where a letter's id goes
   * @param tells whether those who may reveal find the IBAN there
   */
  record Door(String path, boolean tells) {}

  static Stream<Door> doors() {
    return Stream.of(
        new Door("/api/dlq", false),
        new Door("/api/dlq?pipeline_id=bank", false),
        new Door("/api/dlq/{plain}", true),
        new Door("/api/dlq/{delivery}", true),
        new Door("/api/dlq/stats", false),
        new Door("/api/dlq/export?format=csv", true),
        new Door("/api/dlq/export?format=json", true),
        new Door("/api/dlq/export?format=ndjson", true),
        new Door("/api/groups", false),
        new Door("/api/groups/{group}", false),
        new Door("/api/events", false),
        new Door("/api/pipelines", false),
        new Door("/api/dialects", false),
        new Door("/api/runs", false),
        new Door("/api/runs/{run}", false),
        new Door("/api/runs/{run}/letters", false),
        new Door("/api/dlq/bulk-operations/{operation}", false),
        new Door("/api/v1/jobs", false),
        new Door("/api/v1/jobs/{job}", false),
        new Door("/api/jobs/{job}", false),
        new Door("/v2/pipelines/bank/runs", false),
        new Door("/v2/pipelines/bank/runs/{run}", false),
        new Door("/v2/pipelines/bank/runs/{run}/events", false),
        new Door("/v2/pipelines/bank/dead_letters", true),
        new Door("/v2/pipelines/bank/dead_letters/{plain}", true),
        new Door("/v2/workflows/dlq", true),
        new Door("/v2/workflows/dlq/{delivery}", true),
        new Door("/v2/dlq", true),
        new Door("/v2/dlq/{plain}", true),
        new Door("/metrics", false));
  }

  @BeforeAll
  static void start() throws Exception {
    LOGS.start();
    root().addAppender(LOGS);
    logger("dev.redrive").setLevel(Level.TRACE);
    Map<String, String> settings = new HashMap<>();
    settings.put("pipelines[0].id", "bank");
    settings.put("pipelines[0].retry-topic", "bank.retry");
    settings.put("pipelines[0].masks.paths", "$.iban");
    settings.put("pipelines[0].masks.headers", "x-token");
    settings.put("pipelines[0].masks.texts", WORD);
    for (String role : List.of("viewer", "operator", "admin")) {
      String at = "auth.keys[" + List.of("viewer", "operator", "admin").indexOf(role) + "].";
      settings.put(at + "name", role);
      settings.put(at + "sha256", KeyHash.of(role + "-key").hex());
      settings.put(at + "role", role);
    }
    live = LiveRedrive.start(dir, settings);
    topics = new Topics(live.bootstrapServers());
    topics.create(1, "bank.retry");
    topics.send(List.of(plain("plain"), plain("replayed"), delivery()));
    await().atMost(SOON).until(() -> data("/api/dlq?pipeline_id=bank").size() == 3);
    for (JsonNode letter : data("/api/dlq?pipeline_id=bank")) {
      IDS.put(letter.at("/record_id").asText(), letter.at("/id").asText());
    }
    await().atMost(SOON).until(() -> !data("/api/groups").at("/0/title").isNull());
    IDS.put("group", data("/api/groups").at("/0/id").asText());
    String run = runOfTheHidden();
    IDS.put("run", run);
    IDS.put("job", run.replace("run_", "job_"));
    IDS.put("operation", run.replace("run_", "dlqbo_"));
  }

  /** What its filter looks for is hidden too. */
  private static String runOfTheHidden() throws Exception {
    String filter =
        "{\"filter\":{\"pipeline_id\":\"bank\",\"record_id\":\"replayed\",\"payload\":\""
            + IBAN
            + "\"}}";
    HttpResponse<String> queued = send("POST", "/api/runs", "admin", filter);
    assertThat(queued.statusCode()).as(queued.body()).isEqualTo(202);
    String run = JSON.readTree(queued.body()).at("/data/run_id").asText();
    await().atMost(SOON).until(() -> data("/api/runs/" + run).at("/replayed").asInt() == 1);
    return run;
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      whatIsReplayedIsWhole();
      nothingHiddenIsInEventsOrLogs();
    } finally {
      close();
    }
  }

  private static void close() {
    logger("dev.redrive").setLevel(null);
    root().detachAppender(LOGS);
    live.close();
  }

  @ParameterizedTest
  @MethodSource("doors")
  void nothingHiddenComesOutOfADoor(Door door) throws Exception {
    for (String key : List.of("viewer", "operator")) {
      assertThat(get(door.path(), key)).isNotEmpty().doesNotContain(SECRETS);
    }
  }

  /** A new way to read is to be tried here. */
  @Test
  void everyReadIsADoor() throws IOException {
    List<String> tried = doors().map(door -> door.path().replaceFirst("\\?.*", "")).toList();
    for (String operation : new Contract().operations()) {
      String path = operation.substring(operation.indexOf(' ') + 1);
      Pattern shape = Pattern.compile(path.replaceAll("\\{[^}]*}", "[^/]+"));
      if (operation.startsWith("GET ") && OF_NO_LETTER.stream().noneMatch(path::matches)) {
        assertThat(tried).as(operation).anyMatch(one -> shape.matcher(one).matches());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("doors")
  void whoMayRevealSeesIt(Door door) throws Exception {
    String shown = get(door.path(), "admin");
    if (door.tells()) {
      assertThat(shown).contains(IBAN);
    }
  }

  @Test
  void aGroupsTitleHidesWhatItRepeatsOfAMessage() throws Exception {
    assertThat(get("/api/groups/{group}", "admin")).contains(WORD);
    assertThat(JSON.readTree(get("/api/groups/{group}", "viewer")).at("/data/title").asText())
        .isEqualTo("***");
  }

  @Test
  void aRunsFilterHidesWhatWasLookedFor() throws Exception {
    for (String path : List.of("/api/runs", "/api/runs/{run}")) {
      assertThat(get(path, "admin")).contains(IBAN);
      assertThat(get(path, "viewer")).contains("\"payload\":\"***\"");
    }
  }

  @Test
  void nobodyFindsByAPartWhatTheyMayNotSee() throws Exception {
    for (String secret : SECRETS) {
      for (String where : List.of("error_message", "payload", "header")) {
        String asked = where + "=" + secret.substring(0, 6);
        for (String path : List.of("/api/dlq?", "/api/dlq/export?format=ndjson&")) {
          String seen = get(path + asked, "viewer");
          assertThat(seen).as("%s%s", path, asked).doesNotContain(IDS.get("plain"));
        }
      }
    }
    assertThat(get("/api/dlq?payload=" + IBAN, "admin")).contains(IDS.get("plain"));
  }

  @Test
  void aRunByAHiddenTextFindsNothing() throws Exception {
    String body = "{\"filter\":{\"pipeline_id\":\"bank\",\"payload\":\"" + IBAN + "\"}}";
    assertThat(matched(body, "operator")).isZero();
    assertThat(matched(body, "admin")).isEqualTo(3);
  }

  private static void whatIsReplayedIsWhole() {
    ConsumerRecord<byte[], byte[]> replayed =
        await().atMost(SOON).until(() -> topics.read("bank.retry"), all -> !all.isEmpty()).get(0);
    assertThat(new String(replayed.value(), UTF_8)).isEqualTo(PAYLOAD);
    assertThat(new String(replayed.headers().lastHeader("X-Token").value(), UTF_8))
        .isEqualTo(TOKEN);
  }

  /** After all that this class does, so that all of it was told and logged. */
  private static void nothingHiddenIsInEventsOrLogs() {
    List<ConsumerRecord<byte[], byte[]>> events = new ArrayList<>(topics.read("redrive-events"));
    events.addAll(topics.read("redrive-results"));
    assertThat(events).isNotEmpty();
    for (ConsumerRecord<byte[], byte[]> event : events) {
      assertThat(new String(event.value(), UTF_8) + event.headers()).doesNotContain(SECRETS);
    }
    for (ILoggingEvent line : List.copyOf(LOGS.list)) {
      String cause =
          line.getThrowableProxy() == null
              ? ""
              : ThrowableProxyUtil.asString(line.getThrowableProxy());
      assertThat(line.getFormattedMessage() + line.getKeyValuePairs() + cause)
          .doesNotContain(SECRETS);
    }
  }

  private static ProducerRecord<byte[], byte[]> plain(String id) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>("redrive-errors", "k".getBytes(UTF_8), PAYLOAD.getBytes(UTF_8));
    record
        .headers()
        .add("redrive-pipeline-id", "bank".getBytes(UTF_8))
        .add("redrive-record-id", id.getBytes(UTF_8))
        .add("redrive-error-message", MESSAGE.getBytes(UTF_8))
        .add("redrive-stack-trace", ("Bad: " + TOKEN).getBytes(UTF_8))
        .add("X-Token", TOKEN.getBytes(UTF_8));
    return record;
  }

  private static ProducerRecord<byte[], byte[]> delivery() {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>("redrive-errors", null, DELIVERY.getBytes(UTF_8));
    record.headers().add("redrive-envelope", "1".getBytes(UTF_8));
    return record;
  }

  private static int matched(String body, String key) throws Exception {
    HttpResponse<String> planned =
        send(
            "POST", "/api/runs", key, body.replaceFirst("\\{", "{\"options\":{\"dry_run\":true},"));
    assertThat(planned.statusCode()).as(planned.body()).isBetween(200, 202);
    return JSON.readTree(planned.body()).at("/data/matched").asInt();
  }

  private static JsonNode data(String path) throws Exception {
    return JSON.readTree(get(path, "admin")).at("/data");
  }

  private static String get(String path, String key) throws Exception {
    String asked = path;
    for (Map.Entry<String, String> id : IDS.entrySet()) {
      asked = asked.replace("{" + id.getKey() + "}", id.getValue());
    }
    HttpResponse<String> reply = send("GET", asked, key, null);
    assertThat(reply.statusCode()).as("%s: %s", asked, reply.body()).isEqualTo(200);
    return reply.body();
  }

  private static HttpResponse<String> send(String method, String path, String key, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + live.redrive().httpPort() + path))
            .timeout(SOON)
            .header("Authorization", "Bearer " + key + "-key")
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static Logger root() {
    return logger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }
}
