// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import static dev.redrive.dialect.DeadLetters.ARRIVED_AT;
import static dev.redrive.dialect.DeadLetters.WRITTEN_AT;
import static dev.redrive.dialect.DeadLetters.envelope;
import static dev.redrive.dialect.DeadLetters.inbound;
import static dev.redrive.dialect.DeadLetters.nothing;
import static dev.redrive.dialect.DeadLetters.plus;
import static dev.redrive.dialect.DeadLetters.read;
import static dev.redrive.dialect.DeadLetters.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.redrive.letter.Failure;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Header;
import dev.redrive.letter.HttpFacts;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.ReplayMark;
import dev.redrive.letter.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  private static final String FULL =
      """
      {
        "pipeline_id": "orders", "record_id": "order-7", "connection_id": "pg-1",
        "pipeline_run_id": "night-7", "failure_kind": "verification",
        "error": {"code": "db_refused", "message": "no", "class": "a.B", "root_cause": "a.C",
                  "stack_trace": "a.B: no\\n\\tat com.acme.Db.put(Db.java:1)"},
        "failed_at": "2026-11-22T00:10:00Z", "first_failed_at": 1795306000000, "retry_count": 5,
        "source": {"topic": "in", "partition": 3, "offset": 17, "timestamp": 1700000000123,
                   "consumer_group": "g"},
        "metadata": {"tenant": "t", "deep": {"a": [1, 2.50]}}, "labels": ["eu", "vip"],
        "key": "AAE=", "value": "aGVsbG8=",
        "headers": [{"name": "h", "value": "/w=="}, {"name": "n", "value": null}, {"name": "m"}],
        "http": {
          "message_id": "msg_1", "workflow_run_id": "wfr_1", "workflow_created_at": 5,
          "workflow_url": "https://a.example/w", "url": "https://a.example/w/1", "method": "POST",
          "header": {"A": ["1", "2"], "B": "3"}, "max_retries": 3, "retry_delay_expression": "1000",
          "not_before": 6, "created_at": 7, "caller_ip": "1.2.3.4",
          "response": {"status": 503, "header": {"C": ["4"]}, "body": "busy"},
          "flow_control_key": "fk", "rate": 1, "parallelism": 2, "period": 3,
          "callback": "https://cb", "callback_header": {"D": ["5"]},
          "failure_callback": "https://fcb", "failure_callback_header": {"E": ["6"]},
          "failure_callback_response": {"status": 500, "body_base64": "/w=="},
          "callback_state": "CALLBACK_FAIL", "topic_name": "t", "endpoint_name": "e",
          "queue_name": "q", "schedule_id": "s"
        }
      }
      """;

  private static final String BATCH =
      """
      {"pipeline_id": "orders", "error": {"code": "batch_failed"}, "labels": ["all"],
       "metadata": {"batch_id": "b-1", "host": "h"},
       "records": [
         {"record_id": "1", "value": "YQ=="},
         {"record_id": "2", "key": "aw==", "payload": {"n": 1.0}, "error": {"code": "own"},
          "metadata": {"x": 1}, "labels": ["mine"]},
         {"source": {"topic": "in", "partition": 0, "offset": 5}, "value": null},
         {"payload_text": "t"}
       ]}
      """;

  @Test
  void readsEveryField() {
    Failure failure = read(envelope(FULL));

    assertThat(failure.detail().dialect()).isEqualTo("redrive-envelope");
    assertThat(failure.detail().warnings()).isEmpty();
    assertThat(failure.id()).isEqualTo(LetterId.of("orders", "order-7"));
    assertThat(failure.facts().kind()).isEqualTo(FailureKind.VERIFICATION);
    assertThat(failure.facts().connectionId()).isEqualTo("pg-1");
    assertThat(failure.facts().pipelineRunId()).isEqualTo("night-7");
    assertThat(failure.facts().failedAt()).isEqualTo(1_795_306_200_000L);
    assertThat(failure.facts().firstFailedAt()).isEqualTo(1_795_306_000_000L);
    assertThat(failure.facts().retryCount()).isEqualTo(5);
    assertThat(failure.facts().labels()).containsExactly("eu", "vip");
    assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.EXTRACTED);
    assertThat(failure.facts().http())
        .isEqualTo(new HttpFacts("wfr_1", "https://a.example/w", "fk", "1.2.3.4", "CALLBACK_FAIL"));
    assertThat(failure.detail().error())
        .isEqualTo(
            new FailureError(
                "db_refused", "no", "a.B", "a.C", "a.B: no\n\tat com.acme.Db.put(Db.java:1)"));
    assertThat(failure.detail().source())
        .isEqualTo(new Source("in", 3, 17L, 1_700_000_000_123L, "g"));
    assertThat(failure.detail().metadata())
        .isEqualTo("{\"tenant\": \"t\", \"deep\": {\"a\": [1, 2.50]}}");
    assertThat(failure.detail().raw()).isEqualTo(envelope(FULL));
  }

  @Test
  void readsAnHttpDelivery() {
    var http = read(envelope(FULL)).detail().http();

    assertThat(http.messageId()).isEqualTo("msg_1");
    assertThat(http.workflowCreatedAt()).isEqualTo(5);
    assertThat(http.header()).isEqualTo(Map.of("A", List.of("1", "2"), "B", List.of("3")));
    assertThat(http.response().status()).isEqualTo(503);
    assertThat(http.response().body()).isEqualTo(RawBytes.utf8("busy"));
    assertThat(http.rate()).isEqualTo(1);
    assertThat(http.parallelism()).isEqualTo(2);
    assertThat(http.period()).isEqualTo(3);
    assertThat(http.notBefore()).isEqualTo(6);
    assertThat(http.createdAt()).isEqualTo(7);
    assertThat(http.maxRetries()).isEqualTo(3);
    assertThat(http.retryDelayExpression()).isEqualTo("1000");
    assertThat(http.callback()).isEqualTo("https://cb");
    assertThat(http.callbackHeader()).isEqualTo(Map.of("D", List.of("5")));
    assertThat(http.failureCallbackHeader()).isEqualTo(Map.of("E", List.of("6")));
    assertThat(http.failureCallbackResponse().body()).isEqualTo(RawBytes.of(new byte[] {-1}));
    assertThat(List.of(http.topicName(), http.endpointName(), http.queueName(), http.scheduleId()))
        .containsExactly("t", "e", "q", "s");
  }

  @Test
  void replaysTheRecordInside() {
    RawRecord sent = Replays.payload(read(envelope(FULL)).detail()).orElseThrow();
    assertThat(sent)
        .isEqualTo(
            new RawRecord(
                RawBytes.of(new byte[] {0, 1}),
                RawBytes.utf8("hello"),
                List.of(
                    new Header("h", RawBytes.of(new byte[] {-1})), nothing("n"), nothing("m"))));
  }

  @Test
  void keyAndHeadersAreTheRecordsWhereTheEnvelopeHasNone() {
    RawRecord raw = plus(envelope("{\"payload_text\": \"é\"}"), utf8("trace", "t"));
    assertThat(Replays.payload(read(raw).detail()).orElseThrow())
        .isEqualTo(
            new RawRecord(RawBytes.utf8("k1"), RawBytes.utf8("é"), List.of(utf8("trace", "t"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"payload\": {\"a\" : 1.00,  \"b\":[ ]}} | {\"a\" : 1.00,  \"b\":[ ]}",
        "{\"payload\": [1,2 ]} | [1,2 ]",
        "{\"payload\": 12345678901234567890.50} | 12345678901234567890.50",
        "{\"payload\": \"x\\\"y\"} | \"x\\\"y\"",
        "{\"payload\": true, \"value\": null} | true",
        "{\"payload\": null, \"value\": \"YQ==\"} | a",
        "{\"value\": \"\"} | ''",
      })
  void jsonPayloadsAreSentAsTheyStand(String json, String sent) {
    assertThat(Replays.payload(read(envelope(json)).detail()).orElseThrow().value())
        .isEqualTo(RawBytes.utf8(sent));
  }

  @Test
  void aNullValueAloneIsATombstone() {
    Failure failure = read(envelope("{\"value\": null}"));
    assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.EXTRACTED);
    assertThat(Replays.payload(failure.detail()).orElseThrow().value()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"payload\": null}",
        "{\"value\": null, \"payload\": null}",
        "{\"value\": null, \"payload_text\": null}"
      })
  void withoutAPayloadThereIsNothingToSend(String json) {
    Failure failure = read(envelope(json));
    assertThat(failure.detail().dialect()).isEqualTo("redrive-envelope");
    assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.MISSING);
    assertThat(Replays.payload(failure.detail())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"payload\": } | no JSON",
        "not json | no JSON",
        "'' | a JSON object expected",
        "[] | a JSON object expected",
        "{} {} | something follows",
        "{\"value\": \"%%\"} | $.value: no base64",
        "{\"value\": 7} | text expected",
        "{\"key\": {}} | text expected",
        "{\"value\": \"YQ==\", \"payload\": 1} | more than one of",
        "{\"pipeline_id\": []} | $.pipeline_id: a text expected",
        "{\"record_id\": \"\"} | $.record_id: empty",
        "{\"headers\": {}} | $.headers: an array",
        "{\"headers\": [{\"value\": \"\"}]} | $.headers[0]: no name",
        "{\"headers\": [1]} | $.headers[0]: an object",
        "{\"records\": {}} | $.records: an array expected",
        "{\"records\": []} | $.records: no records",
        "{\"records\": [1]} | $.records[0]: an object expected",
        "{\"records\": [{}, {\"value\": \"%\"}]} | $.records[1].value: no base64",
        "{\"records\": [{\"records\": []}]} | $.records[0].records: a batch within a batch",
        "{\"records\": [{}], \"value\": \"\"} | both records and a payload",
      })
  void aBrokenEnvelopeIsKeptRawAndSaysWhatIsWrongAndWhere(String json, String says) {
    RawRecord raw = plus(envelope(json), utf8("redrive-pipeline-id", "orders"));
    Failure failure = read(raw);

    assertThat(failure.detail().dialect()).isEqualTo("unknown");
    assertThat(failure.detail().raw()).isEqualTo(raw);
    assertThat(failure.facts().pipelineId()).isEqualTo("orders");
    assertThat(failure.detail().warnings()).anyMatch(w -> w.contains(says));
  }

  @Test
  void anotherVersionIsBroken() {
    Failure failure = read(DeadLetters.record("k", "{}", utf8("redrive-envelope", "2")));
    assertThat(failure.detail().dialect()).isEqualTo("unknown");
    assertThat(failure.detail().warnings())
        .anyMatch(w -> w.contains("redrive-envelope: 1 expected"));
  }

  @Test
  void otherFieldsThatAreWrongAreLeftOut() {
    Failure failure =
        read(
            envelope(
                """
                {"pipeline_id": "p", "error": "boom", "labels": ["a", 1, [2]], "metadata": 3,
                 "failed_at": "noon", "retry_count": "many", "failure_kind": "odd", "colour": {"a": 1},
                 "source": {"topic": "t", "partition": "x", "odd": 1}, "connection_id": [1],
                 "http": {"rate": "fast", "header": [1], "response": 5, "url": {}}, "value": "YQ=="}
                """));

    assertThat(failure.detail().dialect()).isEqualTo("redrive-envelope");
    assertThat(failure.facts().pipelineId()).isEqualTo("p");
    assertThat(failure.facts().labels()).containsExactly("a", "1");
    assertThat(failure.facts().failedAt()).isEqualTo(WRITTEN_AT);
    assertThat(String.join("\n", failure.detail().warnings()))
        .contains("$.error:", "$.labels:", "$.metadata:", "$.failed_at:", "$.retry_count:")
        .contains("$.failure_kind:", "$.colour: unknown", "$.source.partition:", "$.source.odd:")
        .contains("$.connection_id:", "$.http.rate:", "$.http.header:", "$.http.response:")
        .contains("$.http.url:");
  }

  @Test
  void aBatchIsOneLetterForEachRecord() {
    List<Failure> failures = batch(BATCH);

    assertThat(failures)
        .extracting(f -> f.facts().recordId())
        .containsExactly("1", "2", "in-0-5", "errors-1-42#3");
    assertThat(failures).extracting(f -> f.facts().pipelineId()).containsOnly("orders");
    assertThat(failures).extracting(f -> f.facts().position().part()).containsExactly(0, 1, 2, 3);
    assertThat(failures)
        .extracting(f -> f.facts().errorCode())
        .containsExactly("batch_failed", "own", "batch_failed", "batch_failed");
    assertThat(failures.get(0).facts().labels()).containsExactly("all");
    assertThat(failures.get(1).facts().labels()).containsExactly("mine");
    assertThat(failures.get(0).detail().metadata())
        .isEqualTo("{\"batch_id\":\"b-1\",\"host\":\"h\"}");
    assertThat(failures.get(1).detail().metadata()).isEqualTo("{\"x\":1,\"batch_id\":\"b-1\"}");
    assertThat(failures.get(0).detail().warnings()).isEmpty();
    assertThat(failures.get(3).detail().warnings()).hasSize(1);
  }

  @Test
  void aBatchesLettersKeepTheirOwnBytesOnlyAndReplayFromThem() {
    List<Failure> failures = batch(BATCH);

    assertThat(failures.get(0).detail().raw())
        .isEqualTo(
            new RawRecord(
                null,
                RawBytes.utf8("{\"record_id\": \"1\", \"value\": \"YQ==\"}"),
                List.of(utf8("redrive-envelope", "1"))));
    assertThat(failures)
        .map(f -> Replays.payload(f.detail()).orElseThrow())
        .containsExactly(
            new RawRecord(null, RawBytes.utf8("a"), List.of()),
            new RawRecord(RawBytes.utf8("k"), RawBytes.utf8("{\"n\": 1.0}"), List.of()),
            new RawRecord(null, null, List.of()),
            new RawRecord(null, RawBytes.utf8("t"), List.of()));
  }

  @Test
  void aCutPartIsRestoredFromTheBatch() {
    Failure second = batch(BATCH).get(1);
    assertThat(Replays.restored(second.detail(), envelope(BATCH), 1)).contains(second.detail());
    assertThat(Replays.restored(second.detail(), envelope(BATCH), 9)).isEmpty();
    assertThat(Replays.restored(second.detail(), envelope("{"), 1)).isEmpty();
  }

  @Test
  void aBatchWithoutAnIdIsNamedByItsPlace() {
    Failure failure = batch("{\"records\": [{\"record_id\": 1, \"value\": \"\"}]}").get(0);
    assertThat(failure.detail().metadata()).isEqualTo("{\"batch_id\":\"errors-1-42\"}");
  }

  @Test
  void slicesAreRightAfterAByteOrderMark() {
    byte[] json = ("\uFEFF" + BATCH).getBytes(StandardCharsets.UTF_8);
    RawRecord raw = DeadLetters.record(null, RawBytes.of(json), envelope("").headers());
    List<Failure> failures = Dialects.read(inbound(raw, "errors", 1), DialectRules.NONE);
    assertThat(failures.get(1).detail().raw()).isEqualTo(batch(BATCH).get(1).detail().raw());
  }

  @Test
  void otherEncodingsAreRefusedWhereBytesAreCutOut() {
    byte[] json = BATCH.getBytes(StandardCharsets.UTF_16);
    RawRecord raw = DeadLetters.record(null, RawBytes.of(json), envelope("").headers());
    assertThat(read(raw).detail().warnings()).anyMatch(w -> w.contains("UTF-8 expected"));
  }

  @Test
  void aReplayThatFailedInABatchIsItsLetter() {
    LetterId id = LetterId.of("orders", "9");
    String headers =
        "["
            + header("redrive-letter-id", id.toString())
            + ","
            + header("redrive-pipeline-id", "orders")
            + ","
            + header("redrive-record-id", "9")
            + ","
            + header("redrive-run-id", "run_2")
            + ","
            + header("redrive-attempt", "2")
            + ","
            + header("trace", "t")
            + "]";
    Failure failure =
        batch("{\"records\": [{\"value\": \"\", \"headers\": " + headers + "}]}").get(0);

    assertThat(failure.id()).isEqualTo(id);
    assertThat(failure.facts().replay()).isEqualTo(new ReplayMark("run_2", 2));
    assertThat(failure.detail().warnings()).isEmpty();
    assertThat(Replays.payload(failure.detail()).orElseThrow().headers())
        .containsExactly(utf8("trace", "t"));
  }

  @Test
  void whatABatchTellsOnceDoesNotGrowWithoutBound() {
    String trace = "x".repeat(4_000_000);
    String records = "{},".repeat(2_000) + "{}";
    List<Failure> failures =
        batch("{\"error\": {\"stack_trace\": \"" + trace + "\"}, \"records\": [" + records + "]}");
    long sum = failures.stream().mapToLong(f -> f.detail().error().stackTrace().length()).sum();
    assertThat(failures).hasSize(2_001);
    assertThat(sum).isLessThan(32L * 1024 * 1024);
  }

  @Test
  void moreRecordsThanALimitAreOneRawLetter() {
    List<Failure> failures = batch("{\"records\": [" + "{},".repeat(10_000) + "{}]}");
    assertThat(failures).hasSize(1);
    assertThat(failures.get(0).detail().warnings()).anyMatch(w -> w.contains("more than 10000"));
  }

  @Test
  void deepJsonIsABrokenEnvelope() {
    String deep = "{\"metadata\": " + "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000) + "}";
    assertThat(read(envelope(deep)).detail().dialect()).isEqualTo("unknown");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        FULL,
        BATCH,
        "{}",
        "{\"value\": null}",
        "{\"payload\": {\"a\": 1}, \"value\": null}",
        "{\"payload_text\": \"t\", \"failed_at\": 5}"
      })
  void theSchemaTakesWhatIsReadWithoutAWarning(String json) throws IOException {
    assertThat(errors(json)).isEmpty();
    assertThat(Dialects.read(inbound(envelope(json), "errors", ARRIVED_AT), DialectRules.NONE))
        .allMatch(f -> f.detail().conventions().contains("redrive-envelope"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"colour\": 1}",
        "{\"value\": 7}",
        "{\"value\": \"YQ==\", \"payload\": 1}",
        "{\"records\": []}",
        "{\"records\": [{}], \"value\": \"\"}",
        "{\"headers\": [{\"value\": \"\"}]}",
        "{\"pipeline_id\": []}",
        "{\"failure_kind\": \"odd\"}"
      })
  void theSchemaRefusesWhatIsBrokenOrLeftOut(String json) throws IOException {
    assertThat(errors(json)).isNotEmpty();
  }

  private static List<Error> errors(String json) throws IOException {
    try (InputStream schema =
        Dialects.class.getResourceAsStream("/dev/redrive/schemas/envelope.json")) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(schema)
          .validate(json, InputFormat.JSON);
    }
  }

  private static String header(String name, String value) {
    String base64 = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    return "{\"name\": \"" + name + "\", \"value\": \"" + base64 + "\"}";
  }

  private static List<Failure> batch(String json) {
    return Dialects.read(inbound(envelope(json), "errors", WRITTEN_AT), DialectRules.NONE);
  }
}
