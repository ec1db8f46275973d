// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.letter.CallbackReply;
import dev.redrive.letter.LetterId;
import dev.redrive.live.Hooks.Heard;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Failure callbacks of failed deliveries, called at a server that answers as it likes. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CallbackIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String LIST = "/v2/workflows/dlq";

  @TempDir static Path dir;
  private static Hooks hooks;
  private static Rig rig;

  @BeforeAll
  static void start() throws Exception {
    hooks = new Hooks();
    rig = Rig.start(dir, Map.of());
    rig.create(Rig.ERRORS, 1, Map.of());
    rig.startRedrive(
        Map.of(
            "callbacks.allowed-hosts", "127.0.0.1:" + hooks.port() + ",10.255.255.1",
            "callbacks.private-networks", "127.0.0.0/8",
            "callbacks.delays", "200ms,300ms",
            "callbacks.timeout", "5s"));
  }

  @AfterAll
  static void stop() {
    rig.close();
    hooks.close();
  }

  @Test
  void oneThatFailsFirstIsCalledAgainUntilItWorks() throws Exception {
    hooks.on(
        "/flaky",
        call -> call.answer(call.number() < 3 ? 500 : 200, call.number() < 3 ? "no" : "ok"));
    LetterId id = fail("flaky");

    JsonNode info = awaitState(id, "CALLBACK_SUCCESS");

    assertThat(info.at("/responseStatus").asInt()).isEqualTo(200);
    assertThat(info.at("/responseBody").asText()).isEqualTo("ok");
    assertThat(info.at("/responseHeaders").size()).isPositive();
    List<Heard> heard = hooks.heard("/flaky");
    assertThat(heard).hasSize(3);
    assertThat(heard).extracting(Heard::callbackId).containsOnly(heard.get(0).callbackId());
    assertThat(heard.get(0).body().at("/dlqId").asText()).isEqualTo(id.toString());
    assertThat(heard.get(0).body().at("/sourceBody").asText()).isNotEmpty();
    assertThat(listed("CALLBACK_SUCCESS")).contains(id.toString());
    assertThat(listed("CALLBACK_FAIL,CALLBACK_INPROGRESS,CALLBACK_CANCELED"))
        .doesNotContain(id.toString());
  }

  @Test
  void oneThatHangsIsGivenUpAndRunAgainByCommand() throws Exception {
    hooks.on(
        "/hangs",
        call -> {
          if (call.number() <= 3) {
            call.hang();
          } else {
            call.answer(200, "at last");
          }
        });
    LetterId id = fail("hangs");
    assertThat(state(id)).isEqualTo("CALLBACK_INPROGRESS");
    assertThat(rig.web().post(LIST + "/callback/" + id).status()).isEqualTo(400);

    JsonNode info = awaitState(id, "CALLBACK_FAIL");
    assertThat(info.has("responseStatus")).isFalse();
    assertThat(info.at("/responseBody").asText()).contains("no answer came within 5000 ms");
    assertThat(hooks.heard("/hangs")).hasSize(3);

    Web.Reply again = rig.web().post(LIST + "/callback/" + id);
    assertThat(again.status()).as(again.text()).isEqualTo(200);
    assertThat(again.json().at("/workflowRunId").asText()).isEqualTo("wfr_hangs");
    info = awaitState(id, "CALLBACK_SUCCESS");
    assertThat(info.at("/responseBody").asText()).isEqualTo("at last");
    assertThat(hooks.heard("/hangs").get(3).callbackId())
        .isNotEqualTo(hooks.heard("/hangs").get(0).callbackId());
  }

  @Test
  void whatRedirectsToAPrivateAddressIsNotFollowed() throws Exception {
    hooks.on("/away", call -> call.redirect("http://10.255.255.1/latest/meta-data"));
    hooks.on("/out", call -> call.redirect("http://evil.example/"));
    LetterId away = fail("away");
    LetterId out = fail("out");

    assertThat(awaitState(away, "CALLBACK_FAIL").at("/responseBody").asText())
        .contains("10.255.255.1 is not a public address");
    assertThat(awaitState(out, "CALLBACK_FAIL").at("/responseBody").asText())
        .contains("evil.example:80 is not one of callbacks.allowed-hosts");
    assertThat(hooks.heard("/away")).as("not tried again").hasSize(1);
  }

  @Test
  void ofAHugeAnswerTheStartIsKept() throws Exception {
    hooks.on("/huge", Hooks.Call::pour);
    LetterId id = fail("huge");

    String body = awaitState(id, "CALLBACK_SUCCESS").at("/responseBody").asText();

    assertThat(body).hasSize(CallbackReply.MAX_BODY);
  }

  @Test
  void theAnswerOfAnEarlierFailureDoesNotOverwriteThatOfTheNext() throws Exception {
    hooks.on(
        "/slow",
        call -> {
          if (call.number() == 1) {
            call.answerLater(500, "first");
          } else {
            call.answer(200, "second");
          }
        });
    LetterId id = fail("slow");
    hooks.await("/slow", 1);
    fail("slow");
    awaitState(id, "CALLBACK_SUCCESS");

    hooks.answerNow("/slow");
    hooks.awaitAnswered("/slow", 2);
    fail("after-slow");
    hooks.await("/after-slow", 1);
    awaitState(LetterId.of("hooks", "after-slow"), "CALLBACK_SUCCESS");

    JsonNode info = awaitState(id, "CALLBACK_SUCCESS");
    assertThat(info.at("/responseBody").asText()).isEqualTo("second");
    assertThat(hooks.heard("/slow")).hasSize(2);
  }

  @Test
  void aCanceledOneStaysSoWhateverItsLastCallBrings() throws Exception {
    hooks.on("/cancel", call -> call.answerLater(200, "too late"));
    LetterId id = fail("cancel");
    hooks.await("/cancel", 1);

    Web.Reply canceled = rig.web().ask("DELETE", LIST + "/callback/" + id);
    assertThat(canceled.status()).as(canceled.text()).isEqualTo(302);
    assertThat(canceled.text()).isEmpty();
    assertThat(state(id)).as("read after write").isEqualTo("CALLBACK_CANCELED");
    hooks.answerNow("/cancel");
    hooks.awaitAnswered("/cancel", 1);
    fail("after-cancel");
    awaitState(LetterId.of("hooks", "after-cancel"), "CALLBACK_SUCCESS");

    assertThat(state(id)).isEqualTo("CALLBACK_CANCELED");
    assertThat(rig.web().ask("DELETE", LIST + "/callback/" + id).status()).isEqualTo(400);
    assertThat(rig.web().post(LIST + "/callback/" + id).status()).isEqualTo(400);
    assertThat(hooks.heard("/cancel")).hasSize(1);
  }

  private static LetterId fail(String name) throws Exception {
    String json =
        """
        {"pipeline_id":"hooks","record_id":"%1$s","error":{"code":"500","message":"no"},
         "payload":{"order":"%1$s"},
         "http":{"url":"https://a.example/w","workflow_run_id":"wfr_%1$s",
                 "response":{"status":500,"body":"busy"},
                 "failure_callback":"http://127.0.0.1:%2$d/%1$s"}}"""
            .formatted(name, hooks.port());
    ProducerRecord<byte[], byte[]> failed =
        new ProducerRecord<>(Rig.ERRORS, null, name.getBytes(UTF_8), json.getBytes(UTF_8));
    failed.headers().add(new RecordHeader("redrive-envelope", "1".getBytes(UTF_8)));
    rig.send(failed);
    LetterId id = LetterId.of("hooks", name);
    await().atMost(PATIENCE).until(() -> rig.web().get(LIST + "/" + id).status() == 200);
    return id;
  }

  private static List<String> listed(String states) {
    return rig.web()
        .get(LIST + "?failureFunctionState=" + states)
        .json()
        .at("/messages")
        .findValuesAsText("dlqId");
  }

  private static String state(LetterId id) {
    return rig.web().get(LIST + "/" + id).json().at("/failureFunctionState").asText();
  }

  /** The letter's failureCallbackInfo, once it says this. */
  private static JsonNode awaitState(LetterId id, String state) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(state(id)).as("of %s", id).isEqualTo(state));
    JsonNode info = rig.web().get(LIST + "/" + id).json().at("/failureCallbackInfo");
    assertThat(info.at("/state").asText()).isEqualTo(state);
    return info;
  }
}
