// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import static dev.redrive.dialect.DeadLetters.WRITTEN_AT;
import static dev.redrive.dialect.DeadLetters.inbound;
import static dev.redrive.dialect.DeadLetters.record;
import static dev.redrive.dialect.DeadLetters.replay;
import static dev.redrive.dialect.DeadLetters.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.redrive.codec.DetailCodec;
import dev.redrive.letter.Failure;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Headers that an application made up. */
class AliasTest {
  private static final String TOPIC = "errors";

  private static DialectRules custom(Map<String, String> headers) {
    return DialectRules.of(Map.of(), Map.of(TOPIC, "ours"), false, Map.of("ours", headers));
  }

  private static Failure read(DialectRules rules, Header... headers) {
    return Dialects.read(inbound(record("k", "v", headers), TOPIC, WRITTEN_AT), rules).get(0);
  }

  @Test
  void theReadyMadeSetsReadTextsNumbersAndTimes() {
    DialectRules rules = DialectRules.of(Map.of(), Map.of(TOPIC, "dlq-headers"), false);
    Failure failure =
        read(
            rules,
            utf8("trace", "t"),
            utf8("dlq-original-topic", "orders"),
            utf8("dlq-original-partition", "3"),
            utf8("dlq-original-offset", "17"),
            utf8("dlq-exception-class", "a.B"),
            utf8("dlq-exception-message", "no"),
            utf8("dlq-timestamp", "2023-11-14T22:13:20Z"));

    assertThat(failure.detail().dialect()).isEqualTo("dlq-headers");
    assertThat(failure.facts().recordId()).isEqualTo("orders-3-17");
    assertThat(failure.facts().failedAt()).isEqualTo(1_700_000_000_000L);
    assertThat(failure.detail().error().className()).isEqualTo("a.B");
    assertThat(failure.detail().warnings()).isEmpty();
    assertThat(Replays.payload(failure.detail()).orElseThrow().headers())
        .containsExactly(utf8("trace", "t"));
  }

  @Test
  void theOtherTwoReadTheirNames() {
    Failure dotted =
        read(
            DialectRules.of(Map.of(), Map.of(TOPIC, "dlq-dotted-headers"), false),
            utf8("dlq.original.topic", "orders"),
            utf8("dlq.original.partition", "3"),
            utf8("dlq.original.offset", "17"),
            utf8("dlq.failure.reason", "no"),
            utf8("dlq.retry.attempt", "4"),
            utf8("dlq.first.failure.timestamp", "1700000000000"));
    assertThat(dotted.facts().recordId()).isEqualTo("orders-3-17");
    assertThat(dotted.facts().retryCount()).isEqualTo(4);
    assertThat(dotted.facts().firstFailedAt()).isEqualTo(1_700_000_000_000L);

    Failure prefixed =
        read(
            DialectRules.of(Map.of(), Map.of(TOPIC, "x-dlq-headers"), false),
            utf8("x-dlq-source-topic", "orders"),
            utf8("x-dlq-source-partition", "3"),
            utf8("x-dlq-source-offset", "17"),
            utf8("x-dlq-exception-class", "a.B"));
    assertThat(prefixed.facts().recordId()).isEqualTo("orders-3-17");
    assertThat(prefixed.detail().error().className()).isEqualTo("a.B");
  }

  @Test
  void proveNothingOnOtherTopics() {
    Failure failure = read(DialectRules.NONE, utf8("dlq-original-topic", "orders"));
    assertThat(failure.detail().dialect()).isEqualTo("unknown");
  }

  @Test
  void aSetOfTheSettingsReadsItsOwnEncodings() {
    DialectRules rules =
        custom(
            Map.of(
                "source-topic", "x-from",
                "source-partition", "x-part int32",
                "source-offset", "x-off int64",
                "source-timestamp", "x-at bigint",
                "error-code", "x-code"));
    Failure failure =
        read(
            rules,
            utf8("x-from", "orders"),
            Sample.i32("x-part", 3),
            Sample.i64("x-off", 17),
            DeadLetters.hex("x-at", "018bcfe5687b"),
            utf8("x-code", "timeout"));

    assertThat(failure.detail().dialect()).isEqualTo("alias:ours");
    assertThat(failure.detail().source())
        .isEqualTo(new Source("orders", 3, 17L, 0x018bcfe5687bL, null));
    assertThat(failure.facts().errorCode()).isEqualTo("timeout");
  }

  @Test
  void aReplayTakesThemOffWithoutTheSettings() {
    Failure failure =
        read(
            custom(Map.of("error-code", "x-code", "record-id", "order-no")),
            utf8("trace", "t"),
            utf8("order-no", "7"),
            utf8("x-code", "timeout"),
            utf8("x-code", "timeout"));
    FailureDetail stored = DetailCodec.decode(DetailCodec.encode(failure.detail()));

    assertThat(failure.facts().recordId()).isEqualTo("7");
    assertThat(Replays.payload(stored).orElseThrow().headers())
        .containsExactly(utf8("trace", "t"), utf8("order-no", "7"));
  }

  @Test
  void theSameRecordAfterAReplayIsTheSameLetter() {
    DialectRules rules = custom(Map.of("error-code", "x-code", "record-id", "order-no"));
    Failure first = read(rules, utf8("order-no", "7"), utf8("x-code", "timeout"));
    RawRecord replayed = Replays.record(first.detail(), replay(first, 1)).orElseThrow();
    RawRecord failed = DeadLetters.plus(replayed, utf8("x-code", "refused"));

    Failure again = Dialects.read(inbound(failed, TOPIC, WRITTEN_AT), rules).get(0);
    assertThat(again.id()).isEqualTo(first.id());
    assertThat(again.facts().errorCode()).isEqualTo("refused");
    assertThat(again.detail().warnings()).isEmpty();
  }

  @Test
  void aMalformedNumberIsAWarning() {
    Failure failure =
        read(
            custom(Map.of("source-offset", "x-off int64")),
            new Header("x-off", RawBytes.utf8("17")));
    assertThat(failure.detail().source().offset()).isNull();
    assertThat(failure.detail().warnings()).anyMatch(w -> w.contains("x-off: 8 bytes expected"));
  }

  @Test
  void ofAnotherConventionOnTheRecordTheHeadersAreTakenOffToo() {
    RawRecord raw = DeadLetters.plus(DeadLetters.connect(), utf8("x-code", "timeout"));
    Failure failure =
        Dialects.read(inbound(raw, TOPIC, WRITTEN_AT), custom(Map.of("error-code", "x-code")))
            .get(0);

    assertThat(failure.detail().conventions())
        .containsExactly("alias:ours", "header:x-code", "connect");
    assertThat(Replays.payload(failure.detail()).orElseThrow().headers())
        .containsExactly(utf8("trace", "t-1"));
  }

  @Test
  void whatIsWrongInTheSettingsIsSaid() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> custom(Map.of("source-place", "x")))
        .withMessageContaining("source-place: there is no such field; write one of pipeline-id");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> custom(Map.of("error-code", "x int32")))
        .withMessageContaining("\"int32\" is no encoding of it; write one of text");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> custom(Map.of()))
        .withMessageContaining("headers of ours: names no header");
    Map<String, Map<String, String>> connect = Map.of("connect", Map.of("error-code", "x"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DialectRules.of(Map.of(), Map.of(), false, connect))
        .withMessageContaining("connect is the name of a dialect");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DialectRules.of(Map.of(), Map.of(TOPIC, "nobody"), false))
        .withMessageContainingAll("there is no dialect nobody", List.of("connect").get(0));
  }
}
