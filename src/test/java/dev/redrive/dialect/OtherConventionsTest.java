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
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Conventions that are recognised by headers, beside Kafka's own and the JVM frameworks'. */
class OtherConventionsTest {

  @TestFactory
  Stream<DynamicTest> areRecognisedAndKeepTheRecord() {
    return OtherDeadLetters.byHeader().entrySet().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.getKey(),
                    () -> {
                      Failure failure = read(each.getValue());
                      assertThat(failure.detail().dialect()).isEqualTo(each.getKey());
                      assertThat(failure.detail().conventions()).containsExactly(each.getKey());
                      assertThat(failure.detail().raw()).isEqualTo(each.getValue());
                      assertThat(failure.facts().pipelineId()).isEqualTo("errors");
                    }));
  }

  /** A consumer that copies what it does not know, and a producer that replaces its own. */
  @TestFactory
  Stream<DynamicTest> areTheSameLetterAfterAReplay() {
    return OtherDeadLetters.byHeader().entrySet().stream()
        .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> failsAgain(each.getValue())));
  }

  private static void failsAgain(RawRecord raw) {
    Failure first = read(raw);
    RawRecord sent = Replays.record(first.detail(), DeadLetters.replay(first, 1)).orElseThrow();
    List<Header> headers = new ArrayList<>(sent.headers());
    raw.headers().stream().filter(h -> !sent.headers().contains(h)).forEach(headers::add);
    Failure second = read(record(sent.key(), sent.value(), headers));

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.detail().dialect()).isEqualTo(first.detail().dialect());
    assertThat(second.facts().replay().attempt()).isEqualTo(1);
    RawRecord again = Replays.record(second.detail(), DeadLetters.replay(second, 2)).orElseThrow();
    assertThat(again.headers()).hasSameSizeAs(sent.headers());
  }

  @TestFactory
  Stream<DynamicTest> aNaiveReplayThatKeptTheHeadersIsReadByTheNewestOnes() {
    return OtherDeadLetters.byHeader().entrySet().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.getKey(),
                    () -> {
                      RawRecord raw = each.getValue();
                      RawRecord twice = plus(raw, raw.headers().toArray(Header[]::new));
                      Failure failure = read(twice);
                      assertThat(failure.detail().error()).isEqualTo(read(raw).detail().error());
                      assertThat(failure.id()).isEqualTo(read(raw).id());
                      List<Header> sent = Replays.payload(failure.detail()).orElseThrow().headers();
                      assertThat(sent)
                          .hasSize(
                              2
                                  * Replays.payload(read(raw).detail())
                                      .orElseThrow()
                                      .headers()
                                      .size());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> oneHeaderLessOrNullOrBrokenNeverCostsTheLetter() {
    return OtherDeadLetters.byHeader().entrySet().stream()
        .flatMap(
            each ->
                each.getValue().headers().stream()
                    .map(
                        header ->
                            DynamicTest.dynamicTest(
                                each.getKey() + " " + header.name(),
                                () -> {
                                  String name = header.name();
                                  RawRecord raw = each.getValue();
                                  List<RawRecord> changed =
                                      List.of(
                                          without(raw, name),
                                          with(raw, nothing(name)),
                                          with(raw, hex(name, "ff00fe")),
                                          with(raw, utf8(name, "")));
                                  for (RawRecord one : changed) {
                                    assertThat(read(one).detail().raw()).isEqualTo(one);
                                    assertThat(Replays.payload(read(one).detail())).isPresent();
                                  }
                                })));
  }

  @Nested
  class Watermill {
    @Test
    void readsAFirstFailure() {
      Failure failure = read(OtherDeadLetters.watermill());
      assertThat(failure.facts().recordId()).isEqualTo("b3a7f2de-7a0f-4b2c-9a53-9d6f1e0d1c11");
      assertThat(failure.facts().sourceTopic()).isEqualTo("orders");
      assertThat(failure.facts().failedAt()).isEqualTo(WRITTEN_AT);
      assertThat(failure.detail().error())
          .isEqualTo(new FailureError(null, "cannot process order: db down", null, null, null));
      assertThat(failure.detail().metadata())
          .isEqualTo("{\"handler\":\"orders-handler\",\"subscriber\":\"kafka.Subscriber\"}");
      assertThat(failure.detail().warnings()).isEmpty();
    }

    @Test
    void keepsTheMessageIdOnAReplay() {
      assertThat(sent(OtherDeadLetters.watermill()))
          .containsExactly("_watermill_message_uuid", "correlation_id");
    }

    @Test
    void withoutTheUuidItSaysThatTheRecordHasNoName() {
      Failure failure = read(without(OtherDeadLetters.watermill(), "_watermill_message_uuid"));
      assertThat(failure.facts().recordId()).isEqualTo("errors-1-42");
      assertThat(failure.detail().warnings()).anyMatch(w -> w.contains("another letter"));
    }
  }

  @Nested
  class MassTransit {
    @Test
    void readsAFirstFailure() {
      Failure failure = read(OtherDeadLetters.massTransit());
      assertThat(failure.facts().recordId()).isEqualTo("0d9a0000-5e0b-0015-2b0c-08dc4e5f3b11");
      assertThat(failure.facts().sourceTopic()).isEqualTo("orders");
      assertThat(failure.facts().failedAt())
          .isEqualTo(Instant.parse("2026-09-25T21:32:52.411Z").toEpochMilli());
      assertThat(failure.facts().retryCount()).isEqualTo(4);
      assertThat(failure.detail().error().className())
          .isEqualTo("System.InvalidOperationException");
      assertThat(failure.detail().error().message()).isEqualTo("card declined");
      assertThat(failure.detail().error().stackTrace()).contains("Acme.ChargeCard.Consume");
      assertThat(failure.detail().metadata())
          .isEqualTo(
              "{\"consumer_type\":\"Acme.ChargeCard\",\"message_type\":\"Acme.Charge\","
                  + "\"MT-Host-MachineName\":\"node-1\",\"MT-Host-ProcessName\":\"billing\"}");
      assertThat(failure.detail().warnings()).isEmpty();
    }

    @Test
    void stripsTheFaultAndKeepsTheIds() {
      assertThat(sent(OtherDeadLetters.massTransit()))
          .containsExactly(
              "MessageId", "CorrelationId", "MT-Host-MachineName", "MT-Host-ProcessName");
    }

    @Test
    void theReasonAloneIsProofOnlyAsFault() {
      assertThat(read(record("k", "v", utf8("MT-Reason", "fault"))).detail().dialect())
          .isEqualTo("masstransit");
      assertThat(read(record("k", "v", utf8("MT-Reason", "dead-letter"))).detail().dialect())
          .isEqualTo("unknown");
    }

    @Test
    void aBrokenTimeIsAWarning() {
      Failure failure =
          read(with(OtherDeadLetters.massTransit(), utf8("MT-Fault-Timestamp", "yesterday")));
      assertThat(failure.facts().failedAt()).isEqualTo(WRITTEN_AT);
      assertThat(failure.detail().warnings()).anyMatch(w -> w.contains("MT-Fault-Timestamp"));
    }
  }

  @Nested
  class NServiceBus {
    @Test
    void readsAFirstFailure() {
      Failure failure = read(OtherDeadLetters.nServiceBus());
      assertThat(failure.facts().recordId()).isEqualTo("5f1b8a5e-33cf-4b4b-9f55-b0b500b21f0e");
      assertThat(failure.facts().sourceTopic()).isEqualTo("billing");
      assertThat(failure.facts().failedAt())
          .isEqualTo(Instant.parse("2026-09-25T21:32:52.411Z").toEpochMilli());
      assertThat(failure.facts().retryCount()).isEqualTo(3);
      assertThat(failure.detail().error())
          .isEqualTo(
              new FailureError(
                  null,
                  "One or more errors occurred.",
                  "System.AggregateException",
                  "System.TimeoutException",
                  "System.AggregateException: One or more"));
      assertThat(failure.detail().metadata())
          .isEqualTo(
              "{\"source\":\"Acme.Billing\","
                  + "\"NServiceBus.ExceptionInfo.Data.Handler canceled\":\"False\"}");
      assertThat(failure.detail().warnings()).isEmpty();
    }

    @Test
    void stripsTheFailureAndKeepsTheRest() {
      assertThat(sent(OtherDeadLetters.nServiceBus()))
          .containsExactly("NServiceBus.MessageId", "NServiceBus.EnclosedMessageTypes");
    }

    @Test
    void aBrokenTimeIsAWarning() {
      Failure failure =
          read(
              with(
                  OtherDeadLetters.nServiceBus(),
                  utf8("NServiceBus.TimeOfFailure", "2026-02-30 21:32:52:411295 Z")));
      assertThat(failure.facts().failedAt()).isEqualTo(WRITTEN_AT);
      assertThat(failure.detail().warnings()).anyMatch(w -> w.contains("TimeOfFailure"));
    }
  }

  @Nested
  class Silverback {
    @Test
    void readsAFirstFailure() {
      Failure failure = read(OtherDeadLetters.silverback());
      assertThat(failure.facts().recordId()).isEqualTo("orders-1-1077245");
      assertThat(failure.facts().retryCount()).isEqualTo(5);
      assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.ORIGINAL);
      assertThat(failure.detail().source())
          .isEqualTo(new Source("orders", 1, 1_077_245L, ORIGINAL_AT, "billing"));
      assertThat(failure.detail().error().className())
          .isEqualTo("System.InvalidOperationException");
      assertThat(failure.detail().error().message())
          .isEqualTo("System.InvalidOperationException in Acme.Billing");
      assertThat(failure.detail().warnings()).isEmpty();
    }

    @Test
    void stripsItsCountOrItWouldGoOnCounting() {
      assertThat(sent(OtherDeadLetters.silverback()))
          .containsExactly("x-message-type", "traceparent");
    }

    @Test
    void aReasonThatIsNoTypeIsAMessageOnly() {
      FailureError error =
          read(with(OtherDeadLetters.silverback(), utf8("x-failure-reason", "it was in vain")))
              .detail()
              .error();
      assertThat(error.className()).isNull();
      assertThat(error.message()).isEqualTo("it was in vain");
    }

    @Test
    void aBinaryNumberIsNotGuessed() {
      Failure failure =
          read(with(OtherDeadLetters.silverback(), hex("x-source-partition", "00000001")));
      assertThat(failure.detail().source().partition()).isNull();
      assertThat(failure.detail().warnings())
          .anyMatch(w -> w.contains("x-source-partition: a decimal number expected"));
    }
  }

  @Nested
  class Wolverine {
    @Test
    void readsAFirstFailure() {
      Failure failure = read(OtherDeadLetters.wolverine());
      assertThat(failure.facts().recordId()).isEqualTo("orders.retry.5m-1-12");
      assertThat(failure.facts().sourceTopic()).isEqualTo("orders");
      assertThat(failure.facts().failedAt()).isEqualTo(1_795_306_242_100L);
      assertThat(failure.facts().firstFailedAt()).isEqualTo(ORIGINAL_AT);
      assertThat(failure.facts().retryCount()).isEqualTo(4);
      assertThat(failure.detail().error().message()).isEqualTo("card declined");
      assertThat(failure.detail().metadata()).isEqualTo("{\"tier\":\"2\"}");
      assertThat(failure.detail().warnings()).isEmpty();
    }

    @Test
    void aRetryTierIsReadByItsOwnHeaders() {
      RawRecord tier = OtherDeadLetters.wolverine();
      for (String name :
          List.of(
              "exception-type",
              "exception-message",
              "exception-stack",
              "failed-at",
              "original-destination",
              "original-partition",
              "original-offset")) {
        tier = without(tier, name);
      }
      Failure failure = read(tier);
      assertThat(failure.detail().dialect()).isEqualTo("wolverine");
      assertThat(failure.detail().error().className()).isEqualTo("System.TimeoutException");
      assertThat(failure.detail().error().message()).isEqualTo("first");
    }

    @Test
    void plainNamesAreProofOnlyTogether() {
      RawRecord raw =
          record("k", "v", utf8("exception-type", "X"), utf8("exception-stack", "at a"));
      assertThat(read(raw).detail().dialect()).isEqualTo("unknown");
      assertThat(sent(raw)).containsExactly("exception-type", "exception-stack");
      assertThat(read(plus(raw, utf8("failed-at", "1"))).detail().dialect()).isEqualTo("wolverine");
    }

    @Test
    void stripsAllOfIt() {
      assertThat(sent(OtherDeadLetters.wolverine())).containsExactly("message-type", "id");
    }
  }

  @Nested
  class Greyhound {
    @Test
    void countsTheRetryThatHasFailedToo() {
      Failure failure = read(OtherDeadLetters.greyhound());
      assertThat(failure.facts().retryCount()).isEqualTo(3);
      assertThat(failure.facts().failedAt()).isEqualTo(1_795_306_242_100L);
      assertThat(failure.facts().sourceTopic()).isEqualTo("orders");
      assertThat(failure.detail().source().consumerGroup()).isNull();
    }

    @Test
    void aRetryTopicTellsItsGroupAndThatTheRetryIsDue() {
      Failure failure = read(OtherDeadLetters.greyhound(), "orders-billing-retry-1", WRITTEN_AT);
      assertThat(failure.facts().retryCount()).isEqualTo(2);
      assertThat(failure.detail().source().consumerGroup()).isEqualTo("billing");

      Failure pattern =
          read(OtherDeadLetters.greyhound(), "__gh_pattern-retry-billing-attempt-1", WRITTEN_AT);
      assertThat(pattern.detail().source().consumerGroup()).isEqualTo("billing");
      assertThat(pattern.facts().retryCount()).isEqualTo(2);
    }

    @Test
    void stripsItsThree() {
      assertThat(sent(OtherDeadLetters.greyhound())).containsExactly("tenant");
    }

    @Test
    void anAttemptThatIsNoNumberIsAWarning() {
      Failure failure =
          read(with(OtherDeadLetters.greyhound(), hex("GH_RetryAttempt", "00000001")));
      assertThat(failure.facts().retryCount()).isNull();
      assertThat(failure.detail().warnings()).anyMatch(w -> w.contains("GH_RetryAttempt"));
    }
  }

  @Nested
  class Dapr {
    @Test
    void readsAFirstFailure() {
      Failure failure = read(OtherDeadLetters.dapr());
      assertThat(failure.facts().recordId()).isEqualTo("orders-1-1077245");
      assertThat(failure.detail().source())
          .isEqualTo(new Source("orders", 1, 1_077_245L, ORIGINAL_AT, null));
      assertThat(failure.detail().error()).isEqualTo(FailureError.UNKNOWN);
      assertThat(failure.detail().warnings()).isEmpty();
    }

    @Test
    void stripsAllFiveSinceAConsumerTakesThemForTheRealPlace() {
      assertThat(sent(OtherDeadLetters.dapr())).containsExactly("traceparent");
    }

    @Test
    void isNotTakenFromARecordThatAnotherGaveUp() {
      RawRecord raw =
          plus(OtherDeadLetters.dapr(), DeadLetters.connect().headers().toArray(Header[]::new));
      assertThat(read(raw).detail().conventions()).containsExactly("connect");
    }
  }

  @Nested
  class RedpandaConnect {
    @Test
    void readsAFirstFailure() {
      Failure failure = read(OtherDeadLetters.redpandaConnect());
      assertThat(failure.facts().recordId()).isEqualTo("orders-1-1077245");
      assertThat(failure.detail().source())
          .isEqualTo(new Source("orders", 1, 1_077_245L, ORIGINAL_AT, null));
      assertThat(failure.detail().error().message()).isEqualTo("failed to send: 503");
      assertThat(failure.detail().warnings()).isEmpty();
    }

    @Test
    void stripsTheInputsMetadataToo() {
      assertThat(sent(OtherDeadLetters.redpandaConnect())).containsExactly("tenant");
    }

    @Test
    void secondsDoWhereMillisecondsAreNotLetThrough() {
      Failure failure = read(without(OtherDeadLetters.redpandaConnect(), "kafka_timestamp_ms"));
      assertThat(failure.detail().source().timestamp()).isEqualTo(1_700_000_000_000L);
    }
  }

  @Nested
  class CloudEvents {
    @Test
    void namesTheRecordByTheEvent() {
      Failure failure = read(OtherDeadLetters.cloudEvent());
      assertThat(failure.facts().recordId()).isEqualTo("/shop/eu|e-7");
      assertThat(failure.detail().metadata()).isEqualTo("{\"type\":\"com.acme.order\"}");
      assertThat(failure.detail().warnings()).isEmpty();
    }

    @Test
    void staysOnAReplay() {
      assertThat(sent(OtherDeadLetters.cloudEvent())).hasSize(5);
    }

    @Test
    void isNoFailureSoAnyOtherDialectGoesFirst() {
      RawRecord raw =
          plus(
              DeadLetters.spring(), OtherDeadLetters.cloudEvent().headers().toArray(Header[]::new));
      Failure failure = read(raw);
      assertThat(failure.detail().conventions()).containsExactly("spring");
      assertThat(failure.facts().recordId()).isEqualTo("sp-in-1-0");
    }
  }

  @Nested
  class Chosen {
    @Test
    void messageIdsNameTheRecordWhereTheyAreSwitchedOn() {
      DialectRules rules = DialectRules.of(Map.of(), Map.of(), true);
      RawRecord raw =
          plus(
              DeadLetters.spring(), OtherDeadLetters.cloudEvent().headers().toArray(Header[]::new));
      assertThat(
              Dialects.read(DeadLetters.inbound(raw, "errors", WRITTEN_AT), rules)
                  .get(0)
                  .facts()
                  .recordId())
          .isEqualTo("/shop/eu|e-7");
    }

    @Test
    void aTopicMayBeSaidToHoldADialectThatItsRecordsDoNotProve() {
      RawRecord raw = record("k", "v", utf8("kafka_topic", "orders"), utf8("kafka_offset", "5"));
      DialectRules rules = DialectRules.of(Map.of(), Map.of("errors", "redpanda-connect"), false);
      Failure failure = Dialects.read(DeadLetters.inbound(raw, "errors", WRITTEN_AT), rules).get(0);
      assertThat(failure.detail().dialect()).isEqualTo("redpanda-connect");
      assertThat(failure.detail().source().offset()).isEqualTo(5);
      assertThat(failure.facts().arrivedAt()).isEqualTo(ARRIVED_AT);
    }

    @Test
    void aTopicMayBeSaidToHoldNoDialect() {
      DialectRules rules = DialectRules.of(Map.of(), Map.of("errors", "unknown"), false);
      Failure failure =
          Dialects.read(DeadLetters.inbound(DeadLetters.connect(), "errors", WRITTEN_AT), rules)
              .get(0);
      assertThat(failure.detail().dialect()).isEqualTo("unknown");
      assertThat(failure.detail().conventions()).isEmpty();
    }
  }

  private static List<String> sent(RawRecord raw) {
    return Replays.payload(read(raw).detail()).orElseThrow().headers().stream()
        .map(Header::name)
        .toList();
  }
}
