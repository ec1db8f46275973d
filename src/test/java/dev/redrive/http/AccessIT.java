// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.config.KeyHash;
import dev.redrive.http.AccessTable.Row;
import dev.redrive.letter.LetterId;
import dev.redrive.testkit.LiveRedrive;
import dev.redrive.testkit.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who may do what, on a running Redrive: every operation of the API's description, called with
 * every role and scope. The pipeline {@code alpha} is what limited keys may see, {@code bravo} what
 * they may not.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AccessIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int LETTERS = 320;

  /** Failed deliveries with a callback: for each key and each of the two operations on it. */
  private static final int DELIVERIES = 1 + 2 * 6;

  private static final List<String> ROLES = List.of("viewer", "operator", "admin");

  /** Keys, by their names: a role, and {@code all} or {@code alpha}. */
  private static final List<String> KEYS =
      List.of(
          "viewer-all",
          "operator-all",
          "admin-all",
          "viewer-alpha",
          "operator-alpha",
          "admin-alpha");

  @TempDir static Path dir;
  private static LiveRedrive live;
  private static Topics topics;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Deque<String> FRESH = new ArrayDeque<>();
  private static final Deque<String> CALLBACKS = new ArrayDeque<>();
  private static final Map<String, String> ALPHA = new HashMap<>();
  private static final Map<String, String> BRAVO = new HashMap<>();
  private static final Map<String, String> BEFORE = new LinkedHashMap<>();
  private static final Map<String, String> AFTER = new LinkedHashMap<>();

  /** Names of what is nowhere. */
  private static final Map<String, String> NOTHING =
      Map.ofEntries(
          Map.entry("pipeline", "nowhere"),
          Map.entry("record", "no-record"),
          Map.entry("letter", LetterId.of("nowhere", "no-record").toString()),
          Map.entry("failed", LetterId.of("nowhere", "failed").toString()),
          Map.entry("called", LetterId.of("nowhere", "called").toString()),
          Map.entry("message", "msg_" + LetterId.of("nowhere", "no-record").body()),
          Map.entry("code", "NO_CODE"),
          Map.entry("artifact", "diag_00000000000000000000000000"),
          Map.entry("group", "grp_1_00000000000000000000"),
          Map.entry("run", "run_00000000_00000000000000000000000000"),
          Map.entry("job", "job_00000000_00000000000000000000000000"),
          Map.entry("operation", "dlqbo_00000000_00000000000000000000000000"));

  private record Reply(int status, String text) {
    JsonNode json() {
      try {
        return Json.MAPPER.readTree(text);
      } catch (IOException e) {
        throw new AssertionError(text, e);
      }
    }
  }

  @BeforeAll
  static void start() throws Exception {
    live = LiveRedrive.start(dir, settings());
    topics = new Topics(live.bootstrapServers());
    List<String> records = new ArrayList<>();
    for (int i = 0; i < LETTERS; i++) {
      records.add("alpha-" + i);
    }
    fail("alpha", records);
    deliver("alpha", DELIVERIES).forEach(CALLBACKS::add);
    ALPHA.putAll(things("alpha", "alpha-0"));
    ALPHA.putAll(callbacks("alpha", CALLBACKS.pop()));
    records.subList(1, LETTERS).forEach(FRESH::add);
    snapshot(BEFORE);

    fail("bravo", List.of("bravo-0", "bravo-1", "bravo-2"));
    BRAVO.putAll(things("bravo", "bravo-0"));
    BRAVO.putAll(callbacks("bravo", deliver("bravo", 1).get(0)));
    call("admin-all", "POST", "/api/runs", "{\"all\":true,\"options\":{\"dry_run\":true}}");
    snapshot(AFTER);
  }

  @AfterAll
  static void stop() {
    live.close();
  }

  @Test
  @Order(1)
  void theTableNamesEveryOperation() throws IOException {
    TreeSet<String> named = new TreeSet<>();
    AccessTable.rows().forEach(row -> named.add(row.operation()));
    assertThat(named)
        .as("say in AccessTable who may call an operation, and what it tells of other pipelines")
        .isEqualTo(new Contract().operations());
  }

  @Order(2)
  @ParameterizedTest
  @MethodSource("rows")
  void eachRoleMayDoWhatTheTableSays(Row row) throws Exception {
    for (String noKey : List.of("", "wrong")) {
      int status = call(noKey, row.about(ALPHA)).status();
      assertThat(status).as("%s with key '%s'", row, noKey).isEqualTo(row.open() ? 200 : 401);
    }
    for (String key : KEYS) {
      Reply reply = call(key, row.about(row.role().equals("viewer") ? ALPHA : fresh(row)));
      if (row.allows(role(key))) {
        assertThat(reply.status()).as("%s %s", key, reply).isIn(200, 201, 202, 204, 302, 409);
      } else {
        assertThat(reply.status()).as("%s %s", key, reply).isEqualTo(403);
      }
    }
  }

  @Order(3)
  @ParameterizedTest
  @MethodSource("named")
  void whatIsAnothersIsAsWhatIsNowhere(Row row) {
    for (String role : ROLES) {
      if (row.allows(role)) {
        // A plan that takes long to count is answered before it is whole.
        await().atMost(SOON).untilAsserted(() -> assertHidden(row, role));
      }
    }
  }

  private static void assertHidden(Row row, String role) {
    Reply hidden = call(role + "-alpha", row.about(BRAVO));
    Reply none = call(role + "-alpha", row.about(NOTHING));

    assertThat(hidden.status())
        .as("%s %s", role, hidden)
        .isEqualTo(Integer.parseInt(row.toOthers()));
    assertThat(none.status()).as("%s %s", role, none).isEqualTo(hidden.status());
    assertThat(plain(renamed(hidden.text()))).isEqualTo(plain(none.text()));
  }

  @Test
  @Order(4)
  void listsAndCountsAreTheSameWhetherTheOtherPipelineIsThereOrNot() {
    assertThat(BEFORE).isNotEmpty();
    assertThat(BEFORE.get("GET /api/dlq/stats "))
        .contains("\"total_entries\":" + (LETTERS + 2 * DELIVERIES));
    assertThat(AFTER).isEqualTo(BEFORE);
    assertThat(AFTER.values()).noneMatch(text -> text.toLowerCase(Locale.ROOT).contains("bravo"));
    assertThat(call("viewer-all", "GET", "/api/dlq/stats", "").text()).contains("bravo");
  }

  @Test
  @Order(5)
  void aGroupOfSeveralPipelinesTellsALimitedKeyOfItsOwnLettersOnly() {
    String path = "/api/groups/" + ALPHA.get("shared");
    JsonNode whole = call("viewer-all", "GET", path, "").json().get("data");
    assertThat(whole.get("pipelines")).hasSize(2);
    assertThat(whole.get("state").asText()).isEqualTo("new");

    JsonNode partly = call("viewer-alpha", "GET", path, "").json().get("data");
    assertThat(partly.get("pipelines")).hasSize(1);
    assertThat(partly.get("title")).isEqualTo(whole.get("title"));
    assertThat(partly.get("count").asInt()).isLessThan(whole.get("count").asInt());
    assertThat(partly.get("state").isNull()).isTrue();
    assertThat(partly.get("first_seen").isNull()).isTrue();
  }

  @Test
  @Order(6)
  void whoIsShownPayloadsIsInTheEventsAndThePayloadsAreNot() {
    String path = "/v2/dlq/" + ALPHA.get("letter");
    assertThat(call("admin-alpha", "GET", path, "").text()).contains("alpha-payload");
    assertThat(call("admin-alpha", "GET", "/api/dlq/export?error_code=ALPHA_CODE", "").status())
        .isEqualTo(200);

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(viewed("admin-alpha"))
                    .anyMatch(
                        event ->
                            event.get("operation").asText().equals("GET /v2/dlq/{id}")
                                && event.at("/letter_ids/0").asText().equals(ALPHA.get("letter"))
                                && event.get("revealed").asBoolean())
                    .anyMatch(
                        event ->
                            event.get("operation").asText().equals("GET /api/dlq/export")
                                && event.at("/filter/error_code").toString().contains("ALPHA_CODE")
                                && event.at("/filter/pipeline_id").toString().contains("alpha")));
    assertThat(viewed("viewer-alpha")).noneMatch(event -> event.get("revealed").asBoolean());
  }

  private static List<JsonNode> viewed(String key) {
    List<JsonNode> events = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : topics.read("redrive-events")) {
      String type = new String(record.headers().lastHeader("ce_type").value(), UTF_8);
      String text = new String(record.value(), UTF_8);
      if (type.equals("dev.redrive.payload.viewed.v1")) {
        assertThat(text).doesNotContain("-payload");
        JsonNode event = new Reply(200, text).json();
        if (event.get("requested_by").asText().equals(key)) {
          events.add(event);
        }
      }
    }
    assertThat(events).isNotEmpty();
    return events;
  }

  @Test
  @Order(7)
  void aCommandIdOfSomebodyElseTellsNothingOfTheirRun() {
    String theirs = "{\"command_id\":\"c1\",\"all\":true,\"options\":{\"dry_run\":true}}";
    assertThat(call("admin-all", "POST", "/api/runs", theirs).status()).isEqualTo(200);

    Reply reply = call("operator-alpha", "POST", "/api/runs", theirs);

    assertThat(reply.status()).as(reply.text()).isEqualTo(409);
    assertThat(reply.text()).contains("command_id_taken").doesNotContain("run_");
  }

  @Test
  @Order(8)
  void whateverALimitedKeyDoesTheOtherPipelineStaysAsItIs() {
    Reply before = call("admin-all", "GET", "/api/dlq?pipeline_id=bravo", "");
    String token =
        call("operator-alpha", "POST", "/api/dlq/bulk-all", "{'action':'delete','filters':{}}")
            .json()
            .at("/data/confirm_token")
            .asText();
    for (String body :
        List.of(
            "{'type':'discard','letter_ids':['" + BRAVO.get("letter") + "']}",
            "{'type':'discard','all':true}")) {
      assertThat(call("operator-alpha", "POST", "/api/runs", body).status()).isEqualTo(202);
    }
    String all = "{'action':'delete','filters':{},'confirm_token':'" + token + "'}";
    assertThat(call("operator-alpha", "POST", "/api/dlq/bulk-all", all).status()).isEqualTo(202);
    for (String path : List.of("/v2/workflows/dlq", "/v2/dlq")) {
      assertThat(call("operator-alpha", "DELETE", path, "").status()).isEqualTo(200);
    }
    await()
        .atMost(SOON)
        .until(
            () ->
                call("admin-all", "GET", "/api/dlq?pipeline_id=alpha&status=pending", "")
                    .json()
                    .get("data")
                    .isEmpty());

    assertThat(call("admin-all", "GET", "/api/dlq?pipeline_id=bravo", "").json().get("data"))
        .hasSize(5)
        .isEqualTo(before.json().get("data"));
  }

  static List<Row> rows() {
    return AccessTable.rows();
  }

  static List<Row> named() {
    return AccessTable.rows().stream().filter(Row::named).toList();
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    for (int i = 0; i < KEYS.size(); i++) {
      String key = "auth.keys[" + i + "].";
      settings.put(key + "name", KEYS.get(i));
      settings.put(key + "sha256", KeyHash.of("key of " + KEYS.get(i)).hex());
      settings.put(key + "role", role(KEYS.get(i)));
      if (KEYS.get(i).endsWith("-alpha")) {
        // Two, as a run over both has no pipeline of its own.
        settings.put(key + "pipelines", "alpha,gamma");
      }
    }
    // On a busy machine too, what was asked for is waited for.
    settings.put("http.wait", "60s");
    settings.put("topics.errors", "redrive-errors,alpha-errors,bravo-errors");
    settings.put("pipelines[0].id", "alpha");
    settings.put("pipelines[0].error-topics", "alpha-errors");
    settings.put("pipelines[1].id", "bravo");
    settings.put("pipelines[1].error-topics", "bravo-errors");
    // Nobody listens there, and the next call is far away: so it stays in progress.
    settings.put("callbacks.allowed-hosts", "127.0.0.1:9");
    settings.put("callbacks.private-networks", "127.0.0.0/8");
    settings.put("callbacks.delays", "1h");
    settings.put("groups.rules[0].name", "Downstream is slow");
    settings.put("groups.rules[0].message", "too slow");
    return settings;
  }

  private static String role(String key) {
    return key.substring(0, key.indexOf('-'));
  }

  /** Names of what there is of a pipeline, with a run on one of its letters. */
  private static Map<String, String> things(String pipeline, String record) throws Exception {
    Map<String, String> things = new HashMap<>(letter(pipeline, record));
    String body =
        "{'pipeline_id':'%s','record_ids':['%s'],'options':{'dry_run':true}}"
            .formatted(pipeline, record);
    Reply run = call("admin-all", "POST", "/api/runs", body);
    assertThat(run.status()).as(run.text()).isEqualTo(200);
    String id = run.json().at("/data/run_id").asText();
    things.put("run", id);
    things.put("job", "job_" + id.substring("run_".length()));
    things.put("operation", "dlqbo_" + id.substring("run_".length()));
    things.put("code", pipeline.toUpperCase(Locale.ROOT) + "_CODE");
    things.put("artifact", artifact(pipeline));
    String path = "/api/dlq/" + LetterId.of(pipeline, record);
    things.put("group", call("admin-all", "GET", path, "").json().at("/data/group_id").asText());
    String shared = "/api/dlq/" + LetterId.of(pipeline, record.replaceAll("0$", "1"));
    things.put("shared", call("admin-all", "GET", shared, "").json().at("/data/group_id").asText());
    return things;
  }

  private static Map<String, String> letter(String pipeline, String record) {
    LetterId id = LetterId.of(pipeline, record);
    return Map.of(
        "pipeline",
        pipeline,
        "record",
        record,
        "letter",
        id.toString(),
        "message",
        "msg_" + id.body());
  }

  /** What there is of alpha, with a letter that nothing was done to. */
  private static Map<String, String> fresh(Row row) {
    Map<String, String> things = new HashMap<>(ALPHA);
    if (row.path().contains("/callback/")) {
      things.putAll(callbacks("alpha", CALLBACKS.pop()));
      return things;
    }
    things.putAll(letter("alpha", FRESH.pop()));
    things.put("artifact", artifact("alpha"));
    return things;
  }

  private static String artifact(String pipeline) {
    String path = "/api/diagnostics/uploads?pipeline_id=" + pipeline;
    return call("admin-all", "POST", path, "{}").json().at("/data/id").asText();
  }

  /** Every second letter is in a group that both pipelines have. */
  private static void fail(String pipeline, List<String> names) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String name : names) {
      boolean shared = records.size() % 2 == 1;
      String value = "{\"text\":\"" + pipeline + "-payload\"}";
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>("redrive-errors", null, value.getBytes(UTF_8));
      record.headers().add("redrive-pipeline-id", pipeline.getBytes(UTF_8));
      record.headers().add("redrive-record-id", name.getBytes(UTF_8));
      record
          .headers()
          .add("redrive-error-code", (pipeline.toUpperCase(Locale.ROOT) + "_CODE").getBytes(UTF_8));
      String message = shared ? pipeline + " is too slow" : "it is about " + pipeline;
      record.headers().add("redrive-error-message", message.getBytes(UTF_8));
      records.add(record);
    }
    topics.send(records);
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(call("admin-all", "GET", "/api/dlq/stats?pipeline_id=" + pipeline, ""))
                    .extracting(reply -> reply.json().at("/data/total_entries").asInt())
                    .isEqualTo(names.size()));
  }

  /** Deliveries whose callback failed, and such that are being called; answers their names. */
  private static List<String> deliver(String pipeline, int count) throws Exception {
    List<String> names = new ArrayList<>();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = pipeline + "-delivery-" + i;
      names.add(name);
      for (String state : List.of("FAIL", "INPROGRESS")) {
        String json =
            """
            {"pipeline_id": "%1$s", "record_id": "%2$s-%3$s", "payload": {"text": "%1$s-payload"},
             "error": {"code": "%4$s_CODE", "message": "it is about %1$s"},
             "http": {"url": "https://a.example/w", "failure_callback": "http://127.0.0.1:9/",
                      "callback_state": "CALLBACK_%3$s"}}"""
                .formatted(pipeline, name, state, pipeline.toUpperCase(Locale.ROOT));
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>("redrive-errors", null, json.getBytes(UTF_8));
        record.headers().add("redrive-envelope", "1".getBytes(UTF_8));
        records.add(record);
      }
    }
    topics.send(records);
    for (String name : names) {
      for (String id : callbacks(pipeline, name).values()) {
        await()
            .atMost(SOON)
            .until(() -> call("admin-all", "GET", "/v2/workflows/dlq/" + id, "").status() == 200);
      }
    }
    return names;
  }

  private static Map<String, String> callbacks(String pipeline, String name) {
    return Map.of(
        "failed", LetterId.of(pipeline, name + "-FAIL").toString(),
        "called", LetterId.of(pipeline, name + "-INPROGRESS").toString());
  }

  /** All that a limited key is told without naming anything. */
  private static void snapshot(Map<String, String> into) {
    for (Row row : AccessTable.rows()) {
      if (!row.named() && !row.open()) {
        Row request = row.about(ALPHA);
        Reply reply = call("viewer-alpha", request);
        assertThat(reply.status()).as("%s %s", request, reply).isEqualTo(200);
        into.put(request.toString(), moved(reply.text()));
      }
    }
  }

  /** Without what tells the time of the request. */
  private static String moved(String text) {
    return text.replaceAll("\"(cursor|page_key)\":\"[^\"]*\"", "\"$1\":\"…\"")
        .replaceAll("\"exported_at\":\"[^\"]*\"", "\"exported_at\":\"…\"")
        .replaceAll("\"oldest_age_seconds\":\\d+", "\"oldest_age_seconds\":0");
  }

  /** Without what two requests never have in common. */
  private static String plain(String text) {
    return moved(text)
        .replaceAll("\"request_id\":\"[^\"]*\"", "\"request_id\":\"…\"")
        .replaceAll("\"command_id\":\"[^\"]*\"", "\"command_id\":\"…\"")
        .replaceAll("\"run_id\":\"[^\"]*\"", "\"run_id\":\"…\"")
        .replaceAll("\"waits_for\":\\[[^\\]]*\\]", "\"waits_for\":[]")
        .replaceAll("dlq_bulk_confirm_[A-Za-z0-9_-]+", "…")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "…");
  }

  private static String renamed(String text) {
    // The longest first, since a record's name begins with its pipeline's.
    List<String> things =
        NOTHING.keySet().stream()
            .sorted(Comparator.comparingInt((String thing) -> -BRAVO.get(thing).length()))
            .toList();
    String renamed = text;
    for (String thing : things) {
      renamed = renamed.replace(BRAVO.get(thing), NOTHING.get(thing));
    }
    return renamed;
  }

  private static Reply call(String key, Row row) {
    return call(key, row.method(), row.path(), row.body());
  }

  private static Reply call(String key, String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + live.redrive().httpPort() + path))
            .timeout(SOON.multipliedBy(2))
            .method(
                method,
                body.isEmpty()
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(body.replace('\'', '"')));
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer key of " + key);
    }
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    try {
      var response = CLIENT.send(request.build(), BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
