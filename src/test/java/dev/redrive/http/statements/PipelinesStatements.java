// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.statements;

import static dev.redrive.http.statements.Statement.live;
import static dev.redrive.http.statements.Statement.once;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.Api;
import dev.redrive.http.Api.Reply;
import dev.redrive.letter.LetterId;
import java.util.List;

/** Statements 30 to 49 and 85 to 87: pipelines. */
final class PipelinesStatements {
  private static final long T = Api.NOW.toEpochMilli();
  private static final String A = "/v2/pipelines/a/";
  private static final String LETTERS = A + "dead_letters";

  private PipelinesStatements() {}

  static List<Statement> all() {
    Statement.Live oneFailureStopsNoRun = once(LivePipelines::oneFailureStopsNoRun);
    Statement.Live bothKinds = once(LivePipelines::bothKinds);
    Statement.Live updatedNotDoubled = once(LivePipelines::updatedNotDoubled);
    Statement.Live byLastRun = once(LivePipelines::byLastRun);
    Statement.Live byOrigin = once(LivePipelines::byOrigin);
    Statement.Live processedIsRemoved = once(LivePipelines::processedIsRemoved);
    Statement.Live whatIsTaken = once(LivePipelines::whatIsTaken);
    Statement.Live dismissed = once(LivePipelines::dismissed);
    return List.of(
        live(30, "a failed record does not stop a run", oneFailureStopsNoRun),
        live(31, "a record is dead-lettered on an exception", bothKinds),
        live(32, "a failed verification is taken too, and each keeps its reason", bothKinds),
        live(
            33,
            "a run is completed when all were attempted, and counts what failed",
            oneFailureStopsNoRun),
        live(
            34,
            "the same record in two pipelines is two entries",
            LivePipelines::perPipelineAndRecord),
        live(35, "a record that fails in several runs updates its entry", updatedNotDoubled),
        live(36, "attempt_count grows with each failed retry", updatedNotDoubled),
        live(37, "status filters", LivePipelines::byStatus),
        live(38, "last_run_id filters by the last run only", byLastRun),
        live(39, "origin tells what was added by hand", byOrigin),
        live(40, "retrying makes a new run, which carries the payload", processedIsRemoved),
        live(41, "a record that succeeded is removed", processedIsRemoved),
        live(42, "an empty call takes every pending entry and no retrying one", whatIsTaken),
        live(43, "only the named records", whatIsTaken),
        live(44, "only those of a run", byLastRun),
        new Statement(
            45, "one run at a time for each pipeline", api -> oneAtATime(api), whatIsTaken),
        live(46, "a record can be added by hand, and is retried", byOrigin),
        live(47, "delete dismisses one entry", dismissed),
        live(48, "delete leaves the source record where it is", dismissed),
        live(49, "a dismissed record that fails again is a new entry", dismissed),
        live(85, "adding what is retried 409, what waits 201", LivePipelines::addedTwice),
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

  private static void oneAtATime(Api api) {
    fail(api, "a", "1", T);
    fail(api, "b", "1", T);
    String id = api.post(LETTERS + "/process", "{}").json().at("/id").asText();
    assertThat(api.post(LETTERS + "/process", "{}").status()).isEqualTo(409);
    assertThat(api.post("/v2/pipelines/b/dead_letters/process", "{}").status()).isEqualTo(201);
    api.call("POST", A + "runs/" + id + "/cancel", Api.ADMIN, null);
    assertThat(api.post(LETTERS + "/process", "{}").status()).isEqualTo(201);
  }
}
