// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import static dev.redrive.dialect.DeadLetters.ARRIVED_AT;
import static dev.redrive.dialect.DeadLetters.ORIGINAL_AT;
import static dev.redrive.dialect.DeadLetters.WRITTEN_AT;
import static dev.redrive.dialect.DeadLetters.hex;
import static dev.redrive.dialect.DeadLetters.nothing;
import static dev.redrive.dialect.DeadLetters.plus;
import static dev.redrive.dialect.DeadLetters.read;
import static dev.redrive.dialect.DeadLetters.record;
import static dev.redrive.dialect.DeadLetters.utf8;
import static dev.redrive.dialect.DeadLetters.with;
import static dev.redrive.dialect.DeadLetters.without;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Failure;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Records as real producers wrote them, and what becomes of them. */
class ConventionsTest {

  @Nested
  class Connect {
    @Test
    void readsAFirstFailure() {
      Failure failure = read(DeadLetters.connect(), "c-dlq", ORIGINAL_AT);

      assertThat(failure.detail().dialect()).isEqualTo("connect");
      assertThat(failure.detail().conventions()).containsExactly("connect");
      assertThat(failure.facts().pipelineId()).isEqualTo("my-sink");
      assertThat(failure.facts().recordId()).isEqualTo("c-in-1-0");
      assertThat(failure.facts().errorCode()).isEqualTo("VALUE_CONVERTER");
      assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.ORIGINAL);
      assertThat(failure.detail().source()).isEqualTo(new Source("c-in", 1, 0L, ORIGINAL_AT, null));
      assertThat(failure.detail().error())
          .isEqualTo(
              new FailureError(
                  "VALUE_CONVERTER",
                  DeadLetters.CONNECT_MESSAGE,
                  "org.apache.kafka.connect.errors.DataException",
                  "com.fasterxml.jackson.core.JsonParseException",
                  DeadLetters.CONNECT_TRACE));
      assertThat(failure.detail().warnings()).isEmpty();
    }

    @Test
    void failedTimeIsTheArrivalSinceTheRecordKeepsTheOriginalsTimestamp() {
      Failure failure = read(DeadLetters.connect(), "c-dlq", ORIGINAL_AT);
      assertThat(failure.facts().failedAt()).isEqualTo(ARRIVED_AT);
      assertThat(failure.facts().position().timestamp()).isEqualTo(ORIGINAL_AT);
    }

    @Test
    void pairsDuplicatesByBlockAndTakesTheOldestCompletePlace() {
      Failure failure = read(DeadLetters.connectAgain(), "c-dlq", ORIGINAL_AT);

      assertThat(failure.facts().recordId()).isEqualTo("c-in-0-0");
      assertThat(failure.facts().sourceTopic()).isEqualTo("c-in");
      assertThat(failure.detail().warnings()).isEmpty();
    }

    @Test
    void aSecondTripKeepsTheFirstOriginAndTellsTheNewestTopic() {
      List<Header> headers = new ArrayList<>(DeadLetters.connect().headers());
      headers.addAll(
          with(DeadLetters.connect(), utf8("__connect.errors.topic", "c-retry")).headers());
      Failure failure =
          read(record(RawBytes.utf8("k"), RawBytes.utf8("v"), headers), "c-dlq", ORIGINAL_AT);

      assertThat(failure.facts().recordId()).isEqualTo("c-in-1-0");
      assertThat(failure.facts().sourceTopic()).isEqualTo("c-retry");
    }

    @Test
    void anOlderTripsExceptionIsNotTheNewestOnes() {
      RawRecord again =
          plus(
              DeadLetters.connect(),
              utf8("__connect.errors.topic", "c-retry"),
              utf8("__connect.errors.partition", "0"),
              utf8("__connect.errors.offset", "9"),
              utf8("__connect.errors.connector.name", "my-sink"),
              utf8("__connect.errors.stage", "TASK_PUT"));
      FailureError error = read(again).detail().error();

      assertThat(error.code()).isEqualTo("TASK_PUT");
      assertThat(error.className()).isNull();
      assertThat(error.stackTrace()).isNull();
    }

    @Test
    void aMessageMayBeANullValue() {
      Failure failure =
          read(with(DeadLetters.connect(), nothing("__connect.errors.exception.message")));
      assertThat(failure.detail().error().message()).isNull();
      assertThat(failure.detail().warnings()).isEmpty();
    }

    @Test
    void aNumberThatIsNoneIsAWarningAndNoPlace() {
      Failure failure =
          read(
              with(DeadLetters.connect(), hex("__connect.errors.offset", "0000000000000000")),
              "c-dlq",
              ORIGINAL_AT);

      assertThat(failure.facts().recordId()).isEqualTo("c-dlq-1-42");
      assertThat(failure.detail().source().offset()).isNull();
      assertThat(failure.detail().warnings())
          .anyMatch(w -> w.contains("__connect.errors.offset: a decimal number expected"))
          .anyMatch(w -> w.contains("another letter"));
    }

    @Test
    void itsTopicAloneProvesNothing() {
      assertThat(read(record("k", "v", utf8("__connect.errors.topic", "t"))).detail().dialect())
          .isEqualTo("unknown");
    }
  }

  @Nested
  class Streams {
    @Test
    void readsAFirstFailure() {
      Failure failure = read(DeadLetters.streams(), "s-dlq", ORIGINAL_AT);

      assertThat(failure.detail().dialect()).isEqualTo("streams");
      assertThat(failure.facts().pipelineId()).isEqualTo("s-dlq");
      assertThat(failure.facts().recordId()).isEqualTo("s-in-1-0");
      assertThat(failure.facts().failedAt()).isEqualTo(ARRIVED_AT);
      assertThat(failure.detail().source()).isEqualTo(new Source("s-in", 1, 0L, ORIGINAL_AT, null));
      assertThat(failure.detail().error())
          .isEqualTo(
              new FailureError(
                  null,
                  "unlucky 13",
                  "java.lang.IllegalStateException",
                  "java.lang.IllegalStateException",
                  DeadLetters.STREAMS_TRACE));
      assertThat(failure.detail().warnings()).isEmpty();
    }

    @Test
    void aMessageMayBeANullValue() {
      Failure failure = read(with(DeadLetters.streams(), nothing("__streams.errors.message")));
      assertThat(failure.detail().error().message()).isNull();
      assertThat(failure.detail().warnings()).isEmpty();
    }

    @Test
    void minusOneIsUnknown() {
      RawRecord raw =
          with(
              with(DeadLetters.streams(), utf8("__streams.errors.partition", "-1")),
              utf8("__streams.errors.offset", "-1"));
      Failure failure = read(raw, "s-dlq", ORIGINAL_AT);

      assertThat(failure.detail().source())
          .isEqualTo(new Source("s-in", null, null, ORIGINAL_AT, null));
      assertThat(failure.facts().recordId()).isEqualTo("s-dlq-1-42");
    }

    @Test
    void withoutASourceRecordThereIsNothingToReplay() {
      RawRecord raw =
          record(
              null,
              null,
              List.of(
                  utf8("__streams.errors.exception", "java.lang.RuntimeException"),
                  nothing("__streams.errors.topic"),
                  utf8("__streams.errors.partition", "-1"),
                  utf8("__streams.errors.offset", "-1")));
      assertThat(read(raw).facts().fidelity()).isEqualTo(Fidelity.MISSING);
    }

    @Test
    void aTombstoneIsARecord() {
      RawRecord raw = record(RawBytes.utf8("k"), null, DeadLetters.streams().headers());
      assertThat(read(raw).facts().fidelity()).isEqualTo(Fidelity.ORIGINAL);
    }

    @Test
    void keepsTheFirstOriginOverTrips() {
      RawRecord again =
          plus(
              DeadLetters.streams(),
              utf8("__streams.errors.exception", "java.lang.NullPointerException"),
              nothing("__streams.errors.message"),
              utf8("__streams.errors.stacktrace", "java.lang.NullPointerException\n"),
              utf8("__streams.errors.topic", "s-retry"),
              utf8("__streams.errors.partition", "0"),
              utf8("__streams.errors.offset", "5"));
      Failure failure = read(again);

      assertThat(failure.facts().recordId()).isEqualTo("s-in-1-0");
      assertThat(failure.facts().sourceTopic()).isEqualTo("s-retry");
      assertThat(failure.detail().error().className()).isEqualTo("java.lang.NullPointerException");
      assertThat(failure.detail().error().message()).isNull();
    }
  }

  @Nested
  class Spring {
    @Test
    void readsAFirstFailure() {
      Failure failure = read(DeadLetters.spring(), "sp-in-dlt", WRITTEN_AT);

      assertThat(failure.detail().dialect()).isEqualTo("spring");
      assertThat(failure.facts().pipelineId()).isEqualTo("sp-in-dlt");
      assertThat(failure.facts().recordId()).isEqualTo("sp-in-1-0");
      assertThat(failure.facts().failedAt()).isEqualTo(WRITTEN_AT);
      assertThat(failure.facts().retryCount()).isEqualTo(3);
      assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.RESERIALIZED);
      assertThat(failure.detail().source())
          .isEqualTo(new Source("sp-in", 1, 0L, 0x018bcfe5687bL, "grp1"));
      assertThat(failure.detail().error().className()).isEqualTo(DeadLetters.LISTENER_FAILED);
      assertThat(failure.detail().error().rootCause())
          .isEqualTo("java.lang.IllegalArgumentException");
      assertThat(failure.detail().warnings()).isEmpty();
    }

    @Test
    void theOldestCompleteOriginIsTheRecordsId() {
      List<Header> headers = new ArrayList<>();
      headers.add(utf8("kafka_dlt-original-topic", "older-topic"));
      headers.addAll(DeadLetters.spring().headers());
      assertThat(read(record(RawBytes.utf8("k"), RawBytes.utf8("v"), headers)).facts().recordId())
          .isEqualTo("sp-in-1-0");

      headers.add(1, hex("kafka_dlt-original-partition", "00000007"));
      headers.add(2, hex("kafka_dlt-original-offset", "0000000000000008"));
      Failure failure = read(record(RawBytes.utf8("k"), RawBytes.utf8("v"), headers));
      assertThat(failure.facts().recordId()).isEqualTo("older-topic-7-8");
      assertThat(failure.facts().sourceTopic()).isEqualTo("sp-in");
    }

    @Test
    void aRecordThatCouldNotBeDeserialisedIsTheOriginal() {
      String cause = "org.springframework.kafka.support.serializer.DeserializationException";
      RawRecord raw = with(DeadLetters.spring(), utf8("kafka_dlt-exception-cause-fqcn", cause));
      assertThat(read(raw).facts().fidelity()).isEqualTo(Fidelity.ORIGINAL);
    }

    @Test
    void aNumberAsTextIsAWarning() {
      // "1234" has the four bytes of an i32; the convention fixes the encoding, not the length.
      Failure failure =
          read(
              with(
                  with(DeadLetters.spring(), utf8("kafka_dlt-original-offset", "17")),
                  utf8("kafka_dlt-original-partition", "1234")));

      assertThat(failure.detail().source().partition()).isEqualTo(0x31323334);
      assertThat(failure.detail().source().offset()).isNull();
      assertThat(failure.detail().warnings())
          .anyMatch(w -> w.contains("kafka_dlt-original-offset: 8 bytes expected"));
    }

    @Test
    void readsWithoutOptionalHeaders() {
      RawRecord bare = record("k", "v", utf8("kafka_dlt-exception-fqcn", "a.B"));
      Failure failure = read(bare, "sp-in-dlt", WRITTEN_AT);

      assertThat(failure.detail().dialect()).isEqualTo("spring");
      assertThat(failure.detail().error().className()).isEqualTo("a.B");
      assertThat(failure.facts().recordId()).isEqualTo("sp-in-dlt-1-42");
      assertThat(failure.facts().retryCount()).isNull();
    }

    @Test
    void neverDeserialisesAJavaObject() {
      // A serialised stream header followed by a class that does not exist.
      RawRecord raw =
          plus(
              DeadLetters.spring(),
              hex("springDeserializerExceptionValue", "aced0005737200046576696c"));
      Failure failure = read(raw);

      assertThat(failure.detail().raw()).isEqualTo(raw);
      assertThat(failure.detail().warnings()).isEmpty();
    }
  }

  @Nested
  class SpringRetryable {
    @Test
    void readsADeadLetterAfterThreeTries() {
      Failure failure = read(DeadLetters.springRetryable(), "sp2-in-dlt", WRITTEN_AT);

      assertThat(failure.detail().dialect()).isEqualTo("spring-retryable");
      assertThat(failure.detail().conventions()).containsExactly("spring-retryable");
      assertThat(failure.facts().recordId()).isEqualTo("sp2-in-1-0");
      assertThat(failure.facts().retryCount()).isEqualTo(3);
      assertThat(failure.detail().source())
          .isEqualTo(new Source("sp2-in", 1, 0L, 0x018bcfe5687bL, "grp2"));
      assertThat(failure.detail().error().message()).isEqualTo("Listener failed; retry me");
      assertThat(failure.detail().warnings()).isEmpty();
    }

    @Test
    void takesTheTimestampOfTheRetryTopicWhereTheOtherIsMissing() {
      RawRecord raw = without(DeadLetters.springRetryable(), "kafka_original-timestamp");
      assertThat(read(raw).detail().source().timestamp()).isEqualTo(0x018bcfe5687bL);
    }

    @Test
    void readsTheSingleByteOfOldReleases() {
      RawRecord raw = plus(DeadLetters.springRetryable(), hex("retry_topic-attempts", "ff"));
      assertThat(read(raw).facts().retryCount()).isEqualTo(254);
    }

    @Test
    void malformedAttemptsAreAWarning() {
      RawRecord raw = plus(DeadLetters.springRetryable(), hex("retry_topic-attempts", "000001"));
      Failure failure = read(raw);
      assertThat(failure.facts().retryCount()).isNull();
      assertThat(failure.detail().warnings()).anyMatch(w -> w.contains("retry_topic-attempts"));
    }
  }

  @Nested
  class Unknown {
    @Test
    void isKeptAsItIs() {
      RawRecord raw = record("k", "v", utf8("trace", "t"), nothing("n"), utf8("trace", "u"));
      Failure failure = read(raw, "misc-dlq", WRITTEN_AT);

      assertThat(failure.detail().dialect()).isEqualTo("unknown");
      assertThat(failure.detail().conventions()).isEmpty();
      assertThat(failure.detail().raw()).isEqualTo(raw);
      assertThat(failure.facts().pipelineId()).isEqualTo("misc-dlq");
      assertThat(failure.facts().recordId()).isEqualTo("misc-dlq-1-42");
      assertThat(failure.facts().groupId()).isNull();
      assertThat(failure.detail().warnings()).singleElement().asString().contains("another letter");
    }
  }

  @Nested
  class Several {
    @Test
    void theNewestIsTheOneThatWroteLast() {
      List<Header> springThenConnect = new ArrayList<>(DeadLetters.spring().headers());
      springThenConnect.addAll(DeadLetters.connect().headers());
      Failure failure =
          read(record(RawBytes.utf8("k"), RawBytes.utf8("v"), springThenConnect), "d", WRITTEN_AT);

      assertThat(failure.detail().dialect()).isEqualTo("connect");
      assertThat(failure.detail().conventions()).containsExactly("connect", "spring");
      assertThat(failure.facts().recordId()).isEqualTo("c-in-1-0");

      List<Header> connectThenSpring = new ArrayList<>(DeadLetters.connect().headers());
      connectThenSpring.addAll(DeadLetters.spring().headers());
      assertThat(
              read(record(RawBytes.utf8("k"), RawBytes.utf8("v"), connectThenSpring))
                  .detail()
                  .conventions())
          .containsExactly("spring", "connect");
    }

    @Test
    void theSharedGroupHeaderMakesARetryableRecordNoPlainOne() {
      assertThat(read(DeadLetters.springRetryable()).detail().conventions())
          .containsExactly("spring-retryable");
    }
  }
}
