// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.command.Answer;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunControl;
import dev.redrive.command.RunTarget;
import dev.redrive.filter.Attribute;
import dev.redrive.http.Api;
import dev.redrive.http.Api.Reply;
import dev.redrive.letter.LetterId;
import dev.redrive.query.Sent;
import dev.redrive.run.JournalLine;
import dev.redrive.run.LetterOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The runs of the desk, each answer held to the API's description. */
class RunsApiTest {
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
  void runIsStartedByTheFieldsOfACommandAndShown() {
    Reply reply =
        post(
            "/api/runs",
            "{'filter':{'pipeline_id':'a','error_code':'c'},'note':'n',"
                + "'options':{'rate':5,'name':'night','canary':{'size':3}}}");

    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.json().at("/data/status").asText()).isEqualTo("canary");
    assertThat(reply.json().at("/data/matched").asInt()).isEqualTo(6);
    assertThat(reply.json().at("/data/skipped/changed").asInt()).isEqualTo(3);
    assertThat(reply.json().at("/data/requested_by").asText()).isEqualTo("ada");
    String id = reply.json().at("/data/run_id").asText();
    assertThat(get("/api/runs/" + id).json()).isEqualTo(reply.json());
  }

  @Test
  void oneLetterIsRunAsWell() {
    LetterId id = LetterId.of("a", "1");

    assertThat(post("/api/runs", "{'letter_ids':['" + id + "']}").status()).isEqualTo(202);

    assertThat(((RunCommand) api.ledger.commands.get(0)).target())
        .isInstanceOf(RunTarget.Picked.class);
  }

  @Test
  void dryRunAnswersWithThePlan() {
    Reply reply = post("/api/runs", "{'all':true,'options':{'dry_run':true}}");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().at("/data/plan/0/count").asInt()).isEqualTo(3);
    assertThat(reply.json().at("/data/plan/0/target").asText()).isEqualTo("redrive-retry");
  }

  @Test
  void secondRunOfThePipelineIsAConflictThatNamesTheFirst() {
    Reply first = post("/api/runs", "{'filter':{'pipeline_id':'a'}}");
    Reply second = post("/api/runs", "{'filter':{'pipeline_id':'a'}}");

    assertThat(second.status()).isEqualTo(409);
    assertThat(second.code()).isEqualTo("run_in_progress");
    assertThat(second.json().at("/error/details/0/issue").asText())
        .isEqualTo(first.json().at("/data/run_id").asText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | ",
        "{'filter':{}} | filter",
        "{'all':true,'options':{'rate':0}} | options.rate",
        "{'all':true,'options':{'rate':-5}} | options.rate",
        "{'all':true,'options':{'canary':{'size':2,'min_success':3}}} | options.canary.min_success",
        "{'type':'add','all':true} | type",
        "{'type':'discard','all':true,'options':{'rate':1}} | options.rate",
        "{'every':true} | every",
        "{'requested_by':'me','all':true} | requested_by",
      })
  void badRunsAreRefusedWithTheField(String body, String field) {
    Reply reply = post("/api/runs", body);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.field()).isEqualTo(field == null ? "" : field);
    assertThat(api.ledger.commands).isEmpty();
  }

  @Test
  void keptOrderIsRefusedAsNotDone() {
    Reply reply = post("/api/runs", "{'all':true,'options':{'keep_order':true}}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.code()).isEqualTo("unsupported");
  }

  @Test
  void keyForSomePipelinesStartsAndSeesRunsOfThoseOnly() {
    post("/api/runs", "{'filter':{'pipeline_id':'b'}}");
    String other = get("/api/runs").json().at("/data/0/run_id").asText();

    Reply forbidden = call("POST", "/api/runs", "{'filter':{'pipeline_id':'b'}}");
    Reply own = call("POST", "/api/runs", "{'all':true,'options':{'exclusive':false}}");

    assertThat(forbidden.status()).isEqualTo(403);
    assertThat(own.status()).isEqualTo(202);
    RunCommand sent = (RunCommand) api.ledger.commands.get(1);
    assertThat(sent.target().filter().values(Attribute.PIPELINE)).isEqualTo(Set.of("a"));
    assertThat(sent.target().filter().masked()).isTrue();
    assertThat(api.call("GET", "/api/runs", Api.ONLY_A, null).json().at("/data")).hasSize(1);
    assertThat(api.call("GET", "/api/runs/" + other, Api.ONLY_A, null).status()).isEqualTo(404);
    assertThat(call("POST", "/api/runs/" + other + "/cancel", null).status()).isEqualTo(404);
  }

  @Test
  void runIsCancelledAndOnlyAHaltedOneResumed() {
    String id = post("/api/runs", "{'all':true}").json().at("/data/run_id").asText();

    Reply resumed = post("/api/runs/" + id + "/resume", "{}");
    Reply cancelled = post("/api/runs/" + id + "/cancel", "{'note':'wrong one'}");

    assertThat(resumed.status()).isEqualTo(409);
    assertThat(cancelled.status()).isEqualTo(200);
    assertThat(cancelled.json().at("/data/status").asText()).isEqualTo("cancelled");
    assertThat(((RunControl) api.ledger.commands.get(2)).meta().note()).isEqualTo("wrong one");
    assertThat(post("/api/runs/run_none/cancel", "{}").status()).isEqualTo(404);
  }

  @Test
  void pagesOfRunsAreDisjointAndComplete() {
    for (int i = 0; i < 5; i++) {
      post("/api/runs", "{'all':true,'command_id':'c-" + i + "'}");
    }
    List<String> seen = new ArrayList<>();
    String path = "/api/runs?limit=2&status=running";
    Reply page = get(path);
    page.json().at("/data").forEach(run -> seen.add(run.at("/run_id").asText()));
    while (!page.json().at("/meta/page/cursor").isNull()) {
      page = get(path + "&cursor=" + page.json().at("/meta/page/cursor").asText());
      page.json().at("/data").forEach(run -> seen.add(run.at("/run_id").asText()));
    }

    assertThat(seen).containsExactly("run_c-4", "run_c-3", "run_c-2", "run_c-1", "run_c-0");
    assertThat(get("/api/runs?status=halted").json().at("/data")).isEmpty();
    assertThat(get("/api/runs?status=done").status()).isEqualTo(400);
    assertThat(get("/api/runs?cursor=x").status()).isEqualTo(400);
  }

  @Test
  void lettersOfARunAreListedByOutcome() {
    String id = post("/api/runs", "{'all':true}").json().at("/data/run_id").asText();
    for (int i = 0; i < 7; i++) {
      LetterOutcome outcome = i < 5 ? LetterOutcome.SUCCEEDED : LetterOutcome.REFUSED;
      api.ledger.journal(
          LetterId.of("a", "r" + i),
          new JournalLine(outcome, i < 5 ? 1 : 0, i, i < 5 ? null : "x", i == 0));
    }
    Reply first = get("/api/runs/" + id + "/letters?limit=4&outcome=succeeded");
    Reply rest =
        get(
            "/api/runs/"
                + id
                + "/letters?limit=4&outcome=succeeded&cursor="
                + first.json().at("/meta/page/cursor").asText());

    assertThat(first.json().at("/data")).hasSize(4);
    assertThat(rest.json().at("/data")).hasSize(1);
    assertThat(rest.json().at("/meta/page/cursor").isNull()).isTrue();
    assertThat(get("/api/runs/" + id + "/letters?outcome=refused").json().at("/data/0/reason"))
        .hasToString("\"x\"");
    assertThat(get("/api/runs/run_none/letters").status()).isEqualTo(404);
  }

  @Test
  void aCommandIdThatACommandOnOneLetterHadIsTaken() {
    LetterId letter = LetterId.of("a", "1");
    for (String run : new String[] {null, "run_of_a_letter"}) {
      api.ledger.answer(new Sent.Done(new Answer("c", "r", null, true, letter, run, null)));
      Reply reply = api.post("/api/runs", "{\"command_id\":\"c\",\"all\":true}");
      assertThat(reply.status()).isEqualTo(409);
      assertThat(reply.code()).isEqualTo("command_id_taken");
    }
  }

  @Test
  void commandWithoutAnAnswerYetIsPending() {
    api.ledger.answer(new Sent.Pending("c-9"));

    Reply reply = post("/api/runs", "{'all':true}");

    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.json().at("/data/status").asText()).isEqualTo("pending");
  }

  private Reply get(String path) {
    return api.get(path);
  }

  private Reply post(String path, String body) {
    return api.post(path, body.replace('\'', '"'));
  }

  private Reply call(String method, String path, String body) {
    return api.call(
        method,
        path,
        Api.ONLY_A,
        body == null ? null : body.replace('\'', '"'),
        "Content-Type",
        "application/json");
  }
}
