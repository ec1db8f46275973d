// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.command.LetterCommand;
import dev.redrive.http.Api;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The vendor's own clients against a server whose commands can be looked at. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NpmClientsTest {
  private static final long T = Api.NOW.toEpochMilli();
  private NpmClients clients;
  private Api api;

  @BeforeAll
  void start() throws IOException {
    NpmClients.assumeInstalled();
    api = Api.start();
    clients = NpmClients.of(api.port());
  }

  @AfterAll
  void stop() {
    if (api != null) {
      api.close();
    }
  }

  private void call(String client, String method, String args) {
    clients.call(client, method, args);
  }

  private List<JsonNode> answers() throws Exception {
    return clients.answers(Api.ADMIN);
  }

  private LetterId delivery(String name) {
    return Deliveries.put(api.ledger, name, T, RawBytes.utf8("x"));
  }

  @Test
  void everyCallOfTheWorkflowClient() throws Exception {
    LetterId first = delivery("w1");
    LetterId second = delivery("w2");
    LetterId third = delivery("w3");
    call("workflow", "list", "[]");
    call("workflow", "list", "[{\"count\":1}]");
    call(
        "workflow",
        "list",
        "[{\"count\":5,\"filter\":{\"fromDate\":1640995200000,\"toDate\":"
            + T
            + ",\"callerIp\":[\"1.2.3.4\",\"5.6.7.8\"],\"label\":[\"first\",\"l2\"],"
            + "\"flowControlKey\":\"fk\",\"workflowUrl\":[\"https://a.example/w\"],"
            + "\"workflowRunId\":\"wfr_w1\",\"workflowCreatedAt\":"
            + (T - 10)
            + ",\"failureFunctionState\":\"CALLBACK_FAIL\",\"responseStatus\":502}}]");
    call("workflow", "list", "[{\"filter\":{\"label\":\"\"}}]");
    call(
        "workflow",
        "restart",
        "[\""
            + first
            + "\",{\"flowControl\":{\"key\":\"k\",\"rate\":10,\"period\":30},\"retries\":0}]");
    call("workflow", "restart", "[\"" + first + "\"]");
    call("workflow", "resume", "[{\"dlqId\":\"" + second + "\",\"retries\":3}]");
    call("workflow", "retryFailureFunction", "[{\"dlqId\":\"" + third + "\"}]");
    call("workflow", "retryFailureFunction", "[{\"dlqId\":\"" + third + "\"}]");
    call("workflow", "delete", "[\"" + third + "\"]");
    call("workflow", "delete", "[{\"filter\":{\"label\":\"none\"}}]");
    call("workflow", "delete", "[{\"all\":true}]");
    call("workflow", "restart", "[{\"all\":true}]");
    call("workflow", "resume", "[{\"filter\":{}}]");
    List<JsonNode> answers = answers();

    assertThat(answers.get(0).at("/result/messages").size()).isGreaterThanOrEqualTo(3);
    assertThat(answers.get(0).at("/result").has("cursor")).isFalse();
    assertThat(answers.get(1).at("/result/messages")).hasSize(1);
    assertThat(answers.get(1).at("/result/cursor").asText()).isNotEmpty();
    assertThat(answers.get(2).at("/result/messages")).as("%s", answers.get(2)).hasSize(1);
    assertThat(answers.get(3).at("/result/messages").size()).isGreaterThanOrEqualTo(3);
    assertThat(answers.get(4).at("/result/workflowRuns/0/workflowRunId").asText())
        .startsWith("wfr_");
    LetterCommand restart = (LetterCommand) api.ledger.commands.get(0);
    assertThat(restart.meta().mode()).isEqualTo("restart");
    assertThat(restart.headers().stream().map(header -> lower(header)).toList())
        .contains(
            "upstash-retries=0",
            "upstash-flow-control-key=k",
            "upstash-flow-control-value=rate=10, period=30s");
    assertThat(answers.get(5).at("/status").asInt()).isEqualTo(404);
    assertThat(answers.get(6).at("/result/workflowRunId").asText()).startsWith("wfr_");
    assertThat(answers.get(7).at("/result/workflowRunId").asText()).isEqualTo("wfr_w3");
    assertThat(answers.get(7).at("/result/workflowCreatedAt").asLong()).isEqualTo(T - 10);
    assertThat(answers.get(8).at("/status").asInt()).as("it is in progress").isEqualTo(400);
    assertThat(answers.get(9).at("/result/deleted").asInt()).isEqualTo(1);
    assertThat(answers.get(10).at("/result/deleted").asInt()).isZero();
    assertThat(answers.get(11).at("/result").has("deleted")).isTrue();
    assertThat(answers.get(12).at("/result/workflowRuns")).isEmpty();
    assertThat(answers.get(13).at("/result/workflowRuns")).isEmpty();
  }

  @Test
  void everyCallOfTheQStashClient() throws Exception {
    LetterId first = delivery("q1");
    LetterId second = delivery("q2");
    LetterId third = api.ledger.fail("p", "q3", T, "c", "{}");
    call("qstash", "listMessages", "[]");
    call("qstash", "listMessages", "[{\"dlqIds\":[\"" + first + "\",\"" + third + "\"]}]");
    call(
        "qstash",
        "listMessages",
        "[{\"count\":10,\"filter\":{\"url\":\"https://a.example/w/step?x=1,2\",\"urlGroup\":\"topic\","
            + "\"queueName\":\"queue\",\"responseStatus\":502,\"messageId\":\"msg_q1\","
            + "\"scheduleId\":\"schedule\",\"label\":[\"first\",\"y\"]}}]");
    call("qstash", "retry", "[\"" + first + "\"]");
    call("qstash", "retry", "[{\"filter\":{\"queueName\":\"queue\"},\"count\":3}]");
    call("qstash", "delete", "[\"" + third + "\"]");
    call("qstash", "delete", "[\"" + third + "\"]");
    call("qstash", "deleteMany", "[{\"dlqIds\":[\"" + third + "\"]}]");
    call("qstash", "retry", "[{\"all\":true}]");
    List<JsonNode> answers = answers();

    assertThat(answers.get(0).at("/result/messages").size()).isGreaterThanOrEqualTo(3);
    assertThat(answers.get(1).at("/result/messages")).hasSize(2);
    assertThat(answers.get(2).at("/result/messages")).as("%s", answers.get(2)).hasSize(1);
    assertThat(answers.get(3).at("/result/responses/0/messageId").asText()).startsWith("msg_");
    assertThat(answers.get(4).at("/result/responses")).as("%s", answers.get(4)).isNotEmpty();
    assertThat(api.ledger.letter(second).orElseThrow().head().status().name())
        .isEqualTo("RETRYING");
    assertThat(answers.get(5).at("/result/deleted").asInt()).isEqualTo(1);
    assertThat(answers.get(6).at("/status").asInt()).isEqualTo(404);
    assertThat(answers.get(7).at("/result/deleted").asInt()).isZero();
    assertThat(answers.get(8).at("/result/responses").isArray()).isTrue();
  }

  private static String lower(Header header) {
    return header.name().toLowerCase(java.util.Locale.ROOT) + "=" + header.value().text();
  }
}
