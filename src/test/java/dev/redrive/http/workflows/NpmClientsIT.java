// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.workflows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.config.KeyHash;
import dev.redrive.http.Api;
import dev.redrive.http.Calls;
import dev.redrive.http.Contract;
import dev.redrive.letter.LetterId;
import dev.redrive.testkit.LiveRedrive;
import dev.redrive.testkit.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every form of every call that the vendor's clients have for dead letters, against a running
 * Redrive: one by one, in bulk, by filters, page by page, and what they throw.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class NpmClientsIT {
  private static final Duration SOON = Duration.ofSeconds(90);

  @TempDir static Path dir;
  private static LiveRedrive live;
  private static Calls calls;
  private static NpmClients clients;

  @BeforeAll
  static void start() throws Exception {
    NpmClients.assumeInstalled();
    live =
        LiveRedrive.start(
            dir,
            Map.of(
                "auth.keys[0].name", "ada",
                "auth.keys[0].sha256", KeyHash.of(Api.ADMIN).hex(),
                "auth.keys[0].role", "admin",
                "http.wait", "40s"));
    calls = new Calls(live.redrive().httpPort(), new Contract());
    clients = NpmClients.of(live.redrive().httpPort());
  }

  @AfterAll
  static void stop() {
    if (live != null) {
      live.close();
    }
  }

  @Test
  void theWorkflowClientListsByEveryFilterAndPageByPage() throws Exception {
    deliveries("list", 7);
    clients.loop("workflow", "list", "[{'count':2,'filter':{'label':'list'}}]");
    clients.call("workflow", "list", "[{'count':100,'filter':{'label':['none','list']}}]");
    clients.call("workflow", "list", filter("'label':'list','workflowRunId':'wfr_list3'"));
    clients.call("workflow", "list", filter("'label':'list','workflowCreatedAt':1700000000003"));
    clients.call(
        "workflow", "list", filter("'label':'list','workflowUrl':'https://a.example/list'"));
    clients.call(
        "workflow",
        "list",
        filter("'label':'list','workflowUrl':['https://b.example','https://c.example']"));
    clients.call("workflow", "list", filter("'label':'list','callerIp':['9.9.9.9','1.2.3.4']"));
    clients.call("workflow", "list", filter("'label':'list','flowControlKey':'fk-list'"));
    clients.call(
        "workflow", "list", filter("'label':'list','failureFunctionState':'CALLBACK_FAIL'"));
    clients.call(
        "workflow", "list", filter("'label':'list','failureFunctionState':'CALLBACK_SUCCESS'"));
    clients.call(
        "workflow", "list", filter("'label':'list','url':'https://a.example/list/step?x=1,2'"));
    clients.call("workflow", "list", filter("'label':'list','responseStatus':500"));
    clients.call("workflow", "list", filter("'label':'list','fromDate':1640995200000"));
    clients.call("workflow", "list", filter("'label':'list','toDate':1640995200000"));
    clients.call("workflow", "list", filter("'label':'','workflowRunId':'wfr_list1'"));
    clients.call("workflow", "list", filter("'label':[]"));
    clients.call("workflow", "list", "[{'count':101}]");
    clients.call("workflow", "list", "[{'cursor':'1752570296426-0'}]");
    List<JsonNode> answers = clients.answers(Api.ADMIN);

    JsonNode pages = answers.get(0).at("/result");
    assertThat(pages).hasSize(4);
    Set<String> seen = new HashSet<>(pages.findValuesAsText("dlqId"));
    assertThat(seen).hasSize(7);
    assertThat(pages.at("/3").has("cursor")).isFalse();
    int[] found = {7, 1, 1, 7, 0, 7, 7, 7, 0, 7, 7, 7, 0, 1};
    for (int i = 0; i < found.length; i++) {
      assertThat(answers.get(1 + i).at("/result/messages"))
          .as("%s", answers.get(1 + i))
          .hasSize(found[i]);
    }
    assertThat(answers.get(15).path("error").asText()).as("%s", answers.get(15)).isNotEmpty();
    assertThat(answers.get(16).at("/status").asInt()).isEqualTo(400);
    assertThat(answers.get(17).at("/status").asInt()).isEqualTo(400);
  }

  @Test
  void theWorkflowClientSendsAgainOneSomeAndAll() throws Exception {
    List<LetterId> some = deliveries("again", 12);
    deliveries("looped", 120);
    for (String method : List.of("restart", "resume")) {
      int at = method.equals("restart") ? 0 : 6;
      clients.call("workflow", method, "['" + some.get(at) + "']");
      clients.call(
          "workflow", method, "[['%s','%s']]".formatted(some.get(at + 1), some.get(at + 2)));
      clients.call("workflow", method, "[{'dlqIds':['" + some.get(at + 3) + "']}]");
      clients.call("workflow", method, "[{'dlqIds':'" + some.get(at + 4) + "'}]");
      clients.call("workflow", method, "[{'dlqId':'" + some.get(at + 5) + "','retries':3}]");
      clients.call(
          "workflow", method, "[{'dlqId':['%s','%s']}]".formatted(some.get(at), some.get(at + 1)));
      clients.call("workflow", method, "[[]]");
      clients.call("workflow", method, "['']");
      clients.call("workflow", method, "[{'dlqIds':[]}]");
      clients.call("workflow", method, "[{}]");
      clients.call("workflow", method, "['no such id']");
    }
    clients.call("workflow", "restart", "[{'filter':{'label':'looped'},'count':7}]");
    clients.loop(
        "workflow", "resume", "[{'filter':{'label':['looped','none'],'fromDate':1640995200000}}]");
    clients.call("workflow", "restart", "[{'filter':{'label':'looped'}}]");
    clients.call(
        "workflow",
        "restart",
        "['"
            + some.get(0)
            + "',{'flowControl':{'key':'k','rate':10,'parallelism':3,'period':'1m'}}]");
    List<JsonNode> answers = clients.answers(Api.ADMIN);

    for (int at : List.of(0, 11)) {
      assertThat(runs(answers.get(at))).as("%s", answers.get(at)).hasSize(1);
      assertThat(runs(answers.get(at + 1))).hasSize(2);
      assertThat(runs(answers.get(at + 2))).hasSize(1);
      assertThat(runs(answers.get(at + 3))).hasSize(1);
      assertThat(answers.get(at + 4).at("/result/workflowRunId").asText()).startsWith("wfr_");
      assertThat(answers.get(at + 5).at("/status").asInt()).isEqualTo(404);
      assertThat(runs(answers.get(at + 6))).isEmpty();
      for (int thrown = 7; thrown < 10; thrown++) {
        assertThat(answers.get(at + thrown).has("error"))
            .as("%s", answers.get(at + thrown))
            .isTrue();
      }
      assertThat(answers.get(at + 10).at("/status").asInt()).isEqualTo(400);
    }
    assertThat(runs(answers.get(22))).hasSize(7);
    assertThat(answers.get(22).at("/result/cursor").asText()).isNotEmpty();
    assertThat(new HashSet<>(answers.get(23).findValuesAsText("workflowRunId"))).hasSize(113);
    assertThat(answers.get(23).at("/result").size()).isGreaterThanOrEqualTo(3);
    assertThat(runs(answers.get(24))).isEmpty();
    assertThat(answers.get(25).at("/status").asInt()).isEqualTo(404);
  }

  @Test
  void theWorkflowClientDeletesOneSomeAndAll() throws Exception {
    List<LetterId> some = deliveries("gone", 5);
    deliveries("swept", 130);
    clients.call("workflow", "delete", "['" + some.get(0) + "']");
    clients.call("workflow", "delete", "['" + some.get(0) + "']");
    clients.call("workflow", "delete", "[['%s','%s']]".formatted(some.get(0), some.get(1)));
    clients.call(
        "workflow", "delete", "[{'dlqIds':['%s','%s']}]".formatted(some.get(2), some.get(3)));
    clients.call("workflow", "delete", "[[]]");
    clients.call("workflow", "delete", "['orders|a/b c&d=é']");
    clients.call("workflow", "delete", "[{'filter':{'label':'gone','fromDate':1}}]");
    clients.loop("workflow", "delete", "[{'filter':{'label':'swept'}}]");
    clients.call("workflow", "list", filter("'label':'swept'"));
    List<JsonNode> answers = clients.answers(Api.ADMIN);

    int[] deleted = {1, 0, 1, 2, 0};
    for (int i = 0; i < deleted.length; i++) {
      assertThat(answers.get(i).at("/result/deleted").asInt(-1))
          .as("%s", answers.get(i))
          .isEqualTo(deleted[i]);
    }
    assertThat(answers.get(5).at("/status").asInt()).isEqualTo(400);
    assertThat(answers.get(5).at("/error").asText()).contains("Invalid DLQ ID");
    assertThat(answers.get(6).at("/result/deleted").asInt()).isEqualTo(1);
    int swept = 0;
    for (JsonNode page : answers.get(7).at("/result")) {
      swept += page.at("/deleted").asInt();
    }
    assertThat(swept).isEqualTo(130);
    assertThat(answers.get(8).at("/result/messages")).isEmpty();
  }

  @Test
  void theQStashClientListsRetriesAndDeletes() throws Exception {
    List<LetterId> some = deliveries("q", 9);
    clients.call("qstash", "listMessages", "[{'count':2,'filter':{'label':'q'}}]");
    clients.call(
        "qstash", "listMessages", "[{'dlqIds':['%s','%s']}]".formatted(some.get(0), some.get(1)));
    clients.call(
        "qstash",
        "listMessages",
        "[{'filter':{'url':'https://a.example/q/step?x=1,2','urlGroup':'group-q','queueName':'queue-q',"
            + "'responseStatus':500,'messageId':'msg_q4','scheduleId':'schedule-q','label':['q','y']}}]");
    clients.call("qstash", "retry", "['" + some.get(0) + "']");
    clients.call("qstash", "retry", "['" + some.get(0) + "']");
    clients.call("qstash", "retry", "[['%s','%s']]".formatted(some.get(1), some.get(2)));
    clients.call(
        "qstash", "retry", "[{'filter':{'queueName':'queue-q','messageId':'msg_q3'},'count':2}]");
    clients.call("qstash", "delete", "['" + some.get(5) + "']");
    clients.call("qstash", "delete", "['" + some.get(5) + "']");
    clients.call("qstash", "delete", "[['%s','%s']]".formatted(some.get(5), some.get(6)));
    clients.call("qstash", "deleteMany", "[{'dlqIds':['" + some.get(7) + "']}]");
    clients.call(
        "qstash",
        "delete",
        "[{'filter':{'url':'https://a.example/q/step?x=1,2','responseStatus':500}}]");
    clients.call("qstash", "listMessages", "[{'filter':{'label':'q'}}]");
    List<JsonNode> answers = clients.answers(Api.ADMIN);

    assertThat(answers.get(0).at("/result/messages")).hasSize(2);
    assertThat(answers.get(0).at("/result/cursor").asText()).isNotEmpty();
    assertThat(answers.get(1).at("/result/messages")).hasSize(2);
    assertThat(answers.get(2).at("/result/messages")).as("%s", answers.get(2)).hasSize(1);
    assertThat(answers.get(3).at("/result/responses")).as("%s", answers.get(3)).hasSize(1);
    assertThat(answers.get(3).findValuesAsText("messageId").get(0)).startsWith("msg_");
    assertThat(answers.get(4).at("/status").asInt()).isEqualTo(404);
    assertThat(answers.get(5).at("/result/responses")).hasSize(2);
    assertThat(answers.get(6).at("/result/responses")).hasSize(1);
    assertThat(answers.get(7).at("/result/deleted").asInt()).isEqualTo(1);
    assertThat(answers.get(8).at("/status").asInt()).isEqualTo(404);
    assertThat(answers.get(9).at("/result/deleted").asInt()).isEqualTo(1);
    assertThat(answers.get(10).at("/result/deleted").asInt()).isEqualTo(1);
    assertThat(answers.get(11).at("/result/deleted").asInt()).isEqualTo(2);
    assertThat(answers.get(12).at("/result/messages")).isEmpty();
  }

  @Test
  void aWrongKeyIsWhatTheClientsThrow() throws Exception {
    clients.call("workflow", "list", "[]");
    clients.call("workflow", "delete", "[{'all':true}]");
    clients.call("qstash", "listMessages", "[]");
    for (JsonNode answer : clients.answers("wrong")) {
      assertThat(answer.at("/status").asInt()).isEqualTo(401);
      assertThat(answer.at("/error").asText()).contains("\"error\"");
    }
  }

  private static String filter(String filter) {
    return "[{'filter':{" + filter + "}}]";
  }

  private static JsonNode runs(JsonNode answer) {
    JsonNode result = answer.path("result");
    return result.isArray() ? result : result.path("workflowRuns");
  }

  /** So many failed deliveries with this label, when the list has them. */
  private static List<LetterId> deliveries(String label, int count) throws Exception {
    List<LetterId> ids = new ArrayList<>();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(LetterId.of("flows", label + i));
      String json =
          """
          {"pipeline_id":"flows","record_id":"LABEL%d","labels":["LABEL","more"],"payload_text":"x",
           "error":{"code":"500","message":"it answered 500"},
           "http":{"message_id":"msg_LABEL%d","workflow_run_id":"wfr_LABEL%d",
           "workflow_created_at":170000000000%d,"workflow_url":"https://a.example/LABEL",
           "url":"https://a.example/LABEL/step?x=1,2","method":"POST","caller_ip":"1.2.3.4",
           "flow_control_key":"fk-LABEL","topic_name":"group-LABEL","queue_name":"queue-LABEL",
           "schedule_id":"schedule-LABEL","response":{"status":500},"failure_callback":"https://a.example/f",
           "callback_state":"CALLBACK_FAIL"}}"""
              .replace("LABEL", label)
              .formatted(i, i, i, i % 10);
      ProducerRecord<byte[], byte[]> failed =
          new ProducerRecord<>("redrive-errors", null, json.getBytes(UTF_8));
      failed.headers().add("redrive-envelope", "1".getBytes(UTF_8));
      records.add(failed);
    }
    new Topics(live.bootstrapServers()).send(records);
    await()
        .atMost(SOON)
        .until(
            () ->
                calls
                        .call("GET", "/api/dlq/stats?label=" + label, Api.ADMIN, null)
                        .json()
                        .at("/data/total_entries")
                        .asInt()
                    == count);
    return ids;
  }
}
