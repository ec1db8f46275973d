// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.diagnostics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.codec.ArtifactUse;
import dev.redrive.codec.ArtifactUse.What;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.http.Api;
import dev.redrive.http.Api.Reply;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import dev.redrive.query.MemoryLedger;
import dev.redrive.run.JournalLine;
import dev.redrive.run.LetterOutcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class DiagnosticsPagesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SECRET = "4111111111111111";

  private Api api;

  @BeforeEach
  void start() throws IOException {
    api =
        Api.start(
            SettingsLoader.of(
                Map.of(
                    "diagnostics.max-size", "256KiB",
                    "diagnostics.max-total", "512KiB",
                    "masks.texts", "\\d{16}")));
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/diagnostics, 200, 200, 200",
    "GET, /api/diagnostics/stats, 200, 200, 200",
    "GET, /api/diagnostics/{id}, 200, 200, 200",
    "GET, /api/diagnostics/{id}/download, 200, 200, 200",
    "DELETE, /api/diagnostics/{id}, 403, 200, 200",
    "POST, /api/diagnostics/uploads?pipeline_id=a, 403, 201, 201"
  })
  void eachRoleMayDoWhatItSays(String method, String path, int viewer, int operator, int admin) {
    Map<String, Integer> expected =
        Map.of(Api.VIEWER, viewer, Api.OPERATOR, operator, Api.ADMIN, admin);
    expected.forEach(
        (key, status) -> {
          String asked = path.replace("{id}", upload("pipeline_id=a", "x"));
          assertThat(api.call(method, asked, key, null).status()).as(key).isEqualTo(status);
          assertThat(api.call(method, asked, null, null).status()).isEqualTo(401);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"thread_dump", "profile", "heap_dump"})
  void onlyAdminsOfAllPipelinesAskAboutTheProcess(String type) {
    for (String key : List.of(Api.VIEWER, Api.OPERATOR, Api.ONLY_A)) {
      assertThat(make(key, "{\"type\":\"" + type + "\"}").status()).as(key).isEqualTo(403);
    }
  }

  @Test
  void heapDumpsAreOffUntilSwitchedOn() {
    Reply reply = make(Api.ADMIN, "{\"type\":\"heap_dump\"}");
    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.code()).isEqualTo("action_not_allowed");
    assertThat(reply.text()).contains("diagnostics.heap-dumps");
  }

  @Test
  void aHeapDumpThatWouldNotFitFailsAndSaysSo() throws IOException {
    api.close();
    api =
        Api.start(
            SettingsLoader.of(
                Map.of("diagnostics.heap-dumps", "true", "diagnostics.max-size", "64KiB")));
    JsonNode made = ended(data(make(Api.ADMIN, "{\"type\":\"heap_dump\"}")));

    assertThat(made.at("/status").asText()).isEqualTo("failed");
    assertThat(made.at("/error").asText()).contains("diagnostics.max-size");
    assertThat(data(api.get("/api/diagnostics"))).isEmpty();
  }

  @Test
  void aThreadDumpIsForAdminsAlone() {
    JsonNode made = ended(data(make(Api.ADMIN, "{\"type\":\"thread_dump\"}")));
    assertThat(made.at("/status").asText()).isEqualTo("ready");
    String path = "/api/diagnostics/" + made.at("/id").asText();

    assertThat(api.get(path + "/download").text())
        .contains("redrive-diagnostics-", "ThreadDump.writeTo(");
    assertThat(api.get(path + "/download").header("Content-Type")).startsWith("text/plain");
    for (String key : List.of(Api.VIEWER, Api.OPERATOR, Api.ONLY_A)) {
      assertThat(api.call("GET", path, key, null).status()).isEqualTo(404);
      assertThat(api.call("GET", path + "/download", key, null).status()).isEqualTo(404);
      assertThat(data(api.call("GET", "/api/diagnostics", key, null))).isEmpty();
      assertThat(
              data(api.call("GET", "/api/diagnostics/stats", key, null)).at("/total_bytes").asInt())
          .isZero();
    }
  }

  @Test
  void oneProfileAtATime() {
    Reply first = make(Api.ADMIN, "{\"type\":\"profile\",\"seconds\":1}");
    assertThat(first.status()).isEqualTo(202);
    assertThat(data(first).at("/status").asText()).isEqualTo("running");
    Reply second = make(Api.ADMIN, "{\"type\":\"profile\",\"seconds\":1}");
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.code()).isEqualTo("already_running");
    // Larger than this server keeps, or not: it comes to its end and the next may begin.
    assertThat(ended(data(first)).at("/status").asText()).isIn("ready", "failed");
    Reply third = make(Api.ADMIN, "{\"type\":\"profile\",\"seconds\":1}");
    assertThat(third.status()).isEqualTo(202);
    ended(data(third));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | type",
        "{\"type\":\"core_dump\"} | type",
        "{\"type\":7} | type",
        "{\"type\":\"log_bundle\"} | run_id",
        "{\"type\":\"profile\",\"seconds\":0} | seconds",
        "{\"type\":\"profile\",\"seconds\":601} | seconds",
        "{\"type\":\"profile\",\"seconds\":\"5\"} | seconds",
        "{\"type\":\"profile\",\"minutes\":5} | minutes"
      })
  void whatIsWrongIsNamed(String body, String field) {
    Reply reply = make(Api.ADMIN, body);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.field()).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource({
    "'', pipeline_id",
    "pipeline_id=a&type=Log, type",
    "pipeline_id=a&file_name=..%2Fx, file_name",
    "pipeline_id=a&file_name=a%22b, file_name",
    "pipeline_id=a&file_name=a%0D%0Ab, file_name",
    "pipeline_id=a&name=x, name"
  })
  void anUploadIsAddressedWellOrNotTaken(String query, String field) {
    Reply reply = api.post("/api/diagnostics/uploads?" + query, "x");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.field()).isEqualTo(field);
    assertThat(data(api.get("/api/diagnostics"))).isEmpty();
  }

  @Test
  void anUploadThatIsTooLargeIsRefusedWhetherItSaysSoOrNot() throws Exception {
    byte[] large = new byte[256 * 1024 + 1];
    assertThat(
            api.post("/api/diagnostics/uploads?pipeline_id=a", new String(large, UTF_8)).status())
        .isEqualTo(413);
    HttpRequest unsaid =
        request("/api/diagnostics/uploads?pipeline_id=a")
            .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
            .build();
    HttpResponse<String> refused = HttpClient.newHttpClient().send(unsaid, BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.body()).contains("diagnostics.max-size");
    assertThat(data(api.get("/api/diagnostics"))).isEmpty();
  }

  @Test
  void theOldestLeavesWhereThereIsNoMoreRoom() {
    String half = "x".repeat(250 * 1024);
    String first = upload("pipeline_id=a", half);
    api.artifactsNow = Api.NOW.plusMillis(1);
    String second = upload("pipeline_id=a", half);
    api.artifactsNow = Api.NOW.plusMillis(2);
    String third = upload("pipeline_id=b", half);

    assertThat(data(api.get("/api/diagnostics")).findValuesAsText("id"))
        .containsExactly(third, second);
    assertThat(api.get("/api/diagnostics/" + first).status()).isEqualTo(404);
  }

  @Test
  void aKeyForOnePipelineLearnsNothingOfAnothers() {
    String mine = upload("pipeline_id=a&run_id=run_1", "x");
    String other = upload("pipeline_id=b&run_id=run_1", "yy");

    assertThat(data(only("GET", "/api/diagnostics")).findValuesAsText("id")).containsExactly(mine);
    assertThat(data(only("GET", "/api/diagnostics?run_id=run_1"))).hasSize(1);
    assertThat(data(only("GET", "/api/diagnostics/stats")).toString())
        .isEqualTo(
            "{\"total_artifacts\":1,\"total_bytes\":1,"
                + "\"by_type\":[{\"type\":\"log_bundle\",\"count\":1}]}");
    assertThat(only("GET", "/api/diagnostics?pipeline_id=b").status()).isEqualTo(403);
    assertThat(only("GET", "/api/diagnostics/" + other).status()).isEqualTo(404);
    assertThat(only("GET", "/api/diagnostics/" + other + "/download").status()).isEqualTo(404);
    assertThat(only("DELETE", "/api/diagnostics/" + other).status()).isEqualTo(404);
    assertThat(only("POST", "/api/diagnostics/uploads?pipeline_id=b").status()).isEqualTo(403);
    assertThat(only("POST", "/api/diagnostics/uploads").status()).isEqualTo(400);
    assertThat(only("GET", "/api/diagnostics/" + mine + "/download").text()).isEqualTo("x");
    String run = startRun("b");
    assertThat(make(Api.ONLY_A, bundleOf(run)).status()).isEqualTo(404);
  }

  @Test
  void anUploadedHeapDumpIsForThoseWhoSeeThroughMasks() {
    String id = upload("pipeline_id=a&type=heap_dump", "x");

    assertThat(api.get("/api/diagnostics/" + id + "/download").status()).isEqualTo(200);
    assertThat(api.call("GET", "/api/diagnostics/" + id, Api.VIEWER, null).status()).isEqualTo(404);
    assertThat(data(only("GET", "/api/diagnostics"))).isEmpty();
  }

  @Test
  void aRangeIsAPartOfTheFileAndNeverCompressed() {
    String path =
        "/api/diagnostics/"
            + upload("pipeline_id=a&file_name=a.txt", "0123456789".repeat(1_000))
            + "/download";
    Reply part = ranged(path, "Range", "bytes=3-6", "Accept-Encoding", "gzip");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo("3456");
    assertThat(part.header("Content-Range")).isEqualTo("bytes 3-6/10000");
    assertThat(part.header("Content-Length")).isEqualTo("4");
    assertThat(part.header("Content-Encoding")).isEmpty();
    assertThat(ranged(path, "Range", "bytes=-2").text()).isEqualTo("89");
    Reply none = ranged(path, "Range", "bytes=10000-");
    assertThat(none.status()).isEqualTo(416);
    assertThat(none.code()).isEqualTo("range_not_satisfiable");
    assertThat(none.header("Content-Range")).isEqualTo("bytes */10000");
    Reply whole = ranged(path, "Range", "bytes=0-1,4-5", "Accept-Encoding", "gzip");
    assertThat(whole.status()).isEqualTo(200);
    assertThat(whole.text()).hasSize(10_000);
    assertThat(whole.header("Accept-Ranges")).isEqualTo("bytes");
    String tag = whole.header("ETag");
    assertThat(ranged(path, "Range", "bytes=0-0", "If-Range", tag).status()).isEqualTo(206);
    assertThat(ranged(path, "Range", "bytes=0-0", "If-Range", "\"other\"").status()).isEqualTo(200);
  }

  @Test
  void headSaysHowLargeItIsAndWhatItIsCalled() {
    String path =
        "/api/diagnostics/"
            + upload("pipeline_id=a&file_name=a.txt", "0123456789".repeat(1_000))
            + "/download";
    api.views.clear();
    Reply head = api.call("HEAD", path, Api.VIEWER, null, "Accept-Encoding", "gzip");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.text()).isEmpty();
    assertThat(head.header("Content-Length")).isEqualTo("10000");
    assertThat(head.header("Accept-Ranges")).isEqualTo("bytes");
    assertThat(head.header("Content-Disposition")).isEqualTo("attachment; filename=\"a.txt\"");
    assertThat(head.header("Content-Type")).startsWith("text/plain");
    assertThat(head.header("ETag")).isNotEmpty();
    assertThat(api.views).isEmpty();
    String none = "/api/diagnostics/diag_00000000000000000000000000/download";
    assertThat(api.call("HEAD", none, Api.VIEWER, null).status()).isEqualTo(404);
  }

  @Test
  void theAuditIsToldWhoDidWhatWithIt() {
    String id = upload("pipeline_id=a&run_id=run_1", "x");
    only("GET", "/api/diagnostics/" + id + "/download");
    only("GET", "/api/diagnostics/" + id);
    only("DELETE", "/api/diagnostics/" + id);
    String run = startRun("a");
    String made = data(make(Api.ONLY_A, bundleOf(run))).at("/id").asText();
    String type = "log_bundle";
    assertThat(api.views)
        .containsExactly(
            new ArtifactUse(What.UPLOADED, id, type, "a", "run_1", "ada"),
            new ArtifactUse(What.DOWNLOADED, id, type, "a", "run_1", "al"),
            new ArtifactUse(What.DELETED, id, type, "a", "run_1", "al"),
            new ArtifactUse(What.REQUESTED, made, type, "a", run, "al"));
  }

  @Test
  void anEmptyFileIsDownloadedToo() {
    String path = "/api/diagnostics/" + upload("pipeline_id=a", "") + "/download";
    assertThat(api.get(path).status()).isEqualTo(200);
    assertThat(ranged(path, "Range", "bytes=0-").status()).isEqualTo(416);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/diagnostics/..%2F..%2Fetc%2Fpasswd/download",
        "/api/diagnostics/%2e%2e/download",
        "/api/diagnostics/diag_x.json/download",
        "/api/diagnostics/diag_00000000000000000000000000/download",
        "/api/diagnostics/diag_00000000000000000000000000.json/download"
      })
  void nothingButAnIdOfOneThatIsThereIsDownloaded(String path) {
    assertThat(api.get(path).status()).isIn(400, 404, 405);
  }

  @Test
  void wordsThatAreNoIds() {
    assertThat(api.get("/api/diagnostics/uploads").header("Allow")).isEqualTo("POST");
    assertThat(api.post("/api/diagnostics/stats", "").status()).isEqualTo(405);
    assertThat(api.get("/api/diagnostics?cursor=!").field()).isEqualTo("cursor");
    assertThat(api.get("/api/diagnostics?cursor=eHg").field()).isEqualTo("cursor");
    assertThat(api.get("/api/diagnostics?limit=101").field()).isEqualTo("limit");
  }

  @Test
  void whatIsDeletedIsGone() {
    String id = upload("pipeline_id=a", "x");
    assertThat(only("DELETE", "/api/diagnostics/" + id).status()).isEqualTo(200);
    assertThat(api.get("/api/diagnostics/" + id).status()).isEqualTo(404);
    assertThat(api.delete("/api/diagnostics/" + id).status()).isEqualTo(404);
  }

  @Test
  void aBundleSaysWhatTheApiSaysOfTheRunWithoutPayloads() throws Exception {
    LetterId failed = api.ledger.put(MemoryLedger.facts("a", "1", 1_000, "c"), detail());
    LetterId good = api.ledger.fail("a", "2", 1_000, "c", "{}");
    String run = startRun("a");
    api.ledger.journal(failed, new JournalLine(LetterOutcome.FAILED, 1, 5_000, null, false));
    api.ledger.journal(good, new JournalLine(LetterOutcome.SUCCEEDED, 1, 6_000, null, false));
    org.slf4j.LoggerFactory.getLogger("dev.redrive.DiagnosticsPagesTest")
        .atWarn()
        .addKeyValue("run_id", run)
        .log("something of this run");
    JsonNode made = ended(data(make(Api.ONLY_A, bundleOf(run))));
    assertThat(made.at("/status").asText()).as("%s", made).isEqualTo("ready");
    assertThat(made.at("/requested_by").asText()).isEqualTo("al");
    assertThat(made.at("/pipeline_id").asText()).isEqualTo("a");
    assertThat(data(only("GET", "/api/diagnostics?run_id=" + run))).hasSize(1);

    Map<String, String> files = unzip(made.at("/id").asText());
    assertThat(files)
        .containsOnlyKeys(
            "run.json", "letters.ndjson", "groups.json", "log/local.txt", "manifest.json");
    assertThat(JSON.readTree(files.get("run.json"))).isEqualTo(data(api.get("/api/runs/" + run)));
    List<JsonNode> lines = lines(files.get("letters.ndjson"));
    assertThat(lines).hasSize(2);
    for (JsonNode line : lines) {
      JsonNode asShown = data(api.get("/api/runs/" + run + "/letters")).get(lines.indexOf(line));
      asShown
          .properties()
          .forEach(field -> assertThat(line.get(field.getKey())).isEqualTo(field.getValue()));
    }
    JsonNode bad = lines.stream().filter(line -> line.has("error_code")).findFirst().orElseThrow();
    assertThat(bad.at("/dlq_id").asText()).isEqualTo(failed.toString());
    assertThat(bad.at("/error_message").asText()).isEqualTo("card *** declined");
    JsonNode groups = JSON.readTree(files.get("groups.json"));
    assertThat(groups).hasSize(1);
    assertThat(groups.at("/0/letters").asInt()).isEqualTo(1);
    assertThat(groups.at("/0/sample/stack_trace").asText()).contains("com.acme.Pay.charge");
    assertThat(files.get("log/local.txt")).contains("something of this run");
    assertThat(JSON.readTree(files.get("manifest.json")).at("/cut")).isEmpty();
    assertThat(files.toString()).doesNotContain(SECRET, "payload-text", "header-value");
  }

  private static FailureDetail detail() {
    return new FailureDetail(
        new RawRecord(
            RawBytes.utf8("k"),
            RawBytes.utf8("payload-text " + SECRET),
            List.of(Header.utf8("X-Token", "header-value"))),
        "native",
        List.of("native"),
        new FailureError(
            "c",
            "card " + SECRET + " declined",
            "com.acme.Declined",
            "com.acme.Declined",
            "com.acme.Declined: " + SECRET + "\n\tat com.acme.Pay.charge(Pay.java:7)"),
        Source.UNKNOWN,
        null,
        null,
        List.of(),
        null);
  }

  private Map<String, String> unzip(String id) throws Exception {
    HttpResponse<byte[]> zip =
        HttpClient.newHttpClient()
            .send(
                request("/api/diagnostics/" + id + "/download").build(),
                BodyHandlers.ofByteArray());
    assertThat(zip.headers().firstValue("Content-Type")).contains("application/zip");
    Map<String, String> files = new HashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip.body()))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        files.put(entry.getName(), new String(in.readAllBytes(), UTF_8));
      }
    }
    return files;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
        .header("Authorization", "Bearer " + Api.ADMIN);
  }

  private static List<JsonNode> lines(String text) {
    return text.lines()
        .map(
            line -> {
              try {
                return JSON.readTree(line);
              } catch (IOException e) {
                throw new AssertionError(line, e);
              }
            })
        .toList();
  }

  private String startRun(String pipeline) {
    Reply reply = api.post("/api/runs", "{\"filter\":{\"pipeline_id\":\"" + pipeline + "\"}}");
    assertThat(reply.status()).as(reply.text()).isEqualTo(202);
    return data(reply).at("/run_id").asText();
  }

  private static String bundleOf(String run) {
    return "{\"type\":\"log_bundle\",\"run_id\":\"" + run + "\"}";
  }

  private JsonNode ended(JsonNode made) {
    String path = "/api/diagnostics/" + made.at("/id").asText();
    await().until(() -> !data(api.get(path)).at("/status").asText().equals("running"));
    return data(api.get(path));
  }

  private Reply make(String key, String body) {
    return api.call("POST", "/api/diagnostics", key, body, "Content-Type", "application/json");
  }

  private Reply only(String method, String path) {
    return api.call(method, path, Api.ONLY_A, null);
  }

  private Reply ranged(String path, String... headers) {
    return api.call("GET", path, Api.ADMIN, null, headers);
  }

  private String upload(String query, String bytes) {
    Reply reply = api.post("/api/diagnostics/uploads?" + query, bytes);
    assertThat(reply.status()).as(reply.text()).isEqualTo(201);
    return data(reply).at("/id").asText();
  }

  private static JsonNode data(Reply reply) {
    return reply.json().at("/data");
  }
}
