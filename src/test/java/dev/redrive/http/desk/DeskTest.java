// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.command.LetterCommand;
import dev.redrive.http.Api;
import dev.redrive.http.Api.Reply;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.query.MemoryLedger;
import dev.redrive.query.Sent;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class DeskTest {
  private static final long T = Api.NOW.toEpochMilli();

  private Api api;

  @BeforeEach
  void start() throws IOException {
    api = Api.start();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void aListShowsEveryFieldAndAPreview() {
    LetterId id =
        api.ledger.fail(
            "orders", "o-1", T - 1_000, "db_down", "{\"id\":7,\"items\":[1],\"n\":1.10}");
    Reply reply = api.get("/api/dlq");
    assertThat(reply.status()).isEqualTo(200);
    JsonNode entry = reply.json().at("/data/0");
    assertThat(entry.at("/id").asText()).isEqualTo(id.toString());
    assertThat(entry.at("/failed_at").asText()).isEqualTo("2026-03-27T14:59:59.000Z");
    assertThat(entry.at("/row_preview").toString())
        .isEqualTo("{\"id\":7,\"items\":\"[…]\",\"n\":1.10}");
    assertThat(entry.at("/source/offset").asLong()).isEqualTo(1077245);
    assertThat(entry.at("/dead_letter/topic").asText()).isEqualTo("redrive-errors");
    assertThat(entry.at("/status").asText()).isEqualTo("pending");
    assertThat(entry.at("/group_id").isNull()).isTrue();
    assertThat(reply.json().at("/meta/page").toString())
        .isEqualTo("{\"limit\":50,\"cursor\":null}");
  }

  @Test
  void aLetterAloneHasPayloadTraceAndMetadata() {
    LetterId id = api.ledger.fail("orders", "o-1", T, null, "{\"id\":7,\"n\":1.10}");
    JsonNode letter = api.get("/api/dlq/" + id).json().at("/data");
    assertThat(letter.at("/payload").toString()).isEqualTo("{\"id\":7,\"n\":1.10}");
    assertThat(letter.at("/stack_trace").asText()).isEqualTo("at a.b.C");
    assertThat(letter.at("/metadata/batch_id").asText()).isEqualTo("b1");
    assertThat(letter.at("/pipeline_run_id").asText()).isEqualTo("run_producer");
    assertThat(letter.at("/error_code").isNull()).isTrue();
    assertThat(api.get("/api/dlq/" + id.pipelinesText()).json().at("/data")).isEqualTo(letter);
  }

  @Test
  void anyPayloadHasAForm() {
    var facts = MemoryLedger.facts("p", "tomb", T, "c");
    LetterId tombstone = api.ledger.put(facts, MemoryLedger.detail(null, "c"));
    assertThat(api.get("/api/dlq/" + tombstone).json().at("/data/payload").isNull()).isTrue();
    facts = MemoryLedger.facts("p", "bin", T, "c");
    var bytes = RawBytes.of(new byte[] {0, 0, 0, 49});
    LetterId binary = api.ledger.put(facts, MemoryLedger.detail(bytes, "c"));
    assertThat(api.get("/api/dlq/" + binary).json().at("/data/payload").toString())
        .isEqualTo("{\"text\":\"\\u0000\\u0000\\u00001\"}");
  }

  @Test
  void whatIsNoLetterIsNotFound() {
    assertThat(api.get("/api/dlq/dlq_nonsense").status()).isEqualTo(404);
    assertThat(api.get("/api/dlq/" + LetterId.of("a", "b")).code()).isEqualTo("not_found");
    assertThat(api.delete("/api/dlq/" + LetterId.of("a", "b")).status()).isEqualTo(404);
    assertThat(api.post("/api/dlq/" + LetterId.of("a", "b") + "/reprocess", "{}").code())
        .isEqualTo("not_found");
    assertThat(api.delete("/api/dlq/x").status()).isEqualTo(404);
  }

  @Test
  void aWalkShowsEveryLetterThatStayedOnce() {
    Set<String> stayed = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      stayed.add(api.ledger.fail("p", "r" + i, T - i / 3, "c", "{}").toString());
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    for (int page = 0; !cursor.equals("null"); page++) {
      Reply reply = api.get("/api/dlq?limit=6" + (page == 0 ? "" : "&cursor=" + cursor));
      reply.json().at("/data").forEach(entry -> seen.add(entry.at("/id").asText()));
      cursor = reply.json().at("/meta/page/cursor").asText();
      api.ledger.fail("p", "new" + page, T + page, "c", "{}");
      LetterId gone = LetterId.of("p", "r" + (39 - page));
      api.ledger.remove(gone);
      stayed.remove(gone.toString());
      stayed.remove(api.ledger.fail("p", "r" + (30 - page), T + 9, "c", "{}").toString());
    }
    assertThat(seen).doesNotHaveDuplicates().containsAll(stayed);
  }

  @Test
  void filtersAreInclusive() {
    api.ledger.fail("a", "1", T, "c", "{}");
    api.ledger.fail("a", "2", T + 1, "c", "{}");
    api.ledger.fail("b", "3", T, "c", "{}");
    String bounds = "since=2026-03-27T15:00:00Z&until=2026-03-27T15:00:00.000Z";
    assertThat(api.get("/api/dlq?" + bounds).json().at("/data")).hasSize(2);
    assertThat(api.get("/api/dlq?pipeline_id=a&" + bounds).json().at("/data")).hasSize(1);
    assertThat(api.get("/api/dlq?since=2026-03-27T15:00:00.0005Z").json().at("/data")).hasSize(1);
    assertThat(api.get("/api/dlq?until=2026-03-27T16:00:00%2B01:00").json().at("/data")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit",
    "limit=101, limit",
    "limit=x, limit",
    "limit=99999999999, limit",
    "since=yesterday, since",
    "until=2026-03-27, until",
    "since=%2B999999999-01-01T00:00:00Z, since",
    "since=2026-03-28T00:00:00Z&until=2026-03-27T00:00:00Z, since",
    "pipeline_id=, pipeline_id",
    "'pipeline_id=a,', pipeline_id",
    "status=failed, status",
    "'origin=pipeline,human', origin",
    "response_status=x, response_status",
    "record_id_pattern=a(, record_id_pattern",
    "'record_id_pattern=(a%7B1000%7D)%7B1000%7D', record_id_pattern",
    "error_message=, error_message",
    "payload=a&payload=b, payload",
    "order=up, order",
    "pipelineid=a, pipelineid",
    "cursor=AAAA, cursor",
    "cursor=%00%ff, cursor",
    "allow_partial=yes, allow_partial"
  })
  void aWrongParameterIsNamed(String query, String field) {
    Reply reply = api.get("/api/dlq?" + query);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.field()).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pipeline_id=a | a1 a2",
        "pipeline_id=a,b | a1 a2 b1",
        "pipeline_id=a&pipeline_id=b | a1 a2 b1",
        "pipeline_id=b%5C,c | b,c1",
        "error_code=x | a1 b1",
        "error_code=x&pipeline_id=a | a1",
        "status=pending,parked&label=us,eu&origin=pipeline&failure_kind=exception | a1 a2 b1 b,c1",
        "status=retrying | ''",
        "source_topic=orders&connection_id=conn_1&error_code=y | a2",
        "record_id=1&pipeline_id=a,b | a1 b1",
        "record_id_pattern=%5E1$&pipeline_id=a | a1",
        "error_message=broke | a1 a2 b1 b,c1",
        "payload=%22n%22:2 | a2",
        "header=b | a1 a2 b1 b,c1",
        "dialect=native&error_code=y | a2",
        "response_status=500 | ''"
      })
  void everyFilterIsAParameter(String query, String expected) {
    api.ledger.fail("a", "1", T, "x", "{\"n\":1}");
    api.ledger.fail("a", "2", T - 1, "y", "{\"n\":2}");
    api.ledger.fail("b", "1", T - 2, "x", "{\"n\":1}");
    api.ledger.fail("b,c", "1", T - 3, null, "{\"n\":1}");
    Reply reply = api.get("/api/dlq?" + query);
    assertThat(reply.status()).as(reply.json().toString()).isEqualTo(200);
    List<String> found = new ArrayList<>();
    reply
        .json()
        .at("/data")
        .forEach(e -> found.add(e.at("/pipeline_id").asText() + e.at("/record_id").asText()));
    assertThat(String.join(" ", found)).isEqualTo(expected.equals("''") ? "" : expected);
  }

  @Test
  void aListCanBeReadOldestFirst() {
    api.ledger.fail("a", "1", T - 1, "x", "{}");
    api.ledger.fail("a", "2", T, "x", "{}");
    JsonNode first = api.get("/api/dlq?order=oldest_first&limit=1").json();
    assertThat(first.at("/data/0/record_id").asText()).isEqualTo("1");
    String cursor = first.at("/meta/page/cursor").asText();
    JsonNode second = api.get("/api/dlq?limit=1&cursor=" + cursor).json();
    assertThat(second.at("/data/0/record_id").asText()).isEqualTo("2");
    assertThat(api.get("/api/dlq?order=newest_first&cursor=" + cursor).field()).isEqualTo("cursor");
  }

  @Test
  void aPageThatLookedAtEnoughSaysSoAndGoesOn() {
    for (int i = 0; i < 40; i++) {
      api.ledger.fail("p", "r" + i, T - i, i % 20 == 19 ? "rare" : "c", "{}");
    }
    api.ledger.looks = 3;
    List<String> seen = new ArrayList<>();
    String cursor = "";
    int limited = 0;
    for (int page = 0; !cursor.equals("null"); page++) {
      String from = page == 0 ? "" : "&cursor=" + cursor;
      JsonNode reply = api.get("/api/dlq?error_code=rare" + from).json();
      reply.at("/data").forEach(entry -> seen.add(entry.at("/record_id").asText()));
      cursor = reply.at("/meta/page/cursor").asText();
      limited += reply.at("/meta/scan_limited").asBoolean() ? 1 : 0;
    }
    assertThat(seen).containsExactly("r19", "r39");
    assertThat(limited).isGreaterThan(3);
  }

  @Test
  void aCursorBelongsToItsFilters() {
    for (int i = 0; i < 3; i++) {
      api.ledger.fail("a", "r" + i, T - i, "c", "{}");
    }
    String cursor =
        api.get("/api/dlq?limit=1&pipeline_id=a").json().at("/meta/page/cursor").asText();
    assertThat(cursor).matches("[A-Za-z0-9_-]+");
    assertThat(api.get("/api/dlq?limit=2&pipeline_id=a&cursor=" + cursor).status()).isEqualTo(200);
    assertThat(api.get("/api/dlq?cursor=" + cursor).field()).isEqualTo("cursor");
  }

  @Test
  void statisticsSumUp() {
    api.ledger.fail("a", "1", T, "x", "{}");
    api.ledger.fail("a", "2", T, null, "{}");
    api.ledger.fail("b", "3", T - 10, "x", "{}");
    JsonNode data = api.get("/api/dlq/stats").json().at("/data");
    assertThat(data.toString())
        .isEqualTo(
            "{\"total_entries\":3,"
                + "\"by_error_code\":[{\"error_code\":\"x\",\"count\":2},"
                + "{\"error_code\":null,\"count\":1}],"
                + "\"by_pipeline\":[{\"pipeline_id\":\"a\",\"name\":\"name of a\",\"count\":2},"
                + "{\"pipeline_id\":\"b\",\"name\":\"name of b\",\"count\":1}],"
                + "\"by_status\":[{\"status\":\"pending\",\"count\":3}],"
                + "\"by_group\":[],"
                + "\"per_hour\":[{\"hour\":\"2026-03-27T14:00:00.000Z\",\"count\":1},"
                + "{\"hour\":\"2026-03-27T15:00:00.000Z\",\"count\":2}],"
                + "\"oldest_failed_at\":\"2026-03-27T14:59:59.990Z\",\"oldest_age_seconds\":0,"
                + "\"window\":{\"since\":null,\"until\":null}}");
    data = api.get("/api/dlq/stats?since=2026-03-27T15:00:00Z").json().at("/data");
    assertThat(data.at("/total_entries").asInt()).isEqualTo(2);
    assertThat(data.at("/window/since").asText()).isEqualTo("2026-03-27T15:00:00.000Z");
    data = api.get("/api/dlq/stats?pipeline_id=b").json().at("/data");
    assertThat(data.at("/by_pipeline")).hasSize(1);
  }

  @Test
  void aKeyOfSomePipelinesCountsOnlyThose() {
    api.ledger.fail("a", "1", T, "x", "{}");
    api.ledger.fail("b", "2", T - 3_600_000, "y", "{}");
    JsonNode data = api.call("GET", "/api/dlq/stats", Api.ONLY_A, null).json().at("/data");
    assertThat(data.at("/total_entries").asInt()).isEqualTo(1);
    assertThat(data.at("/by_error_code").toString()).doesNotContain("y");
    assertThat(data.at("/per_hour")).hasSize(1);
    assertThat(data.at("/oldest_age_seconds").asInt()).isZero();
    assertThat(api.call("GET", "/api/dlq/stats?pipeline_id=b", Api.ONLY_A, null).status())
        .isEqualTo(403);
  }

  @Test
  void groupsAreListedTheLargestFirst() {
    LetterId last = null;
    for (int i = 0; i < 3; i++) {
      last = api.ledger.put(grouped("a", "r" + i, T + i, "grp_1_a"), detail());
    }
    api.ledger.put(grouped("b", "r", T - 5, "grp_1_b"), detail());
    JsonNode reply = api.get("/api/groups").json();
    assertThat(reply.at("/meta/total").asInt()).isEqualTo(2);
    assertThat(reply.at("/data/0/id").asText()).isEqualTo("grp_1_a");
    assertThat(reply.at("/data/0/count").asInt()).isEqualTo(3);
    assertThat(reply.at("/data/0/sample").asText()).isEqualTo(last.toString());
    assertThat(reply.at("/data/0/state").asText()).isEqualTo("new");
    assertThat(reply.at("/data/0/pipelines/0/name").asText()).isEqualTo("name of a");
    assertThat(api.get("/api/groups?limit=1").json().at("/data")).hasSize(1);
    assertThat(api.get("/api/groups/grp_1_b").json().at("/data/count").asInt()).isEqualTo(1);
    assertThat(api.get("/api/groups/grp_1_c").status()).isEqualTo(404);
    assertThat(api.call("GET", "/api/groups", Api.ONLY_A, null).json().at("/data")).hasSize(1);
    assertThat(api.call("GET", "/api/groups/grp_1_b", Api.ONLY_A, null).status()).isEqualTo(404);
  }

  private static FailureFacts grouped(String pipeline, String record, long at, String group) {
    var plain = MemoryLedger.facts(pipeline, record, at, "c");
    return new FailureFacts(
        plain.pipelineId(),
        plain.recordId(),
        plain.origin(),
        plain.kind(),
        plain.connectionId(),
        plain.errorCode(),
        group,
        plain.pipelineRunId(),
        at,
        at,
        at,
        plain.retryCount(),
        plain.labels(),
        plain.sourceTopic(),
        plain.fidelity(),
        plain.position(),
        plain.replay(),
        plain.http());
  }

  private static FailureDetail detail() {
    return MemoryLedger.detail(RawBytes.utf8("{}"), "c");
  }

  @Test
  void aReprocessIsACommandAndIsQueued() {
    LetterId id = api.ledger.fail("a", "1", T, "x", "{}");
    Reply reply =
        api.post("/api/dlq/" + id + "/reprocess", "{\"priority\":\"high\",\"note\":\"fixed\"}");
    assertThat(reply.status()).isEqualTo(202);
    LetterCommand command = (LetterCommand) api.ledger.commands.get(0);
    JsonNode data = reply.json().at("/data");
    assertThat(data.at("/dlq_id").asText()).isEqualTo(id.toString());
    assertThat(data.at("/job_id").asText()).startsWith("job_" + command.meta().commandId() + "_");
    assertThat(data.at("/status").asText()).isEqualTo("queued");
    assertThat(command.type()).isEqualTo(LetterCommand.Type.REPLAY);
    assertThat(command.priority()).isEqualTo("high");
    assertThat(command.meta().note()).isEqualTo("fixed");
    assertThat(command.meta().requestedBy()).isEqualTo("ada");

    assertThat(api.get("/api/dlq/" + id).json().at("/data/status").asText()).isEqualTo("retrying");
    assertThat(api.post("/api/dlq/" + id + "/reprocess", "").status()).isEqualTo(409);
    assertThat(api.delete("/api/dlq/" + id).code()).isEqualTo("retrying");
    assertThat(api.ledger.commands.stream().map(c -> c.meta().requestId()).distinct()).hasSize(3);
  }

  @Test
  void aDeletedLetterIsGone() {
    LetterId id = api.ledger.fail("a", "1", T, "x", "{}");
    Reply reply = api.delete("/api/dlq/" + id.pipelinesText());
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().toString()).isEqualTo("{\"data\":{\"dlq_id\":\"" + id + "\"}}");
    assertThat(api.get("/api/dlq/" + id).status()).isEqualTo(404);
  }

  @Test
  void anEffectThatIsNotThereInTimeIsPending() {
    LetterId id = api.ledger.fail("a", "1", T, "x", "{}");
    api.ledger.answer(new Sent.Pending("http-7"));
    Reply reply = api.post("/api/dlq/" + id + "/reprocess", "{}");
    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.json().at("/data/command_id").asText()).isEqualTo("http-7");
    reply = api.delete("/api/dlq/" + id);
    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.json().at("/data/status").asText()).isEqualTo("pending");
    api.ledger.answer(new Sent.Unsent("http-8", "no broker"));
    reply = api.delete("/api/dlq/" + id);
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"priority\":\"urgent\"} | priority",
        "{\"priority\":1} | priority",
        "{\"note\":{}} | note",
        "{\"nte\":\"x\"} | nte",
        "{\"note\":\"a\",\"note\":\"b\"} | body",
        "[] | body",
        "{ | body",
        "null | body",
        "{} {} | body"
      })
  void aWrongFieldIsNamed(String body, String field) {
    LetterId id = api.ledger.fail("a", "1", T, "x", "{}");
    Reply reply = api.post("/api/dlq/" + id + "/reprocess", body);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.field()).isEqualTo(field);
    assertThat(api.ledger.commands).isEmpty();
  }

  @Test
  void bodiesAreJsonAndBounded() {
    LetterId id = api.ledger.fail("a", "1", T, "x", "{}");
    String path = "/api/dlq/" + id + "/reprocess";
    assertThat(api.call("POST", path, Api.ADMIN, "a=1", "Content-Type", "text/plain").status())
        .isEqualTo(415);
    assertThat(api.post(path, "{\"note\":\"" + "x".repeat(2_000) + "\"}").status()).isEqualTo(413);
    assertThat(api.post(path, "{\"note\":\"" + "x".repeat(1_001) + "\"}").field())
        .isEqualTo("note");
    assertThat(
            api.call(
                    "POST",
                    path,
                    Api.ADMIN,
                    "{}",
                    "Content-Type",
                    "application/json; charset=utf-8")
                .status())
        .isEqualTo(202);
  }

  @Test
  void whatIsMissingIsNeverLeftOutSilently() {
    LetterId id = api.ledger.fail("a", "1", T, "x", "{}");
    int partition = api.ledger.partitionOf(id);
    api.ledger.down(partition, "being restored or moved");
    for (String path : List.of("/api/dlq", "/api/dlq/stats", "/api/dlq/" + id)) {
      Reply reply = api.get(path);
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Retry-After")).isEqualTo("1");
      assertThat(reply.field()).isEqualTo("partition " + partition);
    }
    for (String path : List.of("/api/dlq", "/api/dlq/stats")) {
      Reply reply = api.get(path + "?allow_partial=true");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.json().at("/meta/missing/0/partition").asInt()).isEqualTo(partition);
    }
  }

  @Test
  void anyTextMayBeAPipelineId() {
    String pipeline = "a/b c&d=é%+";
    api.ledger.fail(pipeline, "1", T, "x", "{}");
    String encoded = URLEncoder.encode(pipeline, StandardCharsets.UTF_8);
    assertThat(api.get("/api/dlq?pipeline_id=" + encoded).json().at("/data/0/pipeline_id").asText())
        .isEqualTo(pipeline);
  }

  @Test
  void statisticsByAnyFilterSayWhereTheyAreNotWhole() {
    api.ledger.fail("a", "1", T, "x", "{}");
    api.ledger.fail("a", "2", T, "y", "{}");
    Reply whole = api.get("/api/dlq/stats?error_code=x");
    assertThat(whole.json().at("/data/total_entries").asInt()).isEqualTo(1);
    assertThat(whole.json().has("meta")).isFalse();
    api.ledger.looks = 1;
    JsonNode limited = api.get("/api/dlq/stats?error_code=x").json();
    assertThat(limited.at("/meta/scan_limited").asBoolean()).isTrue();
    assertThat(limited.at("/meta/whole_since").asText()).isEqualTo("1970-01-01T00:00:00.001Z");
    assertThat(api.get("/api/dlq/stats?no_such=x").field()).isEqualTo("no_such");
    assertThat(api.get("/api/dlq/stats?status=x").status()).isEqualTo(400);
  }

  @Test
  void theJobOfOneLetterIsKnownAndCanNotBeCancelled() {
    LetterId id = api.ledger.fail("a", "1", T, "x", "{}");
    String job = api.post("/api/dlq/" + id + "/reprocess", "").json().at("/data/job_id").asText();
    JsonNode data = api.get("/api/v1/jobs/" + job).json().at("/data");
    assertThat(data.at("/id").asText()).isEqualTo(job);
    assertThat(data.at("/status").asText()).isEqualTo("running");
    assertThat(data.at("/created_at").asText()).isEqualTo("2026-03-27T15:00:00.000Z");
    assertThat(api.post("/api/v1/jobs/" + job + "/cancel", "").status()).isEqualTo(409);
    assertThat(api.call("GET", "/api/v1/jobs/" + job, Api.ONLY_A, null).status()).isEqualTo(200);
    api.ledger.remove(id);
    assertThat(api.call("GET", "/api/v1/jobs/" + job, Api.ONLY_A, null).status()).isEqualTo(200);
    LetterId other = api.ledger.fail("b", "1", T, "x", "{}");
    String hidden =
        api.post("/api/dlq/" + other + "/reprocess", "").json().at("/data/job_id").asText();
    assertThat(api.call("GET", "/api/v1/jobs/" + hidden, Api.ONLY_A, null).status()).isEqualTo(404);
    api.ledger.remove(other);
    assertThat(api.call("GET", "/api/v1/jobs/" + hidden, Api.ONLY_A, null).status()).isEqualTo(404);
    assertThat(api.get("/api/v1/jobs/job_none_00000000-0").status()).isEqualTo(404);
  }

  @Test
  void pipelinesAreThoseOfTheSettingsAndThoseWithLetters() {
    api.ledger.fail("a", "1", T, "x", "{}");
    api.ledger.fail("with space", "1", T, "x", "{}");
    JsonNode page = api.get("/api/pipelines").json();
    assertThat(page.at("/data").findValuesAsText("pipeline_id"))
        .containsExactly("a", "declared", "with space");
    assertThat(page.at("/data/2/key").asText()).matches("withspace-[0-9a-z]{8}");
    assertThat(page.at("/data/0/by_status/pending").asInt()).isEqualTo(1);
    assertThat(
            api.call("GET", "/api/pipelines", Api.ONLY_A, null)
                .json()
                .at("/data")
                .findValuesAsText("pipeline_id"))
        .containsExactly("a");
    assertThat(api.get("/api/pipelines?cursor=%20").status()).isEqualTo(400);
  }

  @Test
  void eventsThatCanNotBeReadAreSaid() {
    assertThat(api.get("/api/events").status()).isEqualTo(503);
    assertThat(api.get("/api/events?cursor=x").field()).isEqualTo("cursor");
    assertThat(api.call("GET", "/api/events?pipeline_id=b", Api.ONLY_A, null).status())
        .isEqualTo(403);
  }
}
