// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.statements;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunOptions;
import dev.redrive.command.RunTarget;
import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.filter.LetterMatcher;
import dev.redrive.http.Api;
import dev.redrive.http.Api.Reply;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.LetterEvent;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Outcome;
import dev.redrive.letter.Step;
import dev.redrive.letter.Transitions;
import dev.redrive.run.Run;
import dev.redrive.run.RunSpec;
import dev.redrive.run.ShareReport;
import dev.redrive.run.Sums;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Statements 30 to 49 and 85 to 87: pipelines. */
final class PipelinesStatements {
  private static final long T = Api.NOW.toEpochMilli();
  private static final String A = "/v2/pipelines/a/";
  private static final String LETTERS = A + "dead_letters";

  private PipelinesStatements() {}

  static List<Statement> all() {
    return List.of(
        new Statement(30, "a failed record does not stop a run", api -> run(api, 1, 2)),
        new Statement(
            31,
            "a record is dead-lettered on an exception",
            api -> {
              LetterId id = fail(api, "a", "1", T);
              assertThat(api.get("/api/dlq/" + id).json().at("/data/kind").asText())
                  .isEqualTo("exception");
            }),
        new Statement(
            32,
            "a failed verification is told from an exception",
            api -> {
              fail(api, "a", "1", T);
              assertThat(api.get("/api/dlq?failure_kind=verification").json().at("/data"))
                  .isEmpty();
              assertThat(api.get("/api/dlq?failure_kind=exception").json().at("/data")).hasSize(1);
            }),
        new Statement(33, "a run is completed when all were attempted", api -> run(api, 2, 0)),
        new Statement(
            34,
            "the same record in two pipelines is two entries",
            api -> assertThat(fail(api, "a", "1", T)).isNotEqualTo(fail(api, "b", "1", T))),
        new Statement(
            35,
            "a record that fails again updates its entry",
            api -> {
              LetterId id = fail(api, "a", "1", T);
              JsonNode before = api.get(LETTERS + "/" + id).json();
              fail(api, "a", "1", T + 1_000);
              JsonNode after = api.get(LETTERS + "/" + id).json();
              assertThat(after.at("/created_at")).isEqualTo(before.at("/created_at"));
              assertThat(after.at("/updated_at")).isNotEqualTo(before.at("/updated_at"));
              assertThat(api.get(LETTERS).json().at("/dead_letters")).hasSize(1);
            }),
        new Statement(
            36,
            "attempt_count grows with each failure",
            api -> {
              LetterId id = fail(api, "a", "1", T);
              fail(api, "a", "1", T + 1_000);
              assertThat(api.get(LETTERS + "/" + id).json().at("/attempt_count").asInt())
                  .isEqualTo(2);
            }),
        new Statement(37, "status filters", api -> filters(api, "status=retrying", 1)),
        new Statement(
            38,
            "last_run_id filters by the last run",
            api -> filters(api, "last_run_id=run_old", 0)),
        new Statement(39, "origin filters", api -> filters(api, "origin=manual", 0)),
        new Statement(
            40,
            "retrying makes a new run",
            api -> {
              fail(api, "a", "1", T);
              Reply reply = api.post(LETTERS + "/process", "{}");
              assertThat(reply.status()).isEqualTo(201);
              assertThat(reply.json().at("/id").asText()).startsWith("run_");
            }),
        new Statement(41, "a record that succeeded is removed", api -> resolved(api)),
        new Statement(
            42,
            "an empty call takes every pending entry and no retrying one",
            api -> {
              LetterId waits = fail(api, "a", "1", T);
              LetterId retried = fail(api, "a", "2", T);
              api.post("/api/dlq/" + retried + "/reprocess", "{}");
              LetterMatcher taken = LetterMatcher.of(processed(api, "{}").target().filter());
              assertThat(taken.fits(head(api, waits))).isTrue();
              assertThat(taken.fits(head(api, retried))).isFalse();
            }),
        new Statement(
            43,
            "only the named records",
            api -> {
              fail(api, "a", "1", T);
              RunCommand run = processed(api, "{\"source_record_ids\":[\"1\"]}");
              assertThat(((RunTarget.Picked) run.target()).letters())
                  .containsExactly(LetterId.of("a", "1"));
            }),
        new Statement(
            44,
            "only those of a run",
            api -> {
              fail(api, "a", "1", T);
              RunCommand run = processed(api, "{\"last_run_id\":\"run_x\"}");
              assertThat(run.target().filter().values(Attribute.LAST_RUN)).containsOnly("run_x");
            }),
        new Statement(45, "one run at a time for each pipeline", api -> oneAtATime(api)),
        new Statement(
            46,
            "a record can be added by hand",
            api -> {
              fail(api, "a", "1", T);
              Reply reply = api.post(LETTERS, "{\"source_record_id\":\"2\"}");
              assertThat(reply.status()).isEqualTo(201);
              assertThat(reply.json().at("/origin").asText()).isEqualTo("manual");
            }),
        new Statement(47, "delete dismisses one entry", api -> dismissed(api)),
        new Statement(
            48,
            "delete sends nothing to the source",
            api -> {
              dismissed(api);
              assertThat(api.ledger.commands).hasSize(1);
              assertThat(api.ledger.commands.get(0).word()).isEqualTo("discard");
            }),
        new Statement(
            49,
            "a dismissed record that fails again is a new entry",
            api -> {
              LetterId id = dismissed(api);
              fail(api, "a", "1", T + 5_000);
              JsonNode entry = api.get(LETTERS + "/" + id).json();
              assertThat(entry.at("/attempt_count").asInt()).isEqualTo(1);
              assertThat(entry.at("/created_at").asText()).isEqualTo("2026-03-27T15:00:05.000Z");
            }),
        new Statement(
            85,
            "adding what is retried 409, what waits 201",
            api -> {
              LetterId id = fail(api, "a", "1", T);
              String body = "{\"source_record_id\":\"1\"}";
              assertThat(api.post(LETTERS, body).status()).isEqualTo(201);
              api.post("/api/dlq/" + id + "/reprocess", "{}");
              assertThat(api.post(LETTERS, body).status()).isEqualTo(409);
            }),
        new Statement(
            86,
            "filter is a bounded regular expression, part of the record id",
            api -> {
              filters(api, "filter=%5B13%5D", 2);
              for (String bad : List.of("(", "(a{1000}){1000}")) {
                Reply reply =
                    api.get(LETTERS + "?filter=" + bad.replace("{", "%7B").replace("}", "%7D"));
                assertThat(reply.status()).isEqualTo(400);
                assertThat(reply.json().at("/field_errors").has("filter")).isTrue();
              }
            }),
        new Statement(
            87,
            "a limit outside 1 to 100 is refused",
            api -> {
              fail(api, "a", "1", T);
              assertThat(api.get(LETTERS + "?limit=0").status()).isEqualTo(400);
              assertThat(api.get(LETTERS + "?limit=101").status()).isEqualTo(400);
              assertThat(api.get(LETTERS + "?limit=100").status()).isEqualTo(200);
            }));
  }

  private static LetterId fail(Api api, String pipeline, String record, long at) {
    return api.ledger.fail(pipeline, record, at, "c", "{}");
  }

  private static void filters(Api api, String query, int found) {
    for (int i = 1; i <= 3; i++) {
      fail(api, "a", "" + i, T);
    }
    api.post("/api/dlq/" + LetterId.of("a", "2") + "/reprocess", "{}");
    assertThat(api.get(LETTERS + "?" + query).json().at("/dead_letters")).hasSize(found);
  }

  private static RunCommand processed(Api api, String body) {
    assertThat(api.post(LETTERS + "/process", body).status()).isEqualTo(201);
    return (RunCommand) api.ledger.commands.get(api.ledger.commands.size() - 1);
  }

  private static LetterHead head(Api api, LetterId id) {
    return api.ledger.letter(id).orElseThrow().head();
  }

  private static LetterId dismissed(Api api) {
    LetterId id = fail(api, "a", "1", T);
    fail(api, "declared", "1", T);
    assertThat(api.delete(LETTERS + "/" + id).status()).isEqualTo(204);
    assertThat(api.ledger.letter(id)).isEmpty();
    fail(api, "a", "other", T);
    assertThat(api.get(LETTERS + "/" + id).status()).isEqualTo(404);
    return id;
  }

  private static void oneAtATime(Api api) {
    fail(api, "a", "1", T);
    fail(api, "b", "1", T);
    String id = api.post(LETTERS + "/process", "{}").json().at("/id").asText();
    assertThat(api.post(LETTERS + "/process", "{}").status()).isEqualTo(409);
    assertThat(api.post("/v2/pipelines/b/dead_letters/process", "{}").status()).isEqualTo(201);
    api.call("POST", A + "runs/" + id + "/cancel", Api.ADMIN, null);
    assertThat(api.post(LETTERS + "/process", "{}").status()).isEqualTo(201);
  }

  /** By the ledger's rule: the outcome of a replay that went well leaves no letter. */
  private static void resolved(Api api) {
    LetterId id = fail(api, "a", "1", T);
    api.post("/api/dlq/" + id + "/reprocess", "{}");
    Outcome outcome = new Outcome(Outcome.Result.SUCCEEDED, null, 1, FailureError.UNKNOWN);
    Step step = Transitions.outcome(head(api, id), outcome, T);
    assertThat(step).isInstanceOf(Step.Remove.class);
    assertThat(((Step.Remove) step).told()).isEqualTo(LetterEvent.SUCCEEDED);
  }

  private static void run(Api api, int succeeded, int failed) {
    LetterFilter filter = LetterFilter.ALL.with(Attribute.PIPELINE, Set.of("declared"));
    RunCommand command =
        new RunCommand(
            RunCommand.Action.REPLAY,
            new dev.redrive.command.Command.Meta("c", "r", null, null, null),
            RunTarget.of(filter),
            RunOptions.NONE);
    int all = succeeded + failed;
    Run run = Run.accepted(new RunSpec("run_x", command, T, null, 1), T);
    Sums sums = new Sums(all, new TreeMap<>(), all, succeeded, failed, 0, 0, 0);
    run =
        run.reported(new ShareReport(0, true, true, sums, 0, new TreeMap<>(), new TreeMap<>()), T);
    api.ledger.put(run);
    JsonNode shown = api.get("/v2/pipelines/declared/runs/run_x").json();
    assertThat(shown.at("/status").asText()).isEqualTo("completed");
    assertThat(shown.at("/records_processed").asInt()).isEqualTo(succeeded);
    assertThat(shown.at("/records_failed").asInt()).isEqualTo(failed);
  }
}
