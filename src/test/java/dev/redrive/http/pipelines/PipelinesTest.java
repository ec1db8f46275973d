// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunTarget;
import dev.redrive.filter.Attribute;
import dev.redrive.http.Api;
import dev.redrive.http.Api.Reply;
import dev.redrive.letter.LetterId;
import dev.redrive.run.JournalLine;
import dev.redrive.run.LetterOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PipelinesTest {
  private static final long T = Api.NOW.toEpochMilli();
  private static final String A = "/v2/pipelines/a";
  private static final String LETTERS = A + "/dead_letters";

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
  void anEntryHasItsFields() {
    LetterId id = api.ledger.fail("a", "contracts/broken.pdf", T, "c", "{}");
    JsonNode entry = api.get(LETTERS + "/" + id.pipelinesText()).json();
    assertThat(entry.at("/id").asText()).isEqualTo(id.pipelinesText());
    assertThat(entry.at("/source_record_id").asText()).isEqualTo("contracts/broken.pdf");
    assertThat(entry.at("/status").asText()).isEqualTo("pending");
    assertThat(entry.at("/error_message").asText()).isEqualTo("it broke");
    assertThat(entry.at("/last_run_id").asText()).isEqualTo("run_producer");
    assertThat(entry.at("/attempt_count").asInt()).isEqualTo(1);
    assertThat(entry.at("/origin").asText()).isEqualTo("pipeline");
    assertThat(entry.at("/created_at").asText()).isEqualTo("2026-03-27T15:00:00.000Z");
    assertThat(api.get(LETTERS + "/" + id).json()).isEqualTo(entry);
    assertThat(api.get(LETTERS).json().at("/dead_letters/0")).isEqualTo(entry);
    assertThat(api.get(LETTERS).json().at("/metadata").toString()).isEqualTo("{}");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 3 2 1",
    "status=pending, 2 1",
    "status=retrying, 3",
    "last_run_id=run_producer, 3 2 1",
    "last_run_id=run_x, ''",
    "origin=pipeline, 3 2 1",
    "origin=manual, ''",
    "filter=^[12]$, 2 1",
    "filter=2&status=pending, 2"
  })
  void filtersAreJoined(String query, String found) {
    for (int i = 1; i <= 3; i++) {
      api.ledger.fail("a", "" + i, T + i, "c", "{}");
    }
    api.post("/api/dlq/" + LetterId.of("a", "3") + "/reprocess", "{}");
    api.ledger.fail("b", "1", T, "c", "{}");
    List<String> records = new ArrayList<>();
    api.get(LETTERS + "?" + query.replace("^", "%5E").replace("[", "%5B").replace("]", "%5D"))
        .json()
        .at("/dead_letters")
        .forEach(entry -> records.add(entry.at("/source_record_id").asText()));
    assertThat(String.join(" ", records)).isEqualTo(found);
  }

  @Test
  void pagesAreDisjointAndWhole() {
    for (int i = 0; i < 25; i++) {
      api.ledger.fail("a", "r" + i, T - i / 3, "c", "{}");
    }
    List<String> seen = new ArrayList<>();
    String next = "";
    int pages = 0;
    do {
      JsonNode page = api.get(LETTERS + (next.isEmpty() ? "" : "?page_key=" + next)).json();
      page.at("/dead_letters").forEach(e -> seen.add(e.at("/source_record_id").asText()));
      next = page.at("/metadata/page_key").asText();
      pages++;
    } while (!next.isEmpty());
    assertThat(seen).hasSize(25).doesNotHaveDuplicates();
    assertThat(pages).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit",
    "limit=101, limit",
    "filter=(, filter",
    "status=parked, status",
    "page_key=x, page_key",
    "origin=none, origin",
    "stauts=pending, stauts"
  })
  void aBadParameterIsNamed(String query, String field) {
    api.ledger.fail("a", "1", T, "c", "{}");
    Reply reply = api.get(LETTERS + "?" + query);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().at("/field_errors").has(field)).isTrue();
    assertThat(reply.json().at("/request_id").asText()).startsWith("req_");
  }

  @Test
  void whatIsNotThereIsNamed() {
    api.ledger.fail("a", "1", T, "c", "{}");
    LetterId other = api.ledger.fail("b", "1", T, "c", "{}");
    Reply reply = api.get("/v2/pipelines/none/dead_letters");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.json().at("/id").asText()).isEqualTo("none");
    for (String id : List.of(other.pipelinesText(), "pdl_x")) {
      reply = api.get(LETTERS + "/" + id);
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.json().at("/id").asText()).isEqualTo(id);
      assertThat(api.delete(LETTERS + "/" + id).status()).isEqualTo(404);
    }
    assertThat(api.get("/v2/pipelines/declared/dead_letters").json().at("/dead_letters")).isEmpty();
  }

  @Test
  void everyErrorHasTheFamilysForm() {
    api.ledger.fail("a", "1", T, "c", "{}");
    assertThat(api.call("GET", LETTERS, null, null).json().at("/messages")).hasSize(1);
    assertThat(api.call("DELETE", LETTERS, Api.ADMIN, null).status()).isEqualTo(405);
    assertThat(api.get(LETTERS + "/process").status()).isEqualTo(405);
    assertThat(api.get("/v2/pipelines").json().at("/messages")).hasSize(1);
    assertThat(api.call("POST", LETTERS, Api.VIEWER, "{}").status()).isEqualTo(403);
    assertThat(api.post(LETTERS, "x".repeat(2_000)).status()).isEqualTo(413);
    assertThat(api.call("POST", LETTERS, Api.ADMIN, "{}", "Content-Type", "text/x").status())
        .isEqualTo(415);
    assertThat(api.post(LETTERS, "{\"source_record\":\"1\"}").status()).isEqualTo(400);
    api.ledger.down(1, "moving");
    assertThat(api.get(LETTERS).status()).isEqualTo(503);
  }

  @Test
  void aKeyThatDoesNotFitHasAHash() {
    String id = "my pipeline/with a very long name, longer than fits in a path";
    api.ledger.fail(id, "1", T, "c", "{}");
    String key = PipelineKey.of(id);
    assertThat(key).matches("mypipelinewithaverylongnamelonge-[0-9a-z]{8}");
    assertThat(api.get("/v2/pipelines/" + key + "/dead_letters").json().at("/dead_letters"))
        .hasSize(1);
  }

  @Test
  void oneIsAddedByHandAndDismissed() {
    String path = "/v2/pipelines/declared/dead_letters";
    Reply added = api.post(path, "{\"source_record_id\":\"r\",\"error_message\":\"seen\"}");
    assertThat(added.status()).isEqualTo(201);
    assertThat(added.json().at("/origin").asText()).isEqualTo("manual");
    assertThat(added.json().at("/attempt_count").asInt()).isZero();
    assertThat(added.json().at("/error_message").asText()).isEqualTo("seen");
    assertThat(api.post(path, "{\"source_record_id\":\"r\"}").status()).isEqualTo(201);
    String id = added.json().at("/id").asText();
    assertThat(api.get(path + "?origin=manual").json().at("/dead_letters/0/id").asText())
        .isEqualTo(id);
    Reply deleted = api.delete(path + "/" + id);
    assertThat(deleted.status()).isEqualTo(204);
    assertThat(deleted.text()).isEmpty();
    assertThat(api.get(path + "/" + id).status()).isEqualTo(404);
  }

  @Test
  void whatIsBeingRetriedIsLeftAlone() {
    LetterId id = api.ledger.fail("a", "1", T, "c", "{}");
    api.post("/api/dlq/" + id + "/reprocess", "{}");
    assertThat(api.post(LETTERS, "{\"source_record_id\":\"1\"}").status()).isEqualTo(409);
    assertThat(api.delete(LETTERS + "/" + id).status()).isEqualTo(409);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}"})
  void processTakesAllThatWait(String body) {
    api.ledger.fail("a", "1", T, "c", "{}");
    Reply reply =
        body.isEmpty()
            ? api.call("POST", LETTERS + "/process", Api.OPERATOR, null)
            : api.post(LETTERS + "/process", body);
    assertThat(reply.status()).isEqualTo(201);
    JsonNode run = reply.json();
    assertThat(run.at("/status").asText()).isEqualTo("running");
    assertThat(run.at("/trigger_type").asText()).isEqualTo("retry");
    assertThat(run.at("/pipeline_key").asText()).isEqualTo("a");
    assertThat(run.at("/agent_key").asText()).isEqualTo("retry of a");
    RunCommand command = (RunCommand) api.ledger.commands.get(0);
    assertThat(command.takesSlot()).isTrue();
    assertThat(command.target()).isInstanceOf(RunTarget.Matching.class);
    assertThat(command.target().filter().values(Attribute.STATUS))
        .containsExactlyInAnyOrder("pending", "parked");

    Reply second = api.post(LETTERS + "/process", "{}");
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.json().at("/messages")).hasSize(1);
    String path = A + "/runs/" + run.at("/id").asText();
    assertThat(api.get(path).json()).isEqualTo(run);
    assertThat(api.get(A + "/runs?status=running").json().at("/runs/0")).isEqualTo(run);
    assertThat(api.get(A + "/runs?status=completed").json().at("/runs")).isEmpty();
    assertThat(api.get(A + "/runs?after=2030-01-01T00:00:00Z").json().at("/runs")).isEmpty();
    assertThat(api.get("/v2/pipelines/declared/runs/" + run.at("/id").asText()).status())
        .isEqualTo(404);
    assertThat(api.call("POST", path + "/cancel", Api.OPERATOR, null).status()).isEqualTo(204);
    assertThat(api.get(path).json().at("/status").asText()).isEqualTo("cancelled");
    assertThat(api.post(LETTERS + "/process", "{}").status()).isEqualTo(201);
  }

  @Test
  void processTakesWhatIsNamed() {
    api.ledger.fail("a", "1", T, "c", "{}");
    String body = "{\"source_record_ids\":[\"1\",\"2\"],\"last_run_id\":\"run_x\"}";
    assertThat(api.post(LETTERS + "/process", body).status()).isEqualTo(201);
    RunCommand command = (RunCommand) api.ledger.commands.get(0);
    assertThat(command.takesSlot()).isTrue();
    assertThat(((RunTarget.Picked) command.target()).letters())
        .containsExactlyInAnyOrder(LetterId.of("a", "1"), LetterId.of("a", "2"));
    assertThat(command.target().filter().values(Attribute.LAST_RUN)).isEqualTo(Set.of("run_x"));
    for (String bad : List.of("[]", "[1]", "\"1\"", "[\"\"]")) {
      Reply reply = api.post(LETTERS + "/process", "{\"source_record_ids\":" + bad + "}");
      assertThat(reply.json().at("/field_errors").has("source_record_ids")).isTrue();
    }
  }

  @Test
  void eventsTellWhatBecameOfRecords() {
    List<LetterId> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(api.ledger.fail("a", "r" + i, T, "c", "{}"));
    }
    String run = api.post(LETTERS + "/process", "{}").json().at("/id").asText();
    api.ledger.journal(ids.get(0), new JournalLine(LetterOutcome.SUCCEEDED, 1, T, null, false));
    api.ledger.journal(ids.get(1), new JournalLine(LetterOutcome.FAILED, 1, T, null, false));
    api.ledger.journal(ids.get(2), new JournalLine(LetterOutcome.OUTSTANDING, 1, T, null, false));
    api.call("POST", A + "/runs/" + run + "/cancel", Api.ADMIN, null);
    String path = A + "/runs/" + run + "/events";
    for (String order : List.of("asc", "desc")) {
      for (int limit = 1; limit <= 6; limit++) {
        List<String> types = new ArrayList<>();
        String next = "";
        do {
          String key = next.isEmpty() ? "" : "&page_key=" + next;
          JsonNode page = api.get(path + "?order=" + order + "&limit=" + limit + key).json();
          page.at("/events").forEach(e -> types.add(e.at("/type").asText().substring(0, 5)));
          next = page.at("/metadata/page_key").asText();
        } while (!next.isEmpty());
        List<String> expected =
            new ArrayList<>(List.of("run_s", "recor", "recor", "recor", "run_c"));
        if (order.equals("desc")) {
          java.util.Collections.reverse(expected);
        }
        assertThat(types).as("%s by %d", order, limit).isEqualTo(expected);
      }
    }
    JsonNode one = api.get(path + "?source_record_id=r1").json().at("/events");
    assertThat(one).hasSize(1);
    assertThat(one.at("/0/status").asText()).isEqualTo("failed");
    assertThat(one.at("/0/dead_lettered").asBoolean()).isTrue();
    assertThat(api.get(path + "?source_record_id=none").json().at("/events")).isEmpty();
    assertThat(api.get(path + "?type=run_started&type=run_completed").json().at("/events"))
        .hasSize(2);
  }

  @Test
  void aKeyForOnePipelineLearnsNothingOfOthers() {
    api.ledger.fail("a", "1", T, "c", "{}");
    api.ledger.fail("b", "1", T, "c", "{}");
    assertThat(api.call("GET", LETTERS, Api.ONLY_A, null).status()).isEqualTo(200);
    for (String other : List.of("b", "none")) {
      Reply reply = api.call("GET", "/v2/pipelines/" + other + "/runs", Api.ONLY_A, null);
      assertThat(reply.status()).isEqualTo(403);
    }
  }
}
