// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.command.LetterCommand;
import dev.redrive.http.Api;
import dev.redrive.http.Api.Reply;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.Refusal;
import dev.redrive.query.Sent;
import java.io.IOException;
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
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkflowsTest {
  private static final long T = Api.NOW.toEpochMilli();
  private static final String LIST = "/v2/workflows/dlq";

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
  void aDeliveryHasEveryField() {
    LetterId id = Deliveries.put(api.ledger, "d1", T, RawBytes.utf8("grüße"));
    JsonNode message = api.get(LIST + "/" + id).json();
    assertThat(message.at("/messageId").asText()).isEqualTo("msg_d1");
    assertThat(message.at("/workflowRunId").asText()).isEqualTo("wfr_d1");
    assertThat(message.at("/header/Upstash-Retries/0").asText()).isEqualTo("3");
    assertThat(message.at("/body").asText()).isEqualTo("grüße");
    assertThat(message.has("bodyBase64")).isFalse();
    assertThat(message.at("/responseStatus").asInt()).isEqualTo(502);
    assertThat(message.at("/responseHeader/Via")).hasSize(2);
    assertThat(message.at("/responseBody").asText()).isEmpty();
    assertThat(message.at("/responseBodyBase64").asText()).isEqualTo("6WE=");
    assertThat(message.at("/label").asText()).isEqualTo("first");
    assertThat(message.at("/labels")).hasSize(2);
    assertThat(message.at("/failureCallbackInfo/state").asText()).isEqualTo("CALLBACK_FAIL");
    assertThat(message.at("/failureCallbackInfo/responseBody").asText()).isEqualTo("no");
    assertThat(message.at("/callerIP").asText()).isEqualTo("1.2.3.4");
    assertThat(message.at("/workflowCreatedAt").asLong()).isEqualTo(T - 10);
    assertThat(message.at("/queueName").asText()).isEqualTo("queue");
    assertThat(api.get("/v2/dlq/" + id).json()).isEqualTo(message);
  }

  @Test
  void anOrdinaryLetterIsADeliveryToItsTopic() {
    LetterId id = api.ledger.fail("orders", "o-1", T, "c", "{\"n\":1}");
    JsonNode message = api.get(LIST + "/" + id).json();
    assertThat(message.at("/messageId").asText()).isEqualTo("msg_" + id.body());
    assertThat(message.at("/url").asText()).isEqualTo("kafka://orders");
    assertThat(message.at("/workflowUrl").asText()).isEqualTo("kafka://orders");
    assertThat(message.at("/workflowRunId").asText()).isEqualTo("wfr_producer");
    assertThat(message.at("/method").asText()).isEqualTo("POST");
    assertThat(message.at("/header/a/0").asText()).isEqualTo("b");
    assertThat(message.at("/body").asText()).isEqualTo("{\"n\":1}");
    assertThat(message.at("/responseStatus").asInt()).isZero();
    assertThat(message.at("/responseBody").asText()).isEqualTo("it broke");
    assertThat(message.at("/maxRetries").asInt()).isEqualTo(3);
    assertThat(message.at("/notBefore")).isEqualTo(message.at("/createdAt"));
  }

  @Test
  void aLetterThatIsNoRecordedTextHasItsBytes() {
    LetterId id = Deliveries.put(api.ledger, "d1", T, Deliveries.LATIN);
    JsonNode message = api.get(LIST + "/" + id).json();
    assertThat(message.at("/body").asText()).isEmpty();
    assertThat(message.at("/bodyBase64").asText()).isEqualTo("6WE=");
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "'' | dko",
        "label=first | d",
        "label=eu | ko",
        "label=first,eu | dko",
        "label=first&label=eu | dko",
        "label= | dko",
        "workflowUrl=https://a.example/w | d",
        "workflowUrl=kafka://orders | ko",
        "workflowUrl=https://a.example/w&workflowUrl=kafka://orders | dko",
        "workflowUrl=https://a.example/w,kafka://orders | dko",
        "workflowUrl=kafka://other | ''",
        "url=https://a.example/w/step?x%3D1,2 | d",
        "url=kafka://orders&workflowUrl=https://a.example/w | ''",
        "workflowRunId=wfr_d | d",
        "workflowRunId=wfr_producer | ko",
        "workflowRunId=wfr_none | ''",
        "workflowCreatedAt=990 | d",
        "failureFunctionState=CALLBACK_FAIL | d",
        "failureCallbackState=CALLBACK_SUCCESS,CALLBACK_FAIL | d",
        "failureFunctionState=CALLBACK_SUCCESS | ''",
        "callerIp=9.9.9.9,1.2.3.4 | d",
        "callerIP=1.2.3.4 | d",
        "flowControlKey=fk&label=second | d",
        "flowControlKey=fk&label=eu | ''",
        "responseStatus=502 | d",
        "responseStatus=0 | ko",
        "responseStatus=0,502 | dko",
        "messageId=msg_d | d",
        "messageId=msg_{k} | k",
        "messageId=msg_{k}&label=first | ''",
        "topicName=topic | d",
        "queueName=queue&scheduleId=schedule | d",
        "fromDate=1000&toDate=2000 | dk",
        "fromDate=1001 | ko",
        "toDate=2999 | dk",
        "source=workflow&order=latestFirst | okd",
        "dlqIds={k}&label=none | k",
        "dlqIds={k},{d} | kd"
      },
      delimiter = '|')
  void everyFilterFindsWhatItShows(String query, String found) {
    LetterId d = Deliveries.put(api.ledger, "d", 1_000, RawBytes.utf8("x"));
    LetterId k = api.ledger.fail("p", "k", 2_000, "c", "{}");
    LetterId o = api.ledger.fail("p", "o", 3_000, "c", "{}");
    String asked = query.replace("dlqIds={k},{d}", "dlqIds=" + k + "," + d);
    asked = asked.replace("dlqIds={k}", "dlqIds=" + k).replace("{k}", k.body());
    for (String path : List.of(LIST, "/v2/dlq")) {
      Reply reply = api.get(path + "?" + asked);
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      StringBuilder names = new StringBuilder();
      for (JsonNode message : reply.json().at("/messages")) {
        String id = message.at("/dlqId").asText();
        names.append(id.equals(d.toString()) ? "d" : id.equals(k.toString()) ? "k" : "o");
      }
      assertThat(names.toString()).isEqualTo(found);
      assertThat(reply.json().at("/cursor").asText()).isEmpty();
    }
    assertThat(o).isNotNull();
  }

  @Test
  void aRunOfALetterThatWasNeverRunIsItsOwn() {
    LetterId id = Deliveries.put(api.ledger, "d", 1_000, RawBytes.utf8("x"));
    api.ledger.remove(id);
    assertThat(api.get(LIST + "?workflowRunId=wfr_" + id.body()).json().at("/messages")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "count=0",
        "count=101",
        "count=x",
        "fromDate=2020-01-01",
        "fromDate=2&toDate=1",
        "lable=x",
        "failureFunctionState=FAILED",
        "workflowCreatedAt=1,2",
        "workflowRunId=a&workflowRunId=b",
        "responseStatus=5xx",
        "cursor=nonsense",
        "order=oldest",
        "dlqIds=x",
        "dlqIds="
      })
  void aBadParameterIsRefused(String query) {
    Reply reply = api.get(LIST + "?" + query);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().at("/error").asText()).isNotEmpty();
  }

  @Test
  void idsThatAreNoneAreToldFromUnknownOnes() {
    LetterId unknown = LetterId.of("a", "b");
    assertThat(api.get(LIST + "/1752829295505-0").text())
        .isEqualTo("{\"error\":\"Invalid DLQ ID\"}");
    assertThat(api.get(LIST + "/1752829295505-0").status()).isEqualTo(400);
    Reply reply = api.get(LIST + "/" + unknown);
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.text()).isEqualTo("{\"error\":\"DLQ message not found\"}");
    assertThat(api.delete(LIST + "/" + unknown).status()).isEqualTo(404);
    assertThat(api.delete("/v2/dlq/x").status()).isEqualTo(400);
  }

  @Test
  void everyErrorHasTheFamilysForm() throws IOException {
    for (String path : List.of(LIST, "/v2/dlq", LIST + "/nothing/here", "/v2/workflows")) {
      assertThat(api.call("GET", path, null, null).json().at("/error").isTextual()).isTrue();
      assertThat(api.call("GET", path, null, null).status()).isEqualTo(401);
    }
    assertThat(api.get("/v2/workflows").status()).isEqualTo(404);
    Reply reply = api.call("PUT", LIST, Api.ADMIN, null);
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow").split(", "))
        .containsExactlyInAnyOrder("GET", "HEAD", "DELETE");
    reply = api.get(LIST + "/restart");
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).isEqualTo("POST");
    assertThat(api.call("DELETE", LIST, Api.VIEWER, null).status()).isEqualTo(403);
    assertThat(api.call("DELETE", LIST, Api.ADMIN, "x".repeat(2_000)).status()).isEqualTo(413);
    assertThat(api.call("DELETE", LIST, Api.ADMIN, "x", "Content-Type", "text/x").status())
        .isEqualTo(415);
    String tooLong = "X-Long: " + "x".repeat(20_000);
    assertThat(api.raw("GET /v2/dlq HTTP/1.1", "Host: localhost", tooLong))
        .contains("{\"error\":\"the request is malformed\"}");
    api.ledger.down(1, "moving");
    reply = api.get(LIST);
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isEqualTo("1");
  }

  @Test
  void theTokenMayComeInTheQuery() {
    assertThat(api.call("GET", LIST + "?qstash_token=" + Api.VIEWER, null, null).status())
        .isEqualTo(200);
  }

  @Test
  void pagesAreDisjointAndWhole() {
    Set<String> all = new HashSet<>();
    for (int i = 0; i < 12; i++) {
      all.add(api.ledger.fail("p", "k" + i, T - i, "c", "{}").toString());
      all.add(Deliveries.put(api.ledger, "d" + i, T - i, RawBytes.utf8("x")).toString());
    }
    List<String> seen = new ArrayList<>();
    String query = "?count=5&workflowUrl=https://a.example/w&workflowUrl=kafka://orders";
    String cursor = "";
    do {
      Reply reply = api.get(LIST + query + "&cursor=" + cursor);
      reply.json().at("/messages").forEach(message -> seen.add(message.at("/dlqId").asText()));
      cursor = reply.json().at("/cursor").asText();
    } while (!cursor.isEmpty());
    assertThat(seen).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void oneIsRestartedWithItsModeAndOverrides() {
    LetterId id = Deliveries.put(api.ledger, "d", T, RawBytes.utf8("x"));
    Reply reply =
        api.call(
            "POST",
            LIST + "/restart/" + id,
            Api.OPERATOR,
            null,
            "Upstash-Retries",
            "0",
            "Upstash-Flow-Control-Value",
            "rate=10, period=30s");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().at("/workflowRunId").asText()).startsWith("wfr_");
    assertThat(reply.json().at("/workflowCreatedAt").asLong()).isEqualTo(T);
    LetterCommand command = (LetterCommand) api.ledger.commands.get(0);
    assertThat(command.meta().mode()).isEqualTo("restart");
    assertThat(command.headers())
        .containsExactlyInAnyOrder(
            Header.utf8("Upstash-Retries", "0"),
            Header.utf8("Upstash-Flow-Control-Value", "rate=10, period=30s"));
    assertThat(api.get(LIST).json().at("/messages")).isEmpty();
    assertThat(api.get(LIST + "/" + id).status()).isEqualTo(404);
    assertThat(api.post(LIST + "/restart/" + id, "").status()).isEqualTo(404);
    assertThat(api.delete(LIST + "/" + id).status()).isEqualTo(404);
    assertThat(
            api.call("POST", LIST + "/restart/" + id, Api.ADMIN, null, "Upstash-Retries", "-1")
                .status())
        .isIn(400, 404);
  }

  @Test
  void resumeAndRetryAnswerInTheirForm() {
    LetterId resumed = Deliveries.put(api.ledger, "d", T, RawBytes.utf8("x"));
    assertThat(api.post(LIST + "/resume/" + resumed, "").status()).isEqualTo(200);
    assertThat(((LetterCommand) api.ledger.commands.get(0)).meta().mode()).isEqualTo("resume");
    LetterId retried = api.ledger.fail("p", "k", T, "c", "{}");
    Reply reply = api.post("/v2/dlq/retry/" + retried, "");
    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.json().at("/deduplicated").asBoolean()).isFalse();
    LetterId many = api.ledger.fail("p", "k2", T, "c", "{}");
    reply = api.post("/v2/dlq/retry?dlqIds=" + many, "");
    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.json().at("/responses/0/messageId").asText()).startsWith("msg_");
    reply = api.post("/v2/dlq/retry?dlqIds=" + many, "");
    assertThat(reply.status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"restart", "resume", "delete"})
  void aLoopOverPagesTouchesEachOnce(String action) {
    for (int i = 0; i < 130; i++) {
      api.ledger.fail("p", "k" + i, T - i / 7, "c", "{}");
    }
    int touched = 0;
    String cursor = "";
    do {
      Reply reply =
          action.equals("delete")
              ? api.delete(LIST + "?count=1000&label=eu&cursor=" + cursor)
              : api.post(LIST + "/" + action + "?count=1000&label=eu&cursor=" + cursor, "");
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      int now =
          action.equals("delete")
              ? reply.json().at("/deleted").asInt()
              : reply.json().at("/workflowRuns").size();
      assertThat(now).isLessThanOrEqualTo(action.equals("delete") ? 100 : 50);
      touched += now;
      cursor = reply.json().at("/cursor").asText();
    } while (!cursor.isEmpty());
    assertThat(touched).isEqualTo(130);
    assertThat(api.ledger.commands).hasSize(130);
  }

  @Test
  void allOfTheNamedOrNone() {
    LetterId id = Deliveries.put(api.ledger, "d", T, RawBytes.utf8("x"));
    LetterId unknown = LetterId.of("a", "b");
    Reply reply = api.post(LIST + "/restart?dlqIds=" + id + "&dlqIds=" + unknown, "");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.text()).isEqualTo("{\"error\":\"Some DLQ messages were not found\"}");
    assertThat(api.ledger.commands).isEmpty();
    reply = api.delete(LIST + "?dlqIds=" + id + "," + unknown);
    assertThat(reply.text()).isEqualTo("{\"deleted\":1}");
    LetterId other = Deliveries.put(api.ledger, "e", T, RawBytes.utf8("x"));
    String body = "{\"dlqIds\":[\"" + other + "\"]}";
    reply = api.call("DELETE", "/v2/dlq", Api.ADMIN, body, "Content-Type", "application/json");
    assertThat(reply.text()).isEqualTo("{\"deleted\":1}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"label=", "dlqIds=", "lable=x", "workflowUrl=https://a.example/w&label="})
  void aFilterThatLostItsValueChangesNothing(String query) {
    api.ledger.fail("p", "k", T, "c", "{}");
    assertThat(api.delete(LIST + "?" + query).status()).isEqualTo(400);
    assertThat(api.post(LIST + "/restart?" + query, "").status()).isEqualTo(400);
    assertThat(api.ledger.commands).isEmpty();
  }

  @Test
  void whatCouldNotBeSentIsSaid() {
    LetterId id = api.ledger.fail("p", "k", T, "c", "{}");
    api.ledger.answer(new Sent.Unsent("c", "no broker"));
    Reply reply = api.post(LIST + "/restart?dlqIds=" + id, "");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.json().at("/error").asText()).contains("no broker");
    Refusal refusal = new Refusal(Refusal.Code.TARGET_MISSING, "no topic");
    api.ledger.answer(
        new Sent.Done(new dev.redrive.command.Answer("c", "r", refusal, false, null, null, null)));
    reply = api.post(LIST + "/restart/" + id, "");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).isEqualTo("{\"error\":\"no topic\"}");
    reply = api.post(LIST + "/restart?label=eu", "");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().at("/workflowRuns")).isEmpty();
    assertThat(reply.json().at("/errors/0/error").asText()).isEqualTo("no topic");
    assertThat(reply.json().at("/cursor").asText()).isEmpty();
  }

  @Test
  void aKeyForOnePipelineActsOnItsOwnOnly() {
    api.ledger.fail("b", "1", T, "c", "{}");
    LetterId own = api.ledger.fail("a", "1", T, "c", "{}");
    Reply list = api.call("GET", LIST, Api.ONLY_A, null);
    assertThat(list.json().at("/messages")).hasSize(1);
    Reply deleted = api.call("DELETE", LIST, Api.ONLY_A, null);
    assertThat(deleted.json().at("/deleted").asInt()).isEqualTo(1);
    assertThat(api.ledger.letter(own)).isEmpty();
    LetterId hidden = LetterId.of("b", "1");
    assertThat(api.call("POST", LIST + "/restart/" + hidden, Api.ONLY_A, null).status())
        .isEqualTo(404);
    assertThat(api.call("DELETE", LIST + "?dlqIds=" + hidden, Api.ONLY_A, null).text())
        .isEqualTo("{\"deleted\":0}");
  }
}
