// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import static dev.redrive.dialect.DeadLetters.hex;
import static dev.redrive.dialect.DeadLetters.nothing;
import static dev.redrive.dialect.DeadLetters.plus;
import static dev.redrive.dialect.DeadLetters.read;
import static dev.redrive.dialect.DeadLetters.record;
import static dev.redrive.dialect.DeadLetters.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Failure;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReplaysTest {
  private static final List<Header> BUSINESS =
      List.of(
          utf8("traceparent", "00-4bf9-01"),
          hex("bin", "00ff80"),
          nothing("null"),
          utf8("dup", "1"),
          utf8("__TypeId__", "com.acme.Order"),
          utf8("dup", "2"),
          utf8("empty", ""),
          // Names like those of conventions that were not found, or of ours, but not quite.
          utf8("x-original-topic", "mine"),
          utf8("__connect.error", "mine"),
          utf8("redrive", "mine"),
          utf8("redrive-me-later", "mine"),
          utf8("Redrive-Letter-Id", "mine"));

  static List<RawRecord> conventions() {
    return List.of(
        DeadLetters.connect(),
        DeadLetters.connectAgain(),
        DeadLetters.streams(),
        DeadLetters.spring(),
        DeadLetters.springRetryable(),
        DeadLetters.ours());
  }

  @ParameterizedTest
  @MethodSource("conventions")
  void sendsKeyValueAndTheRemainingHeadersAsTheyWere(RawRecord failed) {
    List<Header> mixed = new ArrayList<>();
    List<Header> failure =
        failed.headers().stream().filter(h -> !h.name().equals("trace")).toList();
    for (int i = 0; i < Math.max(failure.size(), BUSINESS.size()); i++) {
      if (i < failure.size()) {
        mixed.add(failure.get(i));
      }
      if (i < BUSINESS.size()) {
        mixed.add(BUSINESS.get(i));
      }
    }
    RawRecord raw = record(failed.key(), failed.value(), mixed);
    Failure read = read(raw);
    RawRecord sent = Replays.record(read.detail(), DeadLetters.replay(read, 1)).orElseThrow();

    assertThat(sent.key()).isEqualTo(failed.key());
    assertThat(sent.value()).isEqualTo(failed.value());
    assertThat(sent.headers().subList(0, BUSINESS.size())).isEqualTo(BUSINESS);
    assertThat(sent.headers().subList(BUSINESS.size(), sent.headers().size()))
        .isEqualTo(DeadLetters.replay(read, 1).headers());
  }

  @Test
  void aConventionThatWasNotFoundKeepsItsHeaders() {
    RawRecord raw =
        plus(DeadLetters.connect(), utf8("retry_topic-attempts", "mine"), utf8("kafka_x", "y"));
    assertThat(names(Replays.payload(read(raw).detail()).orElseThrow()))
        .containsExactly("trace", "retry_topic-attempts", "kafka_x");
  }

  @Test
  void severalConventionsAreAllStripped() {
    RawRecord raw =
        plus(DeadLetters.spring(), DeadLetters.connect().headers().toArray(Header[]::new));
    assertThat(names(Replays.payload(read(raw).detail()).orElseThrow()))
        .containsExactly("trace", "trace");
  }

  @Test
  void theHeadersOfAnEarlierReplayAreReplaced() {
    Failure first = read(DeadLetters.ours());
    ReplayHeaders replay =
        new ReplayHeaders(
            first.id(), "orders", "order-7", "run_1", 1, "high", "try it", "ann", "resume");
    RawRecord replayed = Replays.record(first.detail(), replay).orElseThrow();
    Failure second = read(plus(replayed, utf8("redrive-error-code", "again")));
    RawRecord sent = Replays.record(second.detail(), DeadLetters.replay(second, 2)).orElseThrow();

    assertThat(sent.headers())
        .containsExactly(
            utf8("trace", "t-1"),
            utf8("redrive-letter-id", LetterId.of("orders", "order-7").toString()),
            utf8("redrive-pipeline-id", "orders"),
            utf8("redrive-record-id", "order-7"),
            utf8("redrive-run-id", "run_1"),
            utf8("redrive-attempt", "2"));
    assertThat(replayed.headers().subList(6, 10))
        .containsExactly(
            utf8("redrive-priority", "high"),
            utf8("redrive-note", "try it"),
            utf8("redrive-requested-by", "ann"),
            utf8("redrive-replay-mode", "resume"));
  }

  @Test
  void aTombstoneIsSentAsOne() {
    RawRecord raw = record(RawBytes.utf8("k"), null, DeadLetters.connect().headers());
    RawRecord sent = Replays.payload(read(raw).detail()).orElseThrow();
    assertThat(sent.key()).isEqualTo(RawBytes.utf8("k"));
    assertThat(sent.value()).isNull();
  }

  @Test
  void dialectsOfANewerVersionArePassedOver() {
    FailureDetail d = read(DeadLetters.connect()).detail();
    FailureDetail newer =
        new FailureDetail(
            d.raw(),
            "carrier-pigeon",
            List.of("carrier-pigeon", "connect"),
            d.error(),
            d.source(),
            null,
            null,
            List.of(),
            null);
    assertThat(names(Replays.payload(newer).orElseThrow())).containsExactly("trace");
  }

  @Test
  void aReferenceNamesTheRecordAndIsNoTombstone() {
    RawRecord sent = Replays.reference(DeadLetters.replay("orders \"eu\"", "a\nb"));

    assertThat(sent.key()).isEqualTo(RawBytes.utf8("a\nb"));
    assertThat(sent.value())
        .isEqualTo(
            RawBytes.utf8(
                "{\"pipeline_id\":\"orders \\\"eu\\\"\",\"source_record_id\":\"a\\nb\"}"));
    assertThat(sent.headers().get(5)).isEqualTo(utf8("redrive-payload", "reference"));
  }

  @Test
  void aReferenceThatFailsIsStillALetterWithoutPayload() {
    RawRecord sent = Replays.reference(DeadLetters.replay("orders", "7"));
    Failure failed = read(plus(sent, utf8("redrive-error-code", "gone")));

    assertThat(failed.id()).isEqualTo(LetterId.of("orders", "7"));
    assertThat(failed.facts().fidelity()).isEqualTo(Fidelity.MISSING);
  }

  @Test
  void aCopyOfAnyRecordKeepsAllButOurs() {
    RawRecord original = plus(DeadLetters.connect(), utf8("redrive-letter-id", "old"));
    RawRecord sent = Replays.copy(original, DeadLetters.replay("p", "r"));
    assertThat(sent.headers().subList(0, 11)).isEqualTo(DeadLetters.connect().headers());
    assertThat(sent.headers().get(11))
        .isEqualTo(utf8("redrive-letter-id", LetterId.of("p", "r").toString()));
  }

  private static List<String> names(RawRecord record) {
    return record.headers().stream().map(Header::name).toList();
  }
}
