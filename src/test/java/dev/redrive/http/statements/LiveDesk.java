// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.statements;

import static dev.redrive.http.statements.DeskStatements.data;
import static dev.redrive.http.statements.Running.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.http.Api.Reply;
import dev.redrive.letter.LetterId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Statements of the desk that only a running Redrive can show. */
final class LiveDesk {
  private LiveDesk() {}

  /** 1: what is on other topics is no entry; a record or a batch that was given up is. */
  static void onlyWhatWasGivenUp(Running redrive) throws Exception {
    var retried = Running.failed("s1", "being-retried", "redrive-retry-count", "1");
    var elsewhere =
        new org.apache.kafka.clients.producer.ProducerRecord<>(
            "orders", null, retried.key(), retried.value(), retried.headers());
    redrive.fail(List.of(elsewhere));
    LetterId one = redrive.fail("s1", "given-up", "redrive-retry-count", "5");
    String batch =
        """
        {"pipeline_id":"s1","retry_count":3,"records":[{"record_id":"b1"},{"record_id":"b2"}]}""";
    LetterId first = redrive.envelope(batch, "s1", "b1");
    LetterId second = LetterId.of("s1", "b2");

    assertThat(data(redrive.get("/api/dlq/" + one)).at("/retry_count").asInt()).isEqualTo(5);
    assertThat(data(redrive.get("/api/dlq/" + first)).at("/retry_count").asInt()).isEqualTo(3);
    assertThat(data(redrive.get("/api/dlq/" + first)).at("/metadata/batch_id"))
        .isEqualTo(data(redrive.get("/api/dlq/" + second)).at("/metadata/batch_id"));
    assertThat(ids(redrive, "pipeline_id=s1"))
        .containsExactlyInAnyOrder(one.toString(), first.toString(), second.toString());
  }

  /** 4 to 7: each filter shows exactly those that fit, and times are inclusive. */
  static void filters(Running redrive) throws Exception {
    LetterId one = redrive.fail("s4", "1", "redrive-connection-id", "conn-1");
    LetterId two =
        redrive.fail("s4", "2", "redrive-connection-id", "conn-2", "redrive-error-code", "other");
    LetterId other = redrive.fail("s4-other", "1", "redrive-connection-id", "conn-2");
    assertThat(ids(redrive, "pipeline_id=s4")).containsOnly(one.toString(), two.toString());
    assertThat(ids(redrive, "pipeline_id=s4,s4-other&connection_id=conn-2"))
        .containsOnly(two.toString(), other.toString());
    assertThat(ids(redrive, "pipeline_id=s4&connection_id=conn-1")).containsOnly(one.toString());
    assertThat(ids(redrive, "pipeline_id=s4&error_code=other")).containsOnly(two.toString());
    assertThat(ids(redrive, "pipeline_id=s4&error_code=none")).isEmpty();
    String first = data(redrive.get("/api/dlq/" + one)).at("/failed_at").asText();
    String second = data(redrive.get("/api/dlq/" + two)).at("/failed_at").asText();
    assertThat(first).isLessThan(second);
    assertThat(ids(redrive, "pipeline_id=s4&since=" + second)).containsOnly(two.toString());
    assertThat(ids(redrive, "pipeline_id=s4&until=" + first)).containsOnly(one.toString());
    assertThat(ids(redrive, "pipeline_id=s4&since=" + first + "&until=" + second)).hasSize(2);
  }

  /** 12. */
  static void statisticsNamePipelines(Running redrive) throws Exception {
    redrive.fail("s12", "1");
    JsonNode row = data(redrive.get("/api/dlq/stats?pipeline_id=s12")).at("/by_pipeline/0");
    assertThat(row.at("/name").asText()).isEqualTo("the twelfth");
    assertThat(row.at("/count").asInt()).isEqualTo(1);
  }

  /** 15 and 16: by the pipeline's own retry path, with priority and note; the job can be asked. */
  static void reprocessed(Running redrive) throws Exception {
    LetterId id = redrive.fail("s15", "1");
    Reply reply =
        redrive.post(
            "/api/dlq/" + id + "/reprocess",
            "{\"priority\":\"high\",\"note\":\"fixed_unique_index\"}");
    assertThat(reply.status()).isEqualTo(202);
    assertThat(data(reply).at("/dlq_id").asText()).isEqualTo(id.toString());
    assertThat(data(reply).at("/status").asText()).isEqualTo("queued");
    String job = data(reply).at("/job_id").asText();
    assertThat(job).startsWith("job_");
    assertThat(data(redrive.get("/api/v1/jobs/" + job)).at("/status").asText())
        .isEqualTo("running");

    ConsumerRecord<byte[], byte[]> replay = redrive.replays("s15", 1).get(0);
    assertThat(replay.topic()).isEqualTo("s15-retry");
    assertThat(new String(replay.key(), UTF_8)).isEqualTo("1");
    assertThat(new String(replay.value(), UTF_8)).isEqualTo("{\"of\":\"1\"}");
    assertThat(Running.header(replay, "redrive-priority")).isEqualTo("high");
    assertThat(Running.header(replay, "redrive-note")).isEqualTo("fixed_unique_index");

    redrive.succeed(replay);
    await().atMost(SOON).until(() -> status(redrive, "/api/v1/jobs/" + job).equals("succeeded"));
    assertThat(redrive.get("/api/jobs/" + job).json())
        .isEqualTo(redrive.get("/api/v1/jobs/" + job).json());
    assertThat(redrive.get("/api/dlq/" + id).status()).isEqualTo(404);
  }

  /** 17. */
  static void bulk(Running redrive) throws Exception {
    LetterId one = redrive.fail("s17", "1");
    LetterId two = redrive.fail("s17", "2");
    LetterId out = redrive.fail("s17", "out");
    redrive.post("/api/dlq/" + out + "/reprocess", "{}");
    String ids =
        Stream.of(one.toString(), two.toString(), out.toString(), LetterId.of("n", "n") + "", "x")
            .map(id -> "\"" + id + "\"")
            .collect(Collectors.joining(","));
    Reply reply = redrive.post("/api/dlq/bulk", "{\"action\":\"reprocess\",\"ids\":[" + ids + "]}");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(data(reply).at("/requested").asInt()).isEqualTo(5);
    assertThat(data(reply).at("/accepted").asInt()).isEqualTo(2);
    assertThat(data(reply).at("/rejected").asInt()).isEqualTo(3);
    assertThat(data(reply).at("/errors").findValuesAsText("code"))
        .containsExactlyInAnyOrder("retrying", "not_found", "invalid_id");

    List<ConsumerRecord<byte[], byte[]>> replays = redrive.replays("s17", 3);
    String job = data(reply).at("/job_id").asText();
    for (ConsumerRecord<byte[], byte[]> replay : replays) {
      redrive.succeed(replay);
    }
    await().atMost(SOON).until(() -> status(redrive, "/api/v1/jobs/" + job).equals("succeeded"));
    JsonNode metrics = data(redrive.get("/api/v1/jobs/" + job)).at("/metrics");
    assertThat(metrics.at("/matched").asInt()).isEqualTo(2);
    assertThat(metrics.at("/succeeded").asInt()).isEqualTo(2);
    assertThat(redrive.get("/api/v1/jobs?limit=100").json().at("/data").findValuesAsText("id"))
        .contains(job);
    assertThat(redrive.letters("pipeline_id=s17")).isEmpty();
  }

  /** 19: for each of these filters, what the list shows is what is gone afterwards. */
  static void bulkAllIsTheList(Running redrive) throws Exception {
    List<org.apache.kafka.clients.producer.ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      all.add(
          Running.failed(
              "s19",
              "r" + i,
              "redrive-error-code",
              "code-" + i % 3,
              "redrive-connection-id",
              "conn-" + i % 2));
    }
    redrive.fail(all);
    redrive.fail("s19-other", "1", "redrive-error-code", "code-0");
    await().atMost(SOON).until(() -> redrive.count("s19") == 70);
    same(redrive, "error_code=code-1", "\"error_code\":\"code-1\"");
    same(
        redrive,
        "connection_id=conn-0&error_code=code-0,code-2",
        "\"connection_id\":\"conn-0\",\"error_code\":[\"code-0\",\"code-2\"]");
    same(redrive, "record_id_pattern=%5B13%5D%24", "\"record_id_pattern\":\"[13]$\"");
    same(redrive, "", "");
    assertThat(redrive.count("s19")).isZero();
    assertThat(redrive.count("s19-other")).isEqualTo(1);
  }

  private static void same(Running redrive, String query, String filter) {
    Set<String> before = ids(redrive, "pipeline_id=s19");
    Set<String> listed = ids(redrive, "pipeline_id=s19&" + query);
    String filters = "{\"pipeline_id\":\"s19\"" + (filter.isEmpty() ? "" : "," + filter) + "}";
    String operation = deleted(redrive, filters, listed.size());
    assertThat(listed).isNotEmpty();
    finished(redrive, operation, listed.size());
    before.removeAll(listed);
    assertThat(ids(redrive, "pipeline_id=s19")).isEqualTo(before);
  }

  /** 20, 21 and 22. */
  static void bulkDelete(Running redrive) throws Exception {
    redrive.failMany("s20", 12);
    redrive.failMany("s20-stays", 3);
    String filters = "{\"pipeline_id\":\"s20\"}";
    Reply asked = all(redrive, filters, null);
    assertThat(asked.status()).isEqualTo(409);
    assertThat(data(asked).at("/matched_count").asInt()).isEqualTo(12);
    String token = data(asked).at("/confirm_token").asText();
    assertThat(all(redrive, filters, "dlq_bulk_confirm_wrong").status()).isEqualTo(400);
    assertThat(all(redrive, "{\"pipeline_id\":\"s20-stays\"}", token).status()).isEqualTo(400);
    assertThat(all(redrive, "{}", token).status()).isEqualTo(400);
    assertThat(redrive.count("s20")).isEqualTo(12);
    long total = data(redrive.get("/api/dlq/stats")).at("/total_entries").asLong();

    Reply reply = all(redrive, filters, token);
    assertThat(reply.status()).isEqualTo(202);
    assertThat(data(reply).at("/action").asText()).isEqualTo("delete");
    assertThat(data(reply).at("/matched_count").asInt()).isEqualTo(12);
    assertThat(data(reply).at("/status").asText()).isEqualTo("running");
    finished(redrive, data(reply).at("/bulk_operation_id").asText(), 12);
    assertThat(redrive.letters("pipeline_id=s20")).isEmpty();
    assertThat(redrive.count("s20")).isZero();
    assertThat(redrive.count("s20-stays")).isEqualTo(3);
    assertThat(data(redrive.get("/api/dlq/stats")).at("/total_entries").asLong())
        .isEqualTo(total - 12);
    assertThat(all(redrive, filters, token).code()).isEqualTo("invalid_confirm_token");
  }

  /** 23. */
  static void exportAsJson(Running redrive) throws Exception {
    redrive.failMany("s23", 70, "redrive-error-message", "no ".repeat(1_000));
    Reply file = redrive.get("/api/dlq/export?format=json&pipeline_id=s23");
    assertThat(file.header("content-disposition")).startsWith("attachment; filename=");
    // Streamed: nobody knows its length when it begins.
    assertThat(file.header("content-length")).isEmpty();
    assertThat(file.json().at("/count").asInt()).isEqualTo(70);
    assertThat(file.json().at("/entries")).hasSize(70);
    assertThat(file.json().at("/exported_at").isTextual()).isTrue();
    assertThat(file.json().has("data")).isFalse();
    Set<String> exported = new HashSet<>(file.json().at("/entries").findValuesAsText("id"));
    assertThat(exported).isEqualTo(ids(redrive, "pipeline_id=s23"));
    assertThat(file.json().at("/entries/0/payload/of").asText()).startsWith("r");
  }

  /** 24: more than a page, and the same letters as the list has with the same filters. */
  static void exportAsCsv(Running redrive) throws Exception {
    redrive.failMany("s24", 130);
    redrive.fail("s24", "=1+1", "redrive-error-code", "other");
    String since = redrive.letters("pipeline_id=s24").get(60).at("/failed_at").asText();
    for (String filters :
        List.of(
            "pipeline_id=s24",
            "pipeline_id=s24&error_code=other",
            "pipeline_id=s24&since=" + since,
            "pipeline_id=s24&until=" + since,
            "pipeline_id=s24&error_code=none")) {
      Reply file = redrive.get("/api/dlq/export?format=csv&" + filters);
      assertThat(file.header("content-disposition")).startsWith("attachment");
      List<String> lines = file.text().lines().toList();
      assertThat(lines.get(0))
          .isEqualTo(
              "id,pipeline_id,connection_id,error_code,error_message,failed_at,retry_count,payload");
      Set<String> exported =
          lines.stream()
              .skip(1)
              .map(line -> line.substring(0, line.indexOf(',')))
              .collect(Collectors.toSet());
      assertThat(exported).as(filters).isEqualTo(ids(redrive, filters));
    }
    assertThat(redrive.get("/api/dlq/export?format=csv&pipeline_id=s24&limit=5").status())
        .isEqualTo(400);
  }

  static Set<String> ids(Running redrive, String filters) {
    Set<String> ids = new HashSet<>();
    redrive
        .letters(filters)
        .forEach(letter -> assertThat(ids.add(letter.at("/id").asText())).isTrue());
    return ids;
  }

  private static String deleted(Running redrive, String filters, int count) {
    String token = data(all(redrive, filters, null)).at("/confirm_token").asText();
    Reply reply = all(redrive, filters, token);
    assertThat(reply.status()).as(reply.text()).isEqualTo(202);
    assertThat(data(reply).at("/matched_count").asInt()).isEqualTo(count);
    return data(reply).at("/bulk_operation_id").asText();
  }

  private static void finished(Running redrive, String operation, int count) {
    String path = "/api/dlq/bulk-operations/" + operation;
    await().atMost(SOON).until(() -> status(redrive, path).equals("succeeded"));
    JsonNode done = data(redrive.get(path));
    assertThat(done.at("/processed_count").asInt()).isEqualTo(count);
    assertThat(done.at("/failed_count").asInt()).isZero();
  }

  private static String status(Running redrive, String path) {
    return data(redrive.get(path)).at("/status").asText();
  }

  private static Reply all(Running redrive, String filters, String token) {
    String confirm = token == null ? "" : ",\"confirm_token\":\"" + token + "\"";
    return redrive.post(
        "/api/dlq/bulk-all", "{\"action\":\"delete\",\"filters\":" + filters + confirm + "}");
  }
}
