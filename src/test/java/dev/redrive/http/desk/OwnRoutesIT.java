// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.config.KeyHash;
import dev.redrive.http.Api;
import dev.redrive.http.Api.Reply;
import dev.redrive.http.Calls;
import dev.redrive.http.Contract;
import dev.redrive.letter.LetterId;
import dev.redrive.testkit.LiveRedrive;
import dev.redrive.testkit.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What no vendor has, of a running Redrive: events, pipelines, jobs, groups, any statistics. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OwnRoutesIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final int LETTERS = 24;

  @TempDir static Path dir;
  private static LiveRedrive live;
  private static Calls calls;

  @BeforeAll
  static void start() throws Exception {
    Map<String, String> settings = new HashMap<>();
    key(settings, 0, Api.ADMIN, "admin");
    key(settings, 1, Api.ONLY_A, "operator");
    settings.put("auth.keys[1].pipelines", "a");
    settings.put("pipelines[0].id", "declared");
    settings.put("pipelines[0].retry-topic", "origin");
    settings.put("http.wait", "40s");
    live = LiveRedrive.start(dir, settings);
    calls = new Calls(live.redrive().httpPort(), new Contract());
    List<ProducerRecord<byte[], byte[]>> failed = new ArrayList<>();
    for (int i = 0; i < LETTERS; i++) {
      failed.add(failed(i));
    }
    new Topics(live.bootstrapServers()).send(failed);
    await().atMost(SOON).until(() -> total("") == LETTERS);
  }

  @AfterAll
  static void stop() {
    live.close();
  }

  @Test
  void eventsOfALetterAreFoundAndThoseOfOthersAreNot() {
    LetterId id = LetterId.of("a", "r0");
    assertThat(post("/api/dlq/" + id + "/reprocess").status()).isEqualTo(202);
    await().atMost(SOON).until(() -> events("subject=" + id, Api.ADMIN).size() >= 2);

    List<JsonNode> events = events("subject=" + id, Api.ADMIN);
    assertThat(events.get(0).at("/type").asText()).isEqualTo("dev.redrive.letter.replayed.v1");
    assertThat(events.get(0).at("/data/requested_by").asText()).isEqualTo("key0");
    assertThat(events.get(events.size() - 1).at("/type").asText())
        .isEqualTo("dev.redrive.letter.failed.v1");
    assertThat(events).allMatch(event -> event.at("/data/letter_id").asText().equals("" + id));
    assertThat(events("subject=" + id + "&type=dev.redrive.letter.failed.v1", Api.ADMIN))
        .hasSize(1);
    assertThat(events("subject=none", Api.ADMIN)).isEmpty();
    assertThat(events("until=2020-01-01T00:00:00Z", Api.ADMIN)).isEmpty();
    assertThat(events("since=2100-01-01T00:00:00Z", Api.ADMIN)).isEmpty();
  }

  @Test
  void pagesOfEventsAreDisjointAndWhole() {
    List<JsonNode> all = events("limit=5&type=dev.redrive.letter.failed.v1", Api.ADMIN);
    assertThat(all).hasSize(LETTERS);
    Set<String> ids = new HashSet<>();
    all.forEach(event -> ids.add(event.at("/id").asText()));
    assertThat(ids).hasSize(LETTERS);
    for (int i = 1; i < all.size(); i++) {
      assertThat(all.get(i).at("/time").asText())
          .isLessThanOrEqualTo(all.get(i - 1).at("/time").asText());
    }
  }

  @Test
  void aKeyOfOnePipelineIsShownNothingOfAnother() {
    assertThat(events("type=dev.redrive.letter.failed.v1", Api.ONLY_A)).hasSize(LETTERS / 2);
    assertThat(events("", Api.ONLY_A))
        .allMatch(event -> event.at("/data/pipeline_id").asText().equals("a"));
    assertThat(events("subject=" + LetterId.of("b", "r1"), Api.ONLY_A)).isEmpty();
    assertThat(call("GET", "/api/events?pipeline_id=b", Api.ONLY_A).status()).isEqualTo(403);
    JsonNode pipelines = call("GET", "/api/pipelines", Api.ONLY_A).json();
    assertThat(pipelines.at("/data").findValuesAsText("pipeline_id")).containsExactly("a");
    assertThat(pipelines.at("/meta/total").asInt()).isEqualTo(1);

    LetterId other = LetterId.of("b", "r3");
    Reply sent = post("/api/dlq/" + other + "/reprocess");
    String job = sent.json().at("/data/job_id").asText();
    assertThat(call("GET", "/api/v1/jobs/" + job, Api.ADMIN).status()).isEqualTo(200);
    assertThat(call("GET", "/api/v1/jobs/" + job, Api.ONLY_A).status()).isEqualTo(404);
    Reply own = call("POST", "/api/dlq/" + LetterId.of("a", "r2") + "/reprocess", Api.ONLY_A);
    String ownJob = own.json().at("/data/job_id").asText();
    assertThat(call("GET", "/api/v1/jobs/" + ownJob, Api.ONLY_A).status()).isEqualTo(200);
    assertThat(call("POST", "/api/v1/jobs/" + ownJob + "/cancel", Api.ONLY_A).status())
        .isEqualTo(409);
    String forged = ownJob.replaceFirst("_[0-9a-z]{8}-", "_00000000-");
    assertThat(call("GET", "/api/v1/jobs/" + forged, Api.ADMIN).status()).isEqualTo(200);
  }

  @Test
  void pipelinesAreListedByIdPageByPage() {
    List<JsonNode> all = pages("/api/pipelines?limit=1", Api.ADMIN);
    assertThat(all)
        .extracting(pipeline -> pipeline.at("/pipeline_id").asText())
        .containsExactly("a", "b", "declared");
    assertThat(all.get(0).at("/letters").asInt()).isEqualTo(LETTERS / 2);
    assertThat(all.get(0).at("/key").asText()).isEqualTo("a");
    assertThat(all.get(0).at("/retry_topic").asText()).isEqualTo("redrive-retry");
    assertThat(all.get(2).at("/declared").asBoolean()).isTrue();
    assertThat(all.get(2).at("/retry_topic").asText()).isEqualTo("origin");
    assertThat(all.get(2).at("/letters").asInt()).isZero();
  }

  @Test
  void groupsAreListedPageByPage() {
    List<JsonNode> whole = pages("/api/groups?limit=1000", Api.ADMIN);
    List<JsonNode> paged = pages("/api/groups?limit=1", Api.ADMIN);
    assertThat(whole.size()).isGreaterThanOrEqualTo(3);
    assertThat(paged).isEqualTo(whole);
    assertThat(get("/api/groups?cursor=x").status()).isEqualTo(400);
  }

  @Test
  void jobsAreListedAndFiltered() {
    String filters = "\"filters\":{\"pipeline_id\":\"nothing\"}";
    Reply asked = post("/api/dlq/bulk-all", "{\"action\":\"delete\"," + filters + "}");
    String token = asked.json().at("/data/confirm_token").asText();
    Reply started =
        post(
            "/api/dlq/bulk-all",
            "{\"action\":\"delete\"," + filters + ",\"confirm_token\":\"" + token + "\"}");
    String job = "job_" + started.json().at("/data/bulk_operation_id").asText().substring(6);
    await()
        .atMost(SOON)
        .until(
            () ->
                get("/api/v1/jobs/" + job).json().at("/data/status").asText().equals("succeeded"));
    assertThat(ids(pages("/api/v1/jobs?limit=1", Api.ADMIN))).contains(job);
    assertThat(ids(pages("/api/v1/jobs?type=delete&status=succeeded", Api.ADMIN))).contains(job);
    assertThat(ids(pages("/api/v1/jobs?type=reprocess", Api.ADMIN))).doesNotContain(job);
    assertThat(ids(pages("/api/v1/jobs?status=running", Api.ADMIN))).doesNotContain(job);
    assertThat(pages("/api/v1/jobs?until=2020-01-01T00:00:00Z", Api.ADMIN)).isEmpty();
    assertThat(pages("/api/v1/jobs?since=2100-01-01T00:00:00Z", Api.ADMIN)).isEmpty();
    assertThat(ids(pages("/api/v1/jobs", Api.ONLY_A))).doesNotContain(job);
    assertThat(get("/api/v1/jobs?status=none").status()).isEqualTo(400);
  }

  @Test
  void statisticsTakeTheFiltersOfTheList() {
    for (String filter :
        List.of(
            "error_code=code-1",
            "error_code=code-1,code-2&pipeline_id=a",
            "label=odd",
            "connection_id=none",
            "record_id_pattern=%5Er1",
            "error_message=went",
            "payload=%22n%22%3A3",
            "status=pending",
            "failure_kind=verification")) {
      int listed = pages("/api/dlq?limit=7&" + filter, Api.ADMIN).size();
      JsonNode stats = get("/api/dlq/stats?" + filter).json();
      assertThat(stats.at("/data/total_entries").asInt()).as(filter).isEqualTo(listed);
      assertThat(stats.has("meta")).as(filter).isFalse();
      int byCode = 0;
      for (JsonNode row : stats.at("/data/by_error_code")) {
        byCode += row.at("/count").asInt();
      }
      assertThat(byCode).isEqualTo(listed);
    }
    assertThat(total("?error_code=code-1")).isEqualTo(LETTERS / 3);
    assertThat(
            call("GET", "/api/dlq/stats?error_code=code-1", Api.ONLY_A)
                .json()
                .at("/data/total_entries")
                .asInt())
        .isEqualTo(LETTERS / 6);
  }

  private static ProducerRecord<byte[], byte[]> failed(int i) {
    ProducerRecord<byte[], byte[]> failed =
        new ProducerRecord<>("redrive-errors", null, ("{\"n\":" + i + "}").getBytes(UTF_8));
    header(failed, "redrive-pipeline-id", i % 2 == 0 ? "a" : "b");
    header(failed, "redrive-record-id", "r" + i);
    header(failed, "redrive-error-code", "code-" + i % 3);
    header(failed, "redrive-error-class", "com.acme.Failure" + i % 3);
    header(failed, "redrive-error-message", "it went wrong");
    return failed;
  }

  private static void header(ProducerRecord<byte[], byte[]> failed, String name, String value) {
    failed.headers().add(name, value.getBytes(UTF_8));
  }

  private static int total(String filter) {
    return get("/api/dlq/stats" + filter).json().at("/data/total_entries").asInt();
  }

  private static List<JsonNode> events(String query, String key) {
    return pages("/api/events?" + query, key);
  }

  /** All pages of a list in the desk's style. */
  private static List<JsonNode> pages(String path, String key) {
    List<JsonNode> all = new ArrayList<>();
    String cursor = "";
    while (true) {
      Reply reply = call("GET", path + cursor, key);
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      reply.json().at("/data").forEach(all::add);
      JsonNode next = reply.json().at("/meta/page/cursor");
      if (next.isNull()) {
        return all;
      }
      cursor = (path.contains("?") ? "&" : "?") + "cursor=" + next.asText();
    }
  }

  private static List<String> ids(List<JsonNode> jobs) {
    return jobs.stream().map(job -> job.at("/id").asText()).toList();
  }

  private static Reply get(String path) {
    return call("GET", path, Api.ADMIN);
  }

  private static Reply post(String path) {
    return post(path, "{}");
  }

  private static Reply post(String path, String body) {
    return calls.call("POST", path, Api.ADMIN, body, "Content-Type", "application/json");
  }

  private static Reply call(String method, String path, String key) {
    return calls.call(method, path, key, null);
  }

  private static void key(Map<String, String> settings, int n, String key, String role) {
    settings.put("auth.keys[" + n + "].name", "key" + n);
    settings.put("auth.keys[" + n + "].sha256", KeyHash.of(key).hex());
    settings.put("auth.keys[" + n + "].role", role);
  }
}
