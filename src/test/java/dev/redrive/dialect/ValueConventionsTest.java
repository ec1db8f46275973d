// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import static dev.redrive.dialect.DeadLetters.WRITTEN_AT;
import static dev.redrive.dialect.DeadLetters.hex;
import static dev.redrive.dialect.DeadLetters.record;
import static dev.redrive.dialect.DeadLetters.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.letter.Failure;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conventions whose proof is in the value. */
class ValueConventionsTest {

  @Test
  void aValueIsNotLookedIntoUnlessTheTopicIsSetToIt() {
    OtherDeadLetters.byValue()
        .forEach(
            (name, raw) ->
                assertThat(DeadLetters.read(raw).detail().dialect()).isEqualTo("unknown"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "{}", "[]", "7", "{\"a\":", "{\"message\":{\"type\":9}}", "\u0000"})
  void whatIsNotOfThatShapeIsReadByItsHeaders(String value) {
    for (String dialect : OtherDeadLetters.byValue().keySet()) {
      RawRecord raw = record("k", value, utf8("reason_poisoned", "no"));
      Failure failure = all(raw, dialect).get(0);
      assertThat(failure.detail().dialect()).isEqualTo("watermill");
      assertThat(failure.detail().raw()).isEqualTo(raw);
      assertThat(failure.detail().warnings()).anyMatch(w -> w.contains(dialect + " record"));
    }
  }

  @Test
  void aTombstoneIsKeptAsItIs() {
    RawRecord raw = new RawRecord(RawBytes.utf8("k"), null, List.of());
    for (String dialect : OtherDeadLetters.byValue().keySet()) {
      assertThat(all(raw, dialect).get(0).detail().dialect()).isEqualTo("unknown");
    }
  }

  @Test
  void aNameThatIsNoDialectIsRefused() {
    assertThatThrownBy(() -> DialectRules.of(Map.of(), Map.of("t", "lambada"), false))
        .hasMessageContaining("lambada");
  }

  @Nested
  class Lambda {
    private final List<Failure> failures = all(OtherDeadLetters.lambda(), "aws-lambda");

    @Test
    void makesALetterOfEachRecord() {
      assertThat(failures).hasSize(2);
      Failure first = failures.get(0);
      assertThat(first.facts().pipelineId())
          .isEqualTo("arn:aws:lambda:us-east-1:123456789012:function:my-function:$LATEST");
      assertThat(first.facts().recordId()).isEqualTo("my-topic-0-100");
      assertThat(first.facts().errorCode()).isEqualTo("RetriesExhausted");
      assertThat(first.detail().error().message()).isEqualTo("Unhandled");
      assertThat(first.facts().retryCount()).isEqualTo(3);
      assertThat(first.facts().failedAt())
          .isEqualTo(Instant.parse("2026-11-14T18:16:05.568Z").toEpochMilli());
      assertThat(first.facts().fidelity()).isEqualTo(Fidelity.EXTRACTED);
      assertThat(first.detail().source())
          .isEqualTo(new Source("my-topic", 0, 100L, 1_700_000_000_123L, null));
      assertThat(first.detail().metadata())
          .contains("\"request_id\":\"e4b46cbf-b738-4f3a-8880-a18cdf61200e\"");
      assertThat(first.detail().warnings()).isEmpty();
      assertThat(failures.get(1).facts().recordId()).isEqualTo("my-topic-1-7");
      assertThat(failures.get(1).facts().position().part()).isEqualTo(1);
    }

    @Test
    void eachLetterKeepsItsRecordAlone() {
      String kept = failures.get(0).detail().raw().value().text();
      assertThat(kept).startsWith("{\"topic\"").endsWith("}").contains("\"offset\": 100");
      assertThat(OtherDeadLetters.lambda().value().text()).contains(kept);
    }

    @Test
    void aReplaySendsTheOriginal() {
      RawRecord sent = Replays.payload(failures.get(0).detail()).orElseThrow();
      assertThat(sent)
          .isEqualTo(record("test-key", "test-value", utf8("trace", "t-1"), hex("bin", "00ff80")));
      RawRecord tombstone = Replays.payload(failures.get(1).detail()).orElseThrow();
      assertThat(tombstone).isEqualTo(new RawRecord(null, null, List.of()));
    }

    @Test
    void aReplayThatFailsAgainIsItsLetter() {
      Failure first = failures.get(0);
      RawRecord sent = Replays.record(first.detail(), DeadLetters.replay(first, 1)).orElseThrow();
      StringBuilder headers = new StringBuilder();
      sent.headers()
          .forEach(
              h -> {
                headers.append(headers.isEmpty() ? "" : ",").append("{\"").append(h.name());
                headers.append("\":").append(Arrays.toString(h.value().array()));
                headers.append('}');
              });
      String again =
          "{\"requestContext\":{\"functionArn\":\"other\"},\"KafkaBatchInfo\":{},\"payload\":"
              + "{\"records\":{\"retry-0\":[{\"topic\":\"retry\",\"partition\":0,\"offset\":9,"
              + "\"key\":\"dGVzdC1rZXk=\",\"value\":\"dGVzdC12YWx1ZQ==\",\"headers\":["
              + headers
              + "]}]}}}";
      Failure second = all(record("k", again), "aws-lambda").get(0);
      assertThat(second.id()).isEqualTo(first.id());
      assertThat(second.facts().replay().attempt()).isEqualTo(1);
      assertThat(Replays.payload(second.detail())).isEqualTo(Replays.payload(first.detail()));
    }

    @Test
    void aCutLetterIsMadeWholeFromTheBatch() {
      Failure second = failures.get(1);
      assertThat(Replays.restored(second.detail(), OtherDeadLetters.lambda(), 1))
          .map(detail -> detail.raw())
          .contains(second.detail().raw());
      assertThat(Replays.restored(second.detail(), OtherDeadLetters.lambda(), 2)).isEmpty();
    }

    @Test
    void oneRecordThatIsBrokenDoesNotCostTheOthers() {
      String json = OtherDeadLetters.lambda().value().text().replace("dGVzdC1rZXk=", "%%%");
      List<Failure> read = all(record("k", json), "aws-lambda");
      assertThat(read).hasSize(2);
      assertThat(read.get(0).facts().fidelity()).isEqualTo(Fidelity.MISSING);
      assertThat(read.get(0).detail().warnings()).anyMatch(w -> w.contains("record 0"));
      assertThat(Replays.payload(read.get(0).detail())).isEmpty();
      assertThat(read.get(1).facts().recordId()).isEqualTo("my-topic-1-7");
    }

    @Test
    void aBatchWithoutItsPayloadIsOneLetterWithoutRecord() {
      String json =
          "{\"requestContext\":{\"functionArn\":\"f\",\"condition\":\"c\"},\"responseContext\":null,"
              + "\"KafkaBatchInfo\":{\"batchSize\":1}}";
      Failure only = all(record("k", json), "aws-lambda").get(0);
      assertThat(only.facts().fidelity()).isEqualTo(Fidelity.MISSING);
      assertThat(only.facts().pipelineId()).isEqualTo("f");
      assertThat(Replays.payload(only.detail())).isEmpty();
    }
  }

  @Nested
  class Ksql {
    @Test
    void readsWhatCouldNotBeDeserialised() {
      Failure failure = all(OtherDeadLetters.ksql(), "ksqldb").get(0);
      assertThat(failure.facts().pipelineId()).isEqualTo("CSAS_WIDGETS_3");
      assertThat(failure.facts().errorCode()).isEqualTo("DESERIALIZATION");
      assertThat(failure.facts().sourceTopic()).isEqualTo("widgets");
      assertThat(failure.facts().failedAt()).isEqualTo(1_714_137_911_168L);
      assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.EXTRACTED);
      assertThat(failure.detail().error().message())
          .isEqualTo(
              "Error deserializing message from topic: widgets; Failed to deserialize;"
                  + " Unknown magic byte!");
      assertThat(failure.detail().warnings()).anyMatch(w -> w.contains("neither key nor headers"));
      assertThat(Replays.payload(failure.detail()))
          .contains(new RawRecord(null, RawBytes.utf8("{\"id\":\"B001\"}"), List.of()));
    }

    @Test
    void namesMayBeInCapitals() {
      String shouted =
          OtherDeadLetters.ksql()
              .value()
              .text()
              .replace("logger", "LOGGER")
              .replace("message\":{", "MESSAGE\":{")
              .replace("deserializationError", "DESERIALIZATIONERROR")
              .replace("recordB64", "RECORDB64")
              .replace("type", "TYPE");
      Failure failure = all(record("k", shouted), "ksqldb").get(0);
      assertThat(failure.facts().errorCode()).isEqualTo("DESERIALIZATION");
      assertThat(Replays.payload(failure.detail())).isPresent();
    }

    @Test
    void aPrintedRowIsNotReplayed() {
      String json =
          "{\"logger\":\"processing.CTAS_1.Project\",\"time\":1,\"message\":{\"type\":1,"
              + "\"recordProcessingError\":{\"errorMessage\":\"e\",\"record\":\"[1,2]\",\"cause\":[]}}}";
      Failure failure = all(record("k", json), "ksqldb").get(0);
      assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.TEXT_ONLY);
      assertThat(Replays.payload(failure.detail())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"type\":0,\"deserializationError\":{\"target\":\"key\",\"recordB64\":\"YQ==\"}}",
          "{\"type\":0,\"deserializationError\":{\"recordB64\":\"%\"}}",
          "{\"type\":0}",
          "{\"type\":2,\"productionError\":{\"errorMessage\":\"x\"}}",
          "{\"type\":4,\"kafkaStreamsThreadError\":{\"errorMessage\":\"x\"}}"
        })
    void withoutTheValueThereIsNothingToReplay(String message) {
      String json = "{\"logger\":\"processing.Q_1\",\"message\":" + message + "}";
      Failure failure = all(record("k", json), "ksqldb").get(0);
      assertThat(failure.facts().pipelineId()).isEqualTo("Q_1");
      assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.MISSING);
      assertThat(Replays.payload(failure.detail())).isEmpty();
    }
  }

  @Nested
  class Vector {
    @Test
    void readsADroppedEvent() {
      Failure failure = all(OtherDeadLetters.vector(), "vector").get(0);
      assertThat(failure.facts().pipelineId()).isEqualTo("errors");
      assertThat(failure.facts().recordId()).isEqualTo("orders-1-1077245");
      assertThat(failure.facts().errorCode()).isEqualTo("error");
      assertThat(failure.facts().failedAt()).isEqualTo(failure.facts().arrivedAt());
      assertThat(failure.detail().source().timestamp()).isEqualTo(1_700_000_000_123L);
      assertThat(failure.detail().error().message())
          .isEqualTo("function call error for parse_json");
      assertThat(failure.detail().metadata()).contains("\"component_id\":\"parse\"");
      assertThat(failure.detail().raw()).isEqualTo(OtherDeadLetters.vector());
      assertThat(Replays.payload(failure.detail()))
          .contains(
              record("7", "{not json", utf8("trace", "t-1"), utf8("dup", "1"), utf8("dup", "2")));
    }

    @Test
    void aDecodedEventIsNotPutTogetherAgain() {
      String json =
          OtherDeadLetters.vector().value().text().replace("\"message\":\"{not", "\"m\":\"{not");
      Failure failure = all(record("k", json), "vector").get(0);
      assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.TEXT_ONLY);
      assertThat(Replays.payload(failure.detail())).isEmpty();
    }

    @Test
    void textThatWasNotUtf8MayBeOtherBytes() {
      String json = OtherDeadLetters.vector().value().text().replace("{not json", "a\uFFFDb");
      assertThat(all(record("k", json), "vector").get(0).facts().fidelity())
          .isEqualTo(Fidelity.RESERIALIZED);
    }
  }

  private static List<Failure> all(RawRecord raw, String dialect) {
    return Dialects.read(
        DeadLetters.inbound(raw, "errors", WRITTEN_AT),
        DialectRules.of(Map.of(), Map.of("errors", dialect), false));
  }
}
