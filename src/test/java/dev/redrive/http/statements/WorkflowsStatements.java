// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.statements;

import static dev.redrive.http.statements.Statement.once;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.command.LetterCommand;
import dev.redrive.http.Api;
import dev.redrive.http.Api.Reply;
import dev.redrive.http.workflows.Deliveries;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Statements 50 to 84: workflows. */
final class WorkflowsStatements {
  private static final long T = Api.NOW.toEpochMilli();
  private static final String LIST = "/v2/workflows/dlq";

  private WorkflowsStatements() {}

  static List<Statement> all() {
    Statement.Live lastAttempt = once(LiveWorkflows::lastAttempt);
    Statement.Live restartedOnceEach = once(LiveWorkflows::restartedOnceEach);
    Statement.Live goneWhileOut = once(LiveWorkflows::goneWhileOut);
    return List.of(
        new Statement(
            50,
            "get with a Bearer token: 200 and a bare object",
            api -> assertThat(get(api, one(api)).has("dlqId")).isTrue()),
        new Statement(
            51,
            "what was removed is 404",
            api -> {
              LetterId id = one(api);
              assertThat(api.delete(LIST + "/" + id).status()).isEqualTo(200);
              assertThat(api.get(LIST + "/" + id).status()).isEqualTo(404);
            }),
        new Statement(
            52,
            "404 says why in error",
            api ->
                assertThat(api.get(LIST + "/" + LetterId.of("a", "b")).text())
                    .isEqualTo("{\"error\":\"DLQ message not found\"}")),
        new Statement(
            53,
            "no id: 400; an unknown id: 404",
            api -> {
              assertThat(api.get(LIST + "/1-0").status()).isEqualTo(400);
              assertThat(api.get(LIST + "/1-0").text()).contains("Invalid DLQ ID");
              assertThat(api.get(LIST + "/" + LetterId.of("a", "b")).status()).isEqualTo(404);
            }),
        new Statement(
            54,
            "401 and what fails say why in error",
            api -> {
              assertThat(api.call("GET", LIST, null, null).json().at("/error").isTextual())
                  .isTrue();
              assertThat(api.call("GET", LIST, "wrong", null).status()).isEqualTo(401);
              api.ledger.down(0, "moving");
              assertThat(api.get(LIST).json().at("/error").isTextual()).isTrue();
              api.ledger.broken = true;
              for (String path : List.of(LIST, LIST + "/" + LetterId.of("a", "b"), "/v2/dlq")) {
                Reply failed = api.get(path);
                assertThat(failed.status()).isEqualTo(500);
                assertThat(failed.json().at("/error").isTextual()).isTrue();
                assertThat(failed.text()).doesNotContain("Exception", "broken");
              }
            }),
        new Statement(
            55,
            "the token may be qstash_token",
            api ->
                assertThat(
                        api.call("GET", LIST + "?qstash_token=" + Api.VIEWER, null, null).status())
                    .isEqualTo(200)),
        new Statement(
            56,
            "messageId is always there",
            api -> {
              one(api);
              api.ledger.fail("p", "k", T, "c", "{}");
              assertThat(api.get(LIST).json().at("/messages")).hasSize(2);
              api.get(LIST)
                  .json()
                  .at("/messages")
                  .forEach(message -> assertThat(message.at("/messageId").asText()).isNotEmpty());
            }),
        new Statement(
            57,
            "headers have lists of values",
            api -> {
              JsonNode message = get(api, one(api));
              assertThat(message.at("/header/Upstash-Retries").isArray()).isTrue();
              assertThat(message.at("/responseHeader/Via")).hasSize(2);
            }),
        new Statement(
            58,
            "body where it is UTF-8, else bodyBase64",
            api -> {
              JsonNode text = get(api, one(api));
              assertThat(text.at("/body").asText()).isEqualTo("x");
              assertThat(text.has("bodyBase64")).isFalse();
              JsonNode bytes = get(api, Deliveries.put(api.ledger, "b", T, Deliveries.LATIN));
              assertThat(bytes.at("/body").asText()).isEmpty();
              assertThat(bytes.at("/bodyBase64").asText()).isEqualTo("6WE=");
              assertThat(bytes.at("/responseBodyBase64").asText()).isEqualTo("6WE=");
            }),
        new Statement(
            59,
            "times are milliseconds",
            api -> {
              JsonNode message = get(api, one(api));
              for (String time : List.of("workflowCreatedAt", "createdAt", "notBefore")) {
                assertThat(message.at("/" + time).isIntegralNumber()).isTrue();
              }
            }),
        new Statement(
            60,
            "the response is the last attempt's",
            api -> assertThat(get(api, one(api)).at("/responseStatus").asInt()).isEqualTo(502),
            lastAttempt),
        new Statement(
            61,
            "failureCallbackInfo where there is a failure callback",
            api -> {
              JsonNode info = get(api, one(api)).at("/failureCallbackInfo");
              assertThat(info.at("/state").asText()).isEqualTo("CALLBACK_FAIL");
              assertThat(info.at("/responseStatus").asInt()).isEqualTo(500);
              assertThat(info.at("/responseBody").asText()).isEqualTo("no");
              assertThat(info.at("/responseHeaders/A/0").asText()).isEqualTo("b");
            },
            lastAttempt),
        new Statement(
            62,
            "header has the configuration headers",
            api ->
                assertThat(get(api, one(api)).at("/header/Upstash-Retries/0").asText())
                    .isEqualTo("3"),
            lastAttempt),
        new Statement(
            63,
            "flow control where it is set",
            api -> {
              JsonNode message = get(api, one(api));
              assertThat(message.at("/flowControlKey").asText()).isEqualTo("fk");
              assertThat(message.at("/period").asInt()).isEqualTo(60);
              JsonNode plain = get(api, api.ledger.fail("p", "k", T, "c", "{}"));
              assertThat(plain.has("flowControlKey")).isFalse();
              assertThat(plain.has("rate")).isFalse();
            }),
        new Statement(
            64,
            "the dlqId of the list works in get",
            api -> {
              one(api);
              String id = api.get(LIST).json().at("/messages/0/dlqId").asText();
              assertThat(api.get(LIST + "/" + id).status()).isEqualTo(200);
            }),
        new Statement(
            65,
            "the list has cursor and messages",
            api -> {
              JsonNode list = api.get(LIST).json();
              assertThat(list.at("/cursor").isTextual()).isTrue();
              assertThat(list.at("/messages").isArray()).isTrue();
            }),
        new Statement(
            66,
            "count is 100 by default and at most",
            api -> {
              many(api, 110);
              assertThat(api.get(LIST).json().at("/messages")).hasSize(100);
              assertThat(api.get(LIST + "?count=101").status()).isEqualTo(400);
              assertThat(api.get(LIST + "?count=0").status()).isEqualTo(400);
            }),
        new Statement(67, "the cursor goes on and is empty at the end", api -> walk(api, LIST)),
        new Statement(
            68,
            "fromDate and toDate are inclusive",
            api -> {
              found(api, "fromDate=" + T + "&toDate=" + T, 2);
              found(api, "fromDate=" + (T + 1), 0);
              found(api, "toDate=" + (T - 1), 0);
            }),
        new Statement(
            69,
            "workflowUrl, workflowRunId, workflowCreatedAt",
            api -> {
              found(api, "workflowUrl=https://a.example/w&workflowUrl=https://b.example/w", 1);
              found(api, "workflowRunId=wfr_d", 1);
              found(api, "workflowCreatedAt=" + (T - 10), 1);
              found(api, "workflowCreatedAt=" + T, 0);
            }),
        new Statement(70, "any label matches any", api -> found(api, "label=none&label=second", 1)),
        new Statement(
            71,
            "repeated is the same as commas",
            api -> {
              found(api, "label=second&label=eu", 2);
              found(api, "label=second,eu", 2);
              found(api, "workflowUrl=https://a.example/w,kafka://orders", 2);
            }),
        new Statement(
            72,
            "filters are joined",
            api -> {
              found(api, "label=second&callerIp=9.9.9.9", 0);
              found(api, "label=second&callerIp=1.2.3.4", 1);
            }),
        new Statement(
            73,
            "failureFunctionState",
            api -> {
              found(api, "failureFunctionState=CALLBACK_SUCCESS,CALLBACK_FAIL", 1);
              assertThat(api.get(LIST + "?failureFunctionState=x").status()).isEqualTo(400);
            }),
        new Statement(
            74,
            "callerIp and flowControlKey take several",
            api -> {
              found(api, "callerIp=1.2.3.4&callerIp=9.9.9.9", 1);
              found(api, "flowControlKey=none,fk", 1);
            }),
        new Statement(
            75,
            "label is the first of labels",
            api -> {
              JsonNode message = get(api, one(api));
              assertThat(message.at("/label").asText()).isEqualTo("first");
              assertThat(message.at("/labels/0").asText()).isEqualTo("first");
              assertThat(message.at("/labels")).hasSize(2);
            }),
        new Statement(
            76,
            "/v2/dlq?source=workflow is the same list",
            api -> {
              found(api, "", 2);
              assertThat(api.get("/v2/dlq?source=workflow").json()).isEqualTo(api.get(LIST).json());
            }),
        new Statement(
            77,
            "dlqIds: other filters are ignored",
            api -> found(api, "label=none&dlqIds=" + one(api), 1)),
        new Statement(
            78,
            "at most 50 are restarted at once",
            api -> {
              many(api, 60);
              for (String action : List.of("restart", "resume")) {
                Reply reply = api.post(LIST + "/" + action + "?count=100", "");
                int most = action.equals("restart") ? 50 : 10;
                assertThat(reply.json().at("/workflowRuns")).hasSize(most);
                assertThat(reply.json().at("/cursor").asText().isEmpty()).isEqualTo(most == 10);
              }
            },
            restartedOnceEach),
        new Statement(
            79,
            "a loop over pages ends and touches each once",
            api -> {
              many(api, 120);
              String cursor = "";
              do {
                Reply reply = api.post(LIST + "/restart?count=100&cursor=" + cursor, "");
                cursor = reply.json().at("/cursor").asText();
              } while (!cursor.isEmpty());
              assertThat(api.ledger.commands).hasSize(120);
              assertThat(api.get(LIST).json().at("/messages")).isEmpty();
            },
            restartedOnceEach),
        new Statement(
            80,
            "an unknown id: 404 from restart, not counted by delete",
            api -> {
              String ids = "?dlqIds=" + one(api) + "&dlqIds=" + LetterId.of("a", "b");
              assertThat(api.post(LIST + "/restart" + ids, "").status()).isEqualTo(404);
              assertThat(api.delete(LIST + ids).json().at("/deleted").asInt()).isEqualTo(1);
            },
            LiveWorkflows::unknownAmongNamed),
        new Statement(
            81,
            "each restart has a new run",
            api -> {
              many(api, 5);
              JsonNode runs = api.post(LIST + "/restart", "").json().at("/workflowRuns");
              Set<String> ids = new HashSet<>();
              runs.forEach(run -> ids.add(run.at("/workflowRunId").asText()));
              assertThat(ids).hasSize(5);
              assertThat(runs.at("/0/workflowCreatedAt").asLong()).isEqualTo(T);
            },
            restartedOnceEach),
        new Statement(
            82,
            "what was restarted is gone; a second restart is 404",
            api -> {
              LetterId id = one(api);
              assertThat(api.post(LIST + "/restart/" + id, "").status()).isEqualTo(200);
              assertThat(api.get(LIST).json().at("/messages")).isEmpty();
              assertThat(api.post(LIST + "/restart?dlqIds=" + id, "").status()).isEqualTo(404);
              assertThat(api.delete("/v2/dlq/" + id).status()).isEqualTo(404);
            },
            goneWhileOut),
        new Statement(
            83,
            "Upstash-Retries: 0 is an override",
            api -> {
              String path = LIST + "/restart/" + one(api);
              Reply reply = api.call("POST", path, Api.ADMIN, null, "Upstash-Retries", "0");
              assertThat(reply.status()).isEqualTo(200);
              assertThat(((LetterCommand) api.ledger.commands.get(0)).headers())
                  .containsExactly(Header.utf8("Upstash-Retries", "0"));
            },
            goneWhileOut),
        new Statement(
            84,
            "only a failed callback is run again, only one in progress is cancelled",
            api -> {
              LetterId id = one(api);
              assertThat(state(api, id)).isEqualTo("CALLBACK_FAIL");
              assertThat(api.delete(LIST + "/callback/" + id).status()).isEqualTo(400);
              Reply again = api.post(LIST + "/callback/" + id, "");
              assertThat(again.status()).isEqualTo(200);
              assertThat(again.json().at("/workflowRunId").asText()).isEqualTo("wfr_d");
              assertThat(again.json().at("/workflowCreatedAt").asLong()).isEqualTo(T - 10);
              assertThat(state(api, id)).isEqualTo("CALLBACK_INPROGRESS");
              assertThat(api.post(LIST + "/callback/" + id, "").status()).isEqualTo(400);
              assertThat(api.delete(LIST + "/callback/" + id).status()).isEqualTo(302);
              assertThat(state(api, id)).isEqualTo("CALLBACK_CANCELED");
              assertThat(api.post(LIST + "/callback/" + id, "").json().at("/error").isTextual())
                  .isTrue();
              assertThat(api.delete(LIST + "/callback/" + id).status()).isEqualTo(400);
              LetterId plain = api.ledger.fail("p", "k", T, "c", "{}");
              assertThat(api.post(LIST + "/callback/" + plain, "").status()).isEqualTo(400);
            }));
  }

  private static String state(Api api, LetterId id) {
    return get(api, id).at("/failureFunctionState").asText();
  }

  private static LetterId one(Api api) {
    return Deliveries.put(api.ledger, "d", T, RawBytes.utf8("x"));
  }

  private static void many(Api api, int count) {
    for (int i = 0; i < count; i++) {
      api.ledger.fail("p", "k" + i, T - i, "c", "{}");
    }
  }

  private static JsonNode get(Api api, LetterId id) {
    return api.get(LIST + "/" + id).json();
  }

  /** Of a delivery and an ordinary letter. */
  private static void found(Api api, String query, int count) {
    one(api);
    api.ledger.fail("p", "k", T, "c", "{}");
    Reply reply = api.get(LIST + "?" + query);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().at("/messages")).hasSize(count);
  }

  private static void walk(Api api, String path) {
    many(api, 11);
    Set<String> seen = new HashSet<>();
    String cursor = "";
    int pages = 0;
    do {
      JsonNode page = api.get(path + "?count=4&cursor=" + cursor).json();
      page.at("/messages").forEach(message -> seen.add(message.at("/dlqId").asText()));
      cursor = page.at("/cursor").asText();
      pages++;
    } while (!cursor.isEmpty());
    assertThat(seen).hasSize(11);
    assertThat(pages).isEqualTo(3);
  }
}
