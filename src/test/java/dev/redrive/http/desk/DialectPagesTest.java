// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.redrive.http.Api;
import dev.redrive.http.Api.Reply;
import dev.redrive.letter.LetterId;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each answer is held to the API's description by {@link Api}. */
@Timeout(60)
class DialectPagesTest {
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
  void listsEachDialectWithItsFacts() {
    JsonNode data = api.call("GET", "/api/dialects", Api.VIEWER, null).json().at("/data");

    assertThat(data.findValuesAsText("name")).contains("connect", "watermill", "aws-lambda");
    JsonNode connect = data.get(data.findValuesAsText("name").indexOf("connect"));
    assertThat(connect.at("/set_up").asText())
        .contains("errors.deadletterqueue.context.headers.enable=true");
    assertThat(connect.at("/strips").toString()).isEqualTo("[\"__connect.errors.*\"]");
  }

  @Test
  void explainsARecordByTheSettingsOfItsTopic() {
    Reply reply =
        api.call(
            "POST",
            "/api/dialects/explain",
            Api.VIEWER,
            """
            {"topic": "orders-dlt", "partition": 2, "offset": 5, "timestamp": "2026-03-27T14:59:00Z",
             "key": "k", "value_base64": "AP8=", "headers": [
              {"name": "trace", "value": "t-1"},
              {"name": "reason_poisoned", "value": "db down"},
              {"name": "topic_poisoned", "value": "orders"},
              {"name": "nothing", "value": null}]}
            """,
            "Content-Type",
            "application/json");

    assertThat(reply.status()).isEqualTo(200);
    JsonNode data = reply.json().at("/data");
    assertThat(data.at("/dialect").asText()).isEqualTo("watermill");
    assertThat(data.at("/letter_count").asInt()).isEqualTo(1);
    JsonNode letter = data.at("/letters/0");
    assertThat(letter.at("/id").asText())
        .isEqualTo(LetterId.of("orders", "orders-dlt-2-5").toString());
    assertThat(letter.at("/pipeline_id").asText()).isEqualTo("orders");
    assertThat(letter.at("/error_message").asText()).isEqualTo("db down");
    assertThat(letter.at("/failed_at").asText()).isEqualTo("2026-03-27T14:59:00.000Z");
    assertThat(letter.at("/warnings/0").asText()).contains("another letter");
    JsonNode replay = letter.at("/replay");
    assertThat(replay.at("/origin_topic").asText()).isEqualTo("orders");
    assertThat(replay.at("/strips").toString())
        .isEqualTo("[\"reason_poisoned\",\"topic_poisoned\"]");
    assertThat(replay.at("/sends").toString())
        .isEqualTo(
            "{\"key\":{\"text\":\"k\"},\"value\":{\"base64\":\"AP8=\"},\"headers\":["
                + "{\"name\":\"trace\",\"value\":{\"text\":\"t-1\"}},"
                + "{\"name\":\"nothing\",\"value\":null}]}");
  }

  @Test
  void readsWhatKcatPrints() {
    Reply reply =
        api.post(
            "/api/dialects/explain",
            """
            {"topic":"c-dlq","partition":0,"offset":1,"tstype":"create","ts":1700000000123,"broker":0,
             "headers":["__connect.errors.stage","TASK_PUT","__connect.errors.connector.name","s"],
             "key":null,"payload":"v"}
            """);

    JsonNode letter = reply.json().at("/data/letters/0");
    assertThat(letter.at("/pipeline_id").asText()).isEqualTo("s");
    assertThat(letter.at("/error_code").asText()).isEqualTo("TASK_PUT");
    assertThat(letter.at("/replay/sends/value/text").asText()).isEqualTo("v");
  }

  @Test
  void aBatchShowsEachOfItsLetters() {
    String record = "{\"topic\":\"t\",\"partition\":0,\"offset\":1,\"value\":\"YQ==\"}";
    String value =
        "{\"requestContext\":{},\"KafkaBatchInfo\":{},\"payload\":{\"records\":{\"t-0\":["
            + record
            + ","
            + record
            + "]}}}";
    JsonNode body =
        JsonNodeFactory.instance.objectNode().put("topic", "lambda-dlq").put("value", value);
    Reply reply = api.post("/api/dialects/explain", body.toString());

    assertThat(reply.json().at("/data/dialect").asText()).isEqualTo("aws-lambda");
    assertThat(reply.json().at("/data/letter_count").asInt()).isEqualTo(2);
    assertThat(reply.json().at("/data/letters").size()).isEqualTo(2);
  }

  @Test
  void whatCanNotBeSentSaysWhy() {
    Reply reply =
        api.post(
            "/api/dialects/explain",
            "{\"topic\":\"t\",\"headers\":[\"__streams.errors.exception\",\"X\"]}");

    JsonNode replay = reply.json().at("/data/letters/0/replay");
    assertThat(replay.at("/possible").asBoolean()).isFalse();
    assertThat(replay.at("/refusal").asText()).contains("did not keep the record");
    assertThat(replay.at("/sends").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{} | topic",
        "{\"topic\":\"\"} | topic",
        "{\"topic\":\"t\",\"offset\":-1} | offset",
        "{\"topic\":\"t\",\"partition\":2147483648} | partition",
        "{\"topic\":\"t\",\"timestamp\":\"now\"} | timestamp",
        "{\"topic\":\"t\",\"value\":{\"a\":1}} | value",
        "{\"topic\":\"t\",\"key\":\"a\",\"key_base64\":\"YQ==\"} | key_base64",
        "{\"topic\":\"t\",\"value_base64\":\"%\"} | value_base64",
        "{\"topic\":\"t\",\"headers\":{}} | headers",
        "{\"topic\":\"t\",\"headers\":[1]} | headers[0]",
        "{\"topic\":\"t\",\"headers\":[\"a\"]} | headers",
        "{\"topic\":\"t\",\"headers\":[{\"name\":\"a\",\"v\":1}]} | headers[0].v",
        "{\"topic\":\"t\",\"hedaers\":[]} | hedaers"
      })
  void whatIsNoRecordNamesItsField(String body, String field) {
    Reply reply = api.post("/api/dialects/explain", body);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.field()).isEqualTo(field);
  }

  @Test
  void needsAKey() {
    assertThat(api.call("GET", "/api/dialects", null, null).status()).isEqualTo(401);
  }
}
