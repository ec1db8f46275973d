// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.statements;

import static dev.redrive.http.statements.Statement.live;
import static dev.redrive.http.statements.Statement.once;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.command.LetterCommand;
import dev.redrive.config.Settings;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.http.Api;
import dev.redrive.http.Api.Reply;
import dev.redrive.letter.LetterId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Statements 1 to 29: the desk. */
final class DeskStatements {
  private static final long T = Api.NOW.toEpochMilli();
  private static final Duration KEPT = Duration.ofDays(7);

  private DeskStatements() {}

  static List<Statement> all() {
    Statement.Live reprocessed = once(LiveDesk::reprocessed);
    Statement.Live bulkDelete = once(LiveDesk::bulkDelete);
    Statement.Live filters = once(LiveDesk::filters);
    return List.of(
        live(1, "an entry is what was given up, a record or a batch", LiveDesk::onlyWhatWasGivenUp),
        new Statement(
            2,
            "without a key 401, with too little role 403",
            api -> {
              assertThat(api.call("GET", "/api/dlq", null, null).status()).isEqualTo(401);
              LetterId id = fail(api, "a", "1");
              assertThat(api.call("DELETE", "/api/dlq/" + id, Api.VIEWER, null).status())
                  .isEqualTo(403);
            }),
        new Statement(
            3,
            "the list has data, limit and cursor",
            api -> {
              JsonNode body = api.get("/api/dlq").json();
              assertThat(body.at("/data").isArray()).isTrue();
              assertThat(body.at("/meta/page/limit").asInt()).isEqualTo(50);
              assertThat(body.at("/meta/page").has("cursor")).isTrue();
            }),
        live(4, "pipeline_id filters", filters),
        live(5, "connection_id filters", filters),
        live(6, "error_code filters", filters),
        live(7, "since and until bound failed_at, inclusive", filters),
        new Statement(
            8, "pages are disjoint and whole; the last cursor is null", api -> pages(api)),
        new Statement(
            9,
            "an item has its fields and a preview, not the payload",
            api -> {
              String payload = "{\"a\":1,\"b\":2,\"c\":{},\"d\":4,\"e\":5,\"f\":6}";
              api.ledger.fail("a", "1", T, "c", payload);
              JsonNode item = api.get("/api/dlq").json().at("/data/0");
              for (String field :
                  List.of(
                      "id",
                      "pipeline_id",
                      "connection_id",
                      "error_code",
                      "error_message",
                      "failed_at",
                      "retry_count")) {
                assertThat(item.has(field)).as(field).isTrue();
              }
              assertThat(item.at("/row_preview").isObject()).isTrue();
              assertThat(item.at("/row_preview")).hasSize(5);
              assertThat(item.has("payload")).isFalse();
            }),
        new Statement(10, "statistics sum up", api -> sums(api, "/api/dlq/stats", 3)),
        new Statement(
            11,
            "since and until restrict statistics and are echoed",
            api -> {
              api.ledger.fail("b", "later", T + 7_200_000, "c", "{}");
              sums(api, "/api/dlq/stats?since=2026-03-27T16:00:00Z", 1);
              sums(api, "/api/dlq/stats?until=2026-03-27T16:00:00Z", 3);
              JsonNode data = data(api.get("/api/dlq/stats?since=2026-03-27T16:00:00Z"));
              assertThat(data.at("/window/since").asText()).startsWith("2026-03-27T16:00:00");
            }),
        live(12, "by_pipeline carries the name", LiveDesk::statisticsNamePipelines),
        new Statement(
            13,
            "one entry adds run, trace, payload, metadata",
            api -> {
              JsonNode data = data(api.get("/api/dlq/" + fail(api, "a", "1")));
              for (String field :
                  List.of("pipeline_run_id", "stack_trace", "payload", "metadata")) {
                assertThat(data.has(field)).as(field).isTrue();
              }
            }),
        new Statement(
            14,
            "stats, export, bulk, bulk-all are no ids",
            api -> {
              assertThat(api.get("/api/dlq/stats").status()).isEqualTo(200);
              assertThat(api.get("/api/dlq/bulk").header("Allow")).isEqualTo("POST");
              assertThat(api.get("/api/dlq/bulk-all").header("Allow")).isEqualTo("POST");
              assertThat(api.call("DELETE", "/api/dlq/export", Api.ADMIN, null).header("Allow"))
                  .isEqualTo("GET, HEAD");
            }),
        live(
            15,
            "reprocess: 202 with dlq_id, job_id, queued, by the pipeline's retry path",
            reprocessed),
        new Statement(
            16,
            "priority and note are optional and travel along",
            api -> {
              LetterId id = fail(api, "a", "1");
              String body = "{\"priority\":\"high\",\"note\":\"fixed\"}";
              assertThat(api.post("/api/dlq/" + id + "/reprocess", body).status()).isEqualTo(202);
              LetterCommand command = (LetterCommand) api.ledger.commands.get(0);
              assertThat(command.priority()).isEqualTo("high");
              assertThat(command.meta().note()).isEqualTo("fixed");
            },
            reprocessed),
        live(17, "bulk says what it accepted and rejected", LiveDesk::bulk),
        new Statement(
            18,
            "bulk actions follow the policy",
            api -> {
              LetterId id = fail(api, "a", "1");
              assertThat(bulk(api, "delete", id.toString()).status()).isEqualTo(200);
              assertThat(bulk(api, "archive", id.toString()).status()).isEqualTo(400);
              Settings settings = SettingsLoader.of(Map.of("runs.bulk-actions", "reprocess"));
              try (Api strict = Api.start(settings)) {
                Reply reply = bulk(strict, "delete", id.toString());
                assertThat(reply.status()).isEqualTo(403);
                assertThat(reply.code()).isEqualTo("action_not_allowed");
              }
            }),
        live(
            19,
            "bulk-all takes what the list with those filters shows",
            LiveDesk::bulkAllIsTheList),
        live(20, "bulk-all: 202 with count, id and running", bulkDelete),
        new Statement(21, "bulk-all needs a valid token", api -> tokens(api), bulkDelete),
        live(22, "after a bulk delete nothing is listed and statistics drop", bulkDelete),
        live(23, "export as JSON counts its entries, as an attachment", LiveDesk::exportAsJson),
        live(
            24,
            "export as CSV, the whole set, with the filters of the list",
            LiveDesk::exportAsCsv),
        new Statement(
            25, "diagnostics are listed, filtered and in pages", api -> artifactsListed(api)),
        new Statement(
            26,
            "diagnostics have types: log_bundle, profile, heap_dump and others",
            api -> {
              for (String type : List.of("log_bundle", "profile", "heap_dump", "core_dump")) {
                upload(api, "type=" + type + "&pipeline_id=a", "x");
                assertThat(data(api.get("/api/diagnostics?type=" + type))).hasSize(1);
              }
              Reply made = api.post("/api/diagnostics", "{\"type\":\"thread_dump\"}");
              assertThat(made.status()).isEqualTo(202);
              assertThat(data(made).at("/type").asText()).isEqualTo("thread_dump");
            }),
        new Statement(
            27,
            "diagnostics are counted, by type and in bytes",
            api -> {
              upload(api, "type=log_bundle&pipeline_id=a", "four");
              upload(api, "type=log_bundle&pipeline_id=b", "seven..");
              upload(api, "type=profile&pipeline_id=b", "");
              JsonNode data = data(api.get("/api/diagnostics/stats"));
              assertThat(data.at("/total_artifacts").asInt()).isEqualTo(3);
              assertThat(data.at("/total_bytes").asInt()).isEqualTo(11);
              assertThat(data.at("/by_type").toString())
                  .isEqualTo(
                      "[{\"type\":\"log_bundle\",\"count\":2},{\"type\":\"profile\",\"count\":1}]");
            }),
        new Statement(
            28,
            "a download has the bytes that were listed, as an attachment",
            api -> {
              String id = upload(api, "pipeline_id=a&file_name=logs.zip", "bytes of a zip");
              Reply reply = api.get("/api/diagnostics/" + id + "/download");
              assertThat(reply.text()).isEqualTo("bytes of a zip");
              assertThat(reply.text().length())
                  .isEqualTo(data(api.get("/api/diagnostics/" + id)).at("/size_bytes").asInt());
              assertThat(reply.header("Content-Type")).isEqualTo("application/zip");
              assertThat(reply.header("Content-Disposition"))
                  .isEqualTo("attachment; filename=\"logs.zip\"");
            }),
        new Statement(
            29,
            "diagnostics expire after 7 days",
            api -> {
              String id = upload(api, "pipeline_id=a", "x");
              JsonNode data = data(api.get("/api/diagnostics/" + id));
              assertThat(Instant.parse(data.at("/expires_at").asText()))
                  .isEqualTo(Instant.parse(data.at("/created_at").asText()).plus(KEPT));
              api.artifactsNow = Api.NOW.plus(KEPT).minusMillis(1);
              assertThat(data(api.get("/api/diagnostics"))).hasSize(1);
              api.artifactsNow = Api.NOW.plus(KEPT);
              assertThat(data(api.get("/api/diagnostics"))).isEmpty();
              assertThat(api.get("/api/diagnostics/" + id + "/download").status()).isEqualTo(404);
              assertThat(data(api.get("/api/diagnostics/stats")).at("/total_artifacts").asInt())
                  .isZero();
            }));
  }

  private static String upload(Api api, String query, String bytes) {
    Reply reply = api.post("/api/diagnostics/uploads?" + query, bytes);
    assertThat(reply.status()).as(reply.text()).isEqualTo(201);
    return data(reply).at("/id").asText();
  }

  private static void artifactsListed(Api api) {
    upload(api, "pipeline_id=a&run_id=run_1&type=log_bundle", "1");
    upload(api, "pipeline_id=a&run_id=run_2&type=profile", "22");
    upload(api, "pipeline_id=b&run_id=run_2&type=profile", "333");
    JsonNode item = data(api.get("/api/diagnostics?run_id=run_1")).at("/0");
    for (String field :
        List.of("id", "type", "pipeline_id", "run_id", "created_at", "size_bytes", "expires_at")) {
      assertThat(item.path(field).isNull() || item.path(field).isMissingNode()).as(field).isFalse();
    }
    assertThat(data(api.get("/api/diagnostics?pipeline_id=a"))).hasSize(2);
    assertThat(data(api.get("/api/diagnostics?type=profile"))).hasSize(2);
    assertThat(data(api.get("/api/diagnostics?type=profile&pipeline_id=a&run_id=run_2")))
        .hasSize(1);
    JsonNode first = api.get("/api/diagnostics?limit=2").json();
    String cursor = first.at("/meta/page/cursor").asText();
    JsonNode second = api.get("/api/diagnostics?limit=2&cursor=" + cursor).json();
    assertThat(first.at("/data")).hasSize(2);
    assertThat(second.at("/data")).hasSize(1);
    assertThat(second.at("/meta/page/cursor").isNull()).isTrue();
    assertThat(first.at("/data").findValuesAsText("id"))
        .doesNotContainAnyElementsOf(second.at("/data").findValuesAsText("id"));
  }

  private static LetterId fail(Api api, String pipeline, String record) {
    return api.ledger.fail(pipeline, record, T, "c", "{\"n\":1}");
  }

  static void three(Api api) {
    fail(api, "a", "1");
    fail(api, "a", "2");
    api.ledger.fail("b", "1", T, "other", "{}");
  }

  static JsonNode data(Reply reply) {
    return reply.json().at("/data");
  }

  private static Reply bulk(Api api, String action, String... ids) {
    String list = Stream.of(ids).map(id -> "\"" + id + "\"").collect(Collectors.joining(","));
    return api.post("/api/dlq/bulk", "{\"action\":\"" + action + "\",\"ids\":[" + list + "]}");
  }

  private static Reply all(Api api, String filters, String token) {
    String confirm = token == null ? "" : ",\"confirm_token\":\"" + token + "\"";
    return api.post(
        "/api/dlq/bulk-all", "{\"action\":\"delete\",\"filters\":" + filters + confirm + "}");
  }

  private static void tokens(Api api) {
    String filters = "{\"pipeline_id\":\"a\"}";
    String token = data(all(api, filters, null)).at("/confirm_token").asText();
    assertThat(all(api, "{\"pipeline_id\":\"b\"}", token).code())
        .isEqualTo("invalid_confirm_token");
    assertThat(all(api, filters, "dlq_bulk_confirm_x").status()).isEqualTo(400);
    assertThat(all(api, "null", token).status()).isEqualTo(400);
    assertThat(all(api, filters, token).status()).isEqualTo(202);
    assertThat(all(api, filters, token).code()).isEqualTo("invalid_confirm_token");
  }

  private static void sums(Api api, String path, int total) {
    three(api);
    JsonNode data = data(api.get(path));
    assertThat(data.at("/total_entries").asInt()).isEqualTo(total);
    for (String list : List.of("by_error_code", "by_pipeline")) {
      int sum = 0;
      for (JsonNode row : data.at("/" + list)) {
        sum += row.at("/count").asInt();
      }
      assertThat(sum).isEqualTo(total);
    }
  }

  private static void pages(Api api) {
    for (int i = 0; i < 11; i++) {
      fail(api, "a", "r" + i);
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    while (!cursor.equals("null")) {
      JsonNode page = api.get("/api/dlq?limit=4" + cursor).json();
      page.at("/data").forEach(item -> seen.add(item.at("/id").asText()));
      String next = page.at("/meta/page/cursor").asText();
      cursor = next.equals("null") ? next : "&cursor=" + next;
    }
    assertThat(seen).hasSize(11).doesNotHaveDuplicates();
  }
}
