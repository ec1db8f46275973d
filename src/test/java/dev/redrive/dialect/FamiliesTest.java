// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import static dev.redrive.dialect.DeadLetters.ARRIVED_AT;
import static dev.redrive.dialect.DeadLetters.ORIGINAL_AT;
import static dev.redrive.dialect.DeadLetters.WRITTEN_AT;
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
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What each convention tells beyond the rules of all; records as their producers write them. */
class FamiliesTest {
  private static final long SOURCE_AT = 1_700_000_000_123L;

  private static Failure first(String dialect) {
    return read(Samples.of(dialect).first(), "dead", WRITTEN_AT);
  }

  @Nested
  class Bakdata {
    @Test
    void tellsTheErrorAndItsDescription() {
      Failure failure = read(Samples.of("bakdata-streams").first(), "dead", ORIGINAL_AT);

      assertThat(failure.facts().pipelineId()).isEqualTo("dead");
      assertThat(failure.facts().failedAt()).isEqualTo(ARRIVED_AT);
      assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.RESERIALIZED);
      assertThat(failure.detail().source())
          .isEqualTo(new Source("orders", 3, 17L, ORIGINAL_AT, null));
      assertThat(failure.detail().error().stackTrace()).contains("a.B.c");
      assertThat(failure.detail().metadata()).isEqualTo("{\"description\":\"while enriching\"}");
    }

    @Test
    void toleratesAMessageThatIsANullValue() {
      Failure failure =
          read(
              with(
                  Samples.of("bakdata-streams").first(),
                  nothing("__streams.errors.exception.message")));
      assertThat(failure.detail().error().className()).isEqualTo("a.First");
      assertThat(failure.detail().error().message()).isNull();
      assertThat(failure.detail().warnings()).isEmpty();
    }

    @Test
    void isToldFromKafkasOwnConventionByTheExceptionAlone() {
      RawRecord own = Samples.of("streams").first();
      RawRecord both =
          new RawRecord(
              own.key(),
              own.value(),
              Sample.joined(Samples.of("bakdata-streams").first().headers(), own.headers()));

      assertThat(read(both).detail().conventions()).containsExactly("streams", "bakdata-streams");
      assertThat(read(own).detail().metadata())
          .isEqualTo("{\"processor_node\":\"KSTREAM-MAPVALUES-1\",\"task_id\":\"0_3\"}");
    }
  }

  @Nested
  class ShareGroup {
    @Test
    void withACopyIsTheOriginal() {
      Failure failure = first("share-group");

      assertThat(failure.facts().pipelineId()).isEqualTo("workers");
      assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.ORIGINAL);
      assertThat(failure.facts().retryCount()).isEqualTo(5);
      assertThat(failure.facts().failedAt()).isEqualTo(WRITTEN_AT);
      assertThat(failure.detail().source())
          .isEqualTo(new Source("orders", 3, 17L, null, "workers"));
      assertThat(failure.detail().error().code()).isEqualTo("DELIVERY_COUNT_EXCEEDED");
    }

    @Test
    void withoutACopyPointsAtItsOriginAndHasNoPayload() {
      RawRecord pointer = record(null, null, Samples.of("share-group").first().headers());
      Failure failure = read(pointer);

      assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.MISSING);
      assertThat(failure.facts().recordId()).isEqualTo("orders-3-17");
      assertThat(failure.detail().source().coordinates()).isPresent();
    }

    @Test
    void aTombstoneHasItsKey() {
      RawRecord tombstone =
          record(RawBytes.utf8("k"), null, Samples.of("share-group").first().headers());
      assertThat(read(tombstone).facts().fidelity()).isEqualTo(Fidelity.ORIGINAL);
    }

    @Test
    void tellsRejectedFromExhaustedAndNothingOfOtherMessages() {
      RawRecord raw = Samples.of("share-group").first();
      assertThat(code(utf8("__dlq.errors.message", "Offset rejected by client.")))
          .isEqualTo("CLIENT_REJECTED");
      assertThat(code(utf8("__dlq.errors.message", "something new"))).isNull();
      assertThat(code(nothing("__dlq.errors.message"))).isNull();
      assertThat(read(without(raw, "__dlq.errors.message")).detail().error())
          .isEqualTo(FailureError.UNKNOWN);
      assertThat(read(without(raw, "__dlq.errors.delivery.count")).facts().retryCount()).isNull();
    }

    private String code(Header message) {
      return read(with(Samples.of("share-group").first(), message)).detail().error().code();
    }
  }

  @Nested
  class CloudStream {
    @Test
    void readsBinaryPlaces() {
      Failure failure = first("spring-cloud-stream");

      assertThat(failure.facts().pipelineId()).isEqualTo("dead");
      assertThat(failure.facts().failedAt()).isEqualTo(WRITTEN_AT);
      assertThat(failure.facts().retryCount()).isNull();
      assertThat(failure.detail().source())
          .isEqualTo(new Source("orders", 3, 17L, SOURCE_AT, null));
    }

    @Test
    void headersOfTheseNamesWithAPartitionAsTextAreSomebodyElses() {
      RawRecord raw =
          with(Samples.of("spring-cloud-stream").first(), utf8("x-original-partition", "3"));
      assertThat(read(raw).detail().dialect()).isEqualTo("unknown");
    }

    @Test
    void anOlderTripsMessageIsNotTheNewestOnes() {
      List<Header> headers = new ArrayList<>(Samples.of("spring-cloud-stream").again().headers());
      int last = -1;
      for (int i = 0; i < headers.size(); i++) {
        last = headers.get(i).name().equals("x-exception-message") ? i : last;
      }
      headers.remove(last);
      FailureError error =
          read(record(RawBytes.utf8("k"), RawBytes.utf8("v"), headers)).detail().error();

      assertThat(error.className()).isEqualTo("b.Second");
      assertThat(error.message()).isNull();
    }
  }

  @Nested
  class SmallRye {
    @Test
    void tellsErrorAndCause() {
      Failure failure = first("smallrye");

      assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.RESERIALIZED);
      assertThat(failure.facts().failedAt()).isEqualTo(WRITTEN_AT);
      assertThat(failure.detail().source()).isEqualTo(new Source("orders", 3, 17L, null, null));
      assertThat(failure.detail().error())
          .isEqualTo(new FailureError(null, "of a.First", "a.First", "a.FirstCause", null));
      assertThat(failure.detail().metadata()).isEqualTo("{\"cause\":\"cause of a.First\"}");
    }

    @Test
    void anOlderTripsCauseIsNotTheNewestOnes() {
      List<Header> headers = new ArrayList<>(Samples.of("smallrye").again().headers());
      headers.remove(2);
      headers.remove(2);
      Failure failure = read(record(RawBytes.utf8("k"), RawBytes.utf8("v"), headers));

      assertThat(failure.detail().error().className()).isEqualTo("b.Second");
      assertThat(failure.detail().error().rootCause()).isEqualTo("b.Second");
      assertThat(failure.detail().metadata()).isNull();
      assertThat(failure.facts().recordId()).isEqualTo("orders-3-17");
    }

    @Test
    void whatCouldNotBeDeserialisedIsTheOriginalAndItsDataIsTakenOff() {
      RawRecord raw =
          plus(
              Samples.of("smallrye").first(),
              utf8("deserialization-failure-deserializer", "a.LongDeserializer"),
              utf8("deserialization-failure-topic", "orders"),
              utf8("deserialization-failure-reason", "not 8 bytes"),
              utf8("deserialization-failure-data", "OLD-BAD-BYTES"),
              utf8("deserialization-failure-dlq", "true"));
      Failure failure = read(raw);

      assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.ORIGINAL);
      assertThat(failure.detail().metadata()).contains("\"deserializer\":\"a.LongDeserializer\"");
      assertThat(Replays.payload(failure.detail()).orElseThrow().headers())
          .isEqualTo(Sample.BUSINESS);
    }

    @Test
    void theOldestCompleteOriginOfThreeTripsIsTheRecords() {
      List<Header> headers = new ArrayList<>(Samples.of("smallrye").again().headers());
      List<Header> third =
          new ArrayList<>(Samples.of("smallrye").block().of("orders-retry", 1, 9, "c.Third"));
      third.addAll(headers);
      assertThat(read(record(RawBytes.utf8("k"), null, third)).facts().recordId())
          .isEqualTo("orders-3-17");

      // The true first lacks its offset, so the one after it tells.
      Collections.reverse(third);
      third.remove(
          third.stream()
              .filter(h -> h.name().equals("dead-letter-offset"))
              .findFirst()
              .orElseThrow());
      Collections.reverse(third);
      assertThat(read(record(RawBytes.utf8("k"), null, third)).facts().recordId())
          .isEqualTo("orders-retry-1-5");
    }
  }

  @Nested
  class SmallRyeDelayed {
    @Test
    void countsTheFirstTryToo() {
      Failure failure = first("smallrye-delayed");

      assertThat(failure.facts().retryCount()).isEqualTo(3);
      assertThat(failure.facts().firstFailedAt()).isEqualTo(SOURCE_AT + 5);
      assertThat(failure.detail().source().timestamp()).isEqualTo(SOURCE_AT);
    }

    @Test
    void aCountThatIsNoneIsAWarning() {
      RawRecord raw =
          with(Samples.of("smallrye-delayed").first(), utf8("delayed-retry-count", "x"));
      assertThat(read(raw).facts().retryCount()).isNull();
      assertThat(read(raw).detail().warnings()).anyMatch(w -> w.contains("delayed-retry-count"));

      RawRecord most =
          with(Samples.of("smallrye-delayed").first(), utf8("delayed-retry-count", "2147483647"));
      assertThat(read(most).facts().retryCount()).isNull();
    }
  }

  @Nested
  class Micronaut {
    @Test
    void keepsTheOriginalsTimestampSoTheArrivalIsTheFailedTime() {
      Failure failure = read(Samples.of("micronaut").first(), "dead", ORIGINAL_AT);

      assertThat(failure.facts().failedAt()).isEqualTo(ARRIVED_AT);
      assertThat(failure.detail().source())
          .isEqualTo(new Source("orders", 3, 17L, ORIGINAL_AT, null));
      assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.RESERIALIZED);
    }

    @Test
    void aMessageIsOptional() {
      Failure failure =
          read(without(Samples.of("micronaut").first(), "micronaut-kafka-exception-message"));
      assertThat(failure.detail().error().className()).isEqualTo("a.First");
      assertThat(failure.detail().warnings()).isEmpty();
    }
  }

  @Nested
  class Helidon {
    @Test
    void anOlderTripsMessageIsNotTheNewestOnes() {
      List<Header> headers = new ArrayList<>(Samples.of("helidon").again().headers());
      headers.remove(headers.size() - 4);
      FailureError error =
          read(record(RawBytes.utf8("k"), RawBytes.utf8("v"), headers)).detail().error();

      assertThat(error.className()).isEqualTo("b.Second");
      assertThat(error.message()).isNull();
    }

    @Test
    void theMessagingOfTwentySixTellsAttemptsAndChannel() {
      Failure failure = first("helidon-messaging");

      assertThat(failure.facts().retryCount()).isEqualTo(3);
      assertThat(failure.detail().source().timestamp()).isEqualTo(SOURCE_AT);
      assertThat(failure.detail().metadata())
          .isEqualTo("{\"source_channel\":\"orders-in\",\"leader_epoch\":\"7\"}");
    }

    @Test
    void anApplicationThatPromotesNothingStillMakesALetter() {
      RawRecord raw =
          without(
              without(
                  Samples.of("helidon-messaging").first(),
                  "helidon_messaging_dead_letter_failure_type"),
              "helidon_messaging_dead_letter_failure_message");
      assertThat(read(raw).detail().dialect()).isEqualTo("helidon-messaging");
      assertThat(read(raw).detail().error()).isEqualTo(FailureError.UNKNOWN);
    }
  }

  @Nested
  class Karafka {
    @Test
    void theConsumerGroupIsThePipeline() {
      Failure failure = first("karafka");

      assertThat(failure.facts().pipelineId()).isEqualTo("billing");
      assertThat(failure.facts().retryCount()).isEqualTo(3);
      assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.ORIGINAL);
      assertThat(failure.detail().error()).isEqualTo(FailureError.UNKNOWN);
      assertThat(failure.detail().metadata()).isEqualTo("{\"trace_id\":\"c0ffee\"}");
    }

    @Test
    void aSourceTopicOfTheApplicationsOwnProvesNothing() {
      assertThat(read(record("k", "v", utf8("source_topic", "t"))).detail().dialect())
          .isEqualTo("unknown");
    }
  }
}
