// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.workflows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.command.LetterCommand;
import dev.redrive.http.Api;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * The vendor's own clients, unmodified, against a started server. {@code .ci/run} installs them in
 * {@code target/npm}; where they are not, nothing is tried.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NpmClientsTest {
  private static final long T = Api.NOW.toEpochMilli();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path INSTALLED =
      Path.of(System.getProperty("redrive.npm", "target/npm")).toAbsolutePath();

  private Path script;
  private Api api;

  @BeforeAll
  void start() throws IOException {
    assumeTrue(
        Files.isDirectory(INSTALLED.resolve("node_modules/@upstash/workflow")),
        "SKIPPED: the npm clients are not installed in "
            + INSTALLED
            + "; .ci/run does it where node is");
    script = INSTALLED.resolve("clients.js");
    Files.copy(
        Path.of("src/test/resources/npm/clients.js"), script, StandardCopyOption.REPLACE_EXISTING);
    api = Api.start();
  }

  @AfterAll
  void stop() {
    if (api != null) {
      api.close();
    }
  }

  private final List<String> calls = new ArrayList<>();

  private void call(String client, String method, String args) {
    calls.add(
        "{\"client\":\"" + client + "\",\"method\":\"" + method + "\",\"args\":" + args + "}");
  }

  private List<JsonNode> answers() throws IOException, InterruptedException {
    Path in = Files.createTempFile("calls", ".jsonl");
    Files.write(in, calls, StandardCharsets.UTF_8);
    Process node =
        new ProcessBuilder("node", script.toString(), "http://127.0.0.1:" + api.port(), Api.ADMIN)
            .directory(INSTALLED.toFile())
            .redirectInput(in.toFile())
            .redirectErrorStream(true)
            .start();
    String out = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Files.delete(in);
    List<JsonNode> answers = new ArrayList<>();
    for (String line : out.strip().split("\n", -1)) {
      answers.add(JSON.readTree(line));
    }
    assertThat(answers).as(out).hasSize(calls.size());
    calls.clear();
    return answers;
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
    assertThat(answers.get(7).at("/result/deleted").asInt()).isEqualTo(1);
    assertThat(answers.get(8).at("/result/deleted").asInt()).isZero();
    assertThat(answers.get(9).at("/result").has("deleted")).isTrue();
    assertThat(answers.get(10).at("/result/workflowRuns")).isEmpty();
    assertThat(answers.get(11).at("/result/workflowRuns")).isEmpty();
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
