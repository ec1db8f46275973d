// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.statements;

import static dev.redrive.http.statements.Running.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.http.Api;
import dev.redrive.http.Api.Reply;
import dev.redrive.letter.LetterId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Statements of the workflows family that only a running Redrive can show. */
final class LiveWorkflows {
  private static final String LIST = "/v2/workflows/dlq";

  private LiveWorkflows() {}

  /** 60 to 62: what the envelope says, updated by the last failed attempt. */
  static void lastAttempt(Running redrive) throws Exception {
    LetterId id = redrive.envelope(delivery("d60", 500, "first"), "flows", "d60");
    redrive.envelope(delivery("d60", 503, "last"), "flows", "d60");
    await().atMost(SOON).until(() -> get(redrive, id).at("/responseStatus").asInt() == 503);
    JsonNode message = get(redrive, id);
    assertThat(message.at("/responseBody").asText()).isEqualTo("last");
    assertThat(message.at("/responseHeader/Content-Type/0").asText()).isEqualTo("text/plain");
    assertThat(message.at("/header/Upstash-Retries/0").asText()).isEqualTo("3");
    assertThat(message.at("/body").asText()).isEqualTo("hello");
    assertThat(message.at("/failureCallbackInfo/state").asText()).isEqualTo("CALLBACK_FAIL");
    assertThat(message.at("/workflowRunId").asText()).isEqualTo("wfr_d60");
    assertThat(redrive.get(LIST + "?workflowRunId=wfr_d60").json().at("/messages")).hasSize(1);
  }

  /** 78, 79 and 81: a loop over restarts ends and sends each entry once. */
  static void restartedOnceEach(Running redrive) throws Exception {
    List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      ProducerRecord<byte[], byte[]> failed =
          new ProducerRecord<>(
              "redrive-errors",
              ("{\"pipeline_id\":\"s79\",\"record_id\":\"r"
                      + i
                      + "\",\"labels\":[\"l79\"],\"payload\":{}}")
                  .getBytes(UTF_8));
      failed.headers().add("redrive-envelope", "1".getBytes(UTF_8));
      all.add(failed);
    }
    redrive.fail(all);
    await().atMost(SOON).until(() -> redrive.count("s79") == 120);

    Set<String> runs = new HashSet<>();
    String cursor = "";
    int pages = 0;
    do {
      Reply reply =
          redrive.call("POST", LIST + "/restart?label=l79&count=100&cursor=" + cursor, Api.ADMIN);
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      JsonNode page = reply.json().at("/workflowRuns");
      assertThat(page.size()).isLessThanOrEqualTo(50);
      page.forEach(run -> runs.add(run.at("/workflowRunId").asText()));
      cursor = reply.json().at("/cursor").asText();
      pages++;
    } while (!cursor.isEmpty() && pages < 50);
    assertThat(cursor).isEmpty();
    assertThat(pages).isGreaterThanOrEqualTo(3);
    assertThat(runs).hasSize(120);
    List<ConsumerRecord<byte[], byte[]>> replays = redrive.replays("s79", 120);
    assertThat(replays).hasSize(120);
    assertThat(replays)
        .extracting(replay -> Running.header(replay, "redrive-letter-id"))
        .doesNotHaveDuplicates();
    assertThat(replays)
        .extracting(replay -> Running.header(replay, "redrive-replay-mode"))
        .containsOnly("restart");
    assertThat(redrive.get(LIST + "?label=l79").json().at("/messages")).isEmpty();
  }

  /** 82 and 83, and D9: hidden while it is out, there again when it failed again. */
  static void goneWhileOut(Running redrive) throws Exception {
    LetterId id = redrive.fail("s82", "1");
    Reply sent = redrive.call("POST", LIST + "/resume/" + id, Api.ADMIN, "Upstash-Retries", "0");
    assertThat(sent.status()).isEqualTo(200);
    assertThat(sent.json().at("/workflowRunId").asText()).startsWith("wfr_");
    assertThat(redrive.get(LIST + "/" + id).status()).isEqualTo(404);
    assertThat(redrive.get(LIST + "?dlqIds=" + id).json().at("/messages")).isEmpty();
    assertThat(redrive.call("POST", LIST + "/restart/" + id, Api.ADMIN).status()).isEqualTo(404);
    assertThat(redrive.delete("/v2/dlq/" + id).status()).isEqualTo(404);

    ConsumerRecord<byte[], byte[]> replay = redrive.replays("s82", 1).get(0);
    assertThat(Running.header(replay, "Upstash-Retries")).isEqualTo("0");
    assertThat(Running.header(replay, "redrive-replay-mode")).isEqualTo("resume");
    redrive.failAgain(replay, "no");
    await().atMost(SOON).until(() -> redrive.get(LIST + "/" + id).status() == 200);
    Reply retried = redrive.call("POST", "/v2/dlq/retry/" + id, Api.ADMIN);
    assertThat(retried.status()).isEqualTo(201);
    assertThat(retried.json().at("/deduplicated").asBoolean()).isFalse();
  }

  /** 80: all or nothing for a restart, what there was for a delete. */
  static void unknownAmongNamed(Running redrive) throws Exception {
    LetterId id = redrive.fail("s80", "1");
    String ids = "?dlqIds=" + id + "&dlqIds=" + LetterId.of("s80", "none");
    assertThat(redrive.call("POST", LIST + "/restart" + ids, Api.ADMIN).status()).isEqualTo(404);
    assertThat(redrive.get(LIST + "/" + id).status()).isEqualTo(200);
    assertThat(redrive.delete(LIST + ids).json().at("/deleted").asInt()).isEqualTo(1);
    assertThat(redrive.get(LIST + "/" + id).status()).isEqualTo(404);
  }

  private static JsonNode get(Running redrive, LetterId id) {
    return redrive.get(LIST + "/" + id).json();
  }

  private static String delivery(String record, int status, String body) {
    return """
        {"pipeline_id":"flows","record_id":"%s","error":{"message":"it answered %d"},
         "payload_text":"hello","http":{"workflow_run_id":"wfr_%s","url":"https://a.example/w",
         "header":{"Upstash-Retries":"3"},"response":{"status":%d,"body":"%s",
         "header":{"Content-Type":["text/plain"]}},"failure_callback":"https://a.example/f",
         "callback_state":"CALLBACK_FAIL"}}"""
        .formatted(record, status, record, status, body);
  }
}
