// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import static dev.redrive.dialect.DeadLetters.inbound;
import static dev.redrive.dialect.DeadLetters.plus;
import static dev.redrive.dialect.DeadLetters.read;
import static dev.redrive.dialect.DeadLetters.record;
import static dev.redrive.dialect.DeadLetters.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Failure;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.ReplayMark;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdentityTest {

  @Test
  void idFollowsFromPipelineAndRecord() {
    Failure failure = read(DeadLetters.ours());
    assertThat(failure.id()).isEqualTo(LetterId.of("orders", "order-7"));
    assertThat(failure.facts().letterId()).isEqualTo(failure.id());
  }

  @Test
  void pipelineIsTheOwnHeaderThenTheSettingsThenTheConventionThenTheTopic() {
    DialectRules rules = DialectRules.of(Map.of("c-dlq", "configured"));
    RawRecord own = plus(DeadLetters.connect(), utf8("redrive-pipeline-id", "own"));

    assertThat(pipelineOf(own, "c-dlq", rules)).isEqualTo("own");
    assertThat(pipelineOf(DeadLetters.connect(), "c-dlq", rules)).isEqualTo("configured");
    assertThat(pipelineOf(DeadLetters.connect(), "other", rules)).isEqualTo("my-sink");
    assertThat(pipelineOf(DeadLetters.streams(), "other", rules)).isEqualTo("other");
  }

  @Test
  void aReplayThatFailsIsTheSameLetterWhereverItFailed() {
    Failure first = read(DeadLetters.spring(), "sp-in-dlt", DeadLetters.WRITTEN_AT);
    RawRecord replayed = Replays.record(first.detail(), DeadLetters.replay(first, 1)).orElseThrow();
    List<Header> failedElsewhere = DeadLetters.connect().headers();
    Failure second = read(plus(replayed, failedElsewhere.toArray(Header[]::new)), "other-dlq", 1);

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.facts().letterId()).isEqualTo(first.id());
    assertThat(second.facts().replay()).isEqualTo(new ReplayMark("run_1", 1));
    assertThat(second.detail().dialect()).isEqualTo("connect");
    assertThat(second.detail().warnings()).isEmpty();
  }

  @Test
  void theHeadersOfAReplayProveNoDialect() {
    Failure first = read(DeadLetters.ours());
    RawRecord replayed = Replays.record(first.detail(), DeadLetters.replay(first, 1)).orElseThrow();
    assertThat(read(replayed).detail().dialect()).isEqualTo("unknown");
    assertThat(read(replayed).id()).isEqualTo(first.id());
  }

  @Test
  void idsThatDisagreeWithTheLettersAreALetterOfTheirOwn() {
    RawRecord copied =
        plus(
            DeadLetters.ours(),
            utf8("redrive-letter-id", LetterId.of("other", "x").toString()),
            utf8("redrive-run-id", "run_9"),
            utf8("redrive-attempt", "3"));
    Failure failure = read(copied);

    assertThat(failure.id()).isEqualTo(LetterId.of("orders", "order-7"));
    assertThat(failure.facts().replay()).isNull();
    assertThat(failure.detail().warnings()).anyMatch(w -> w.contains("redrive-letter-id"));
  }

  @Test
  void theLettersIdDecidesWhereTheIdsBesideItWereDropped() {
    LetterId id = LetterId.of("p", "r");
    Failure failure = read(plus(DeadLetters.spring(), utf8("redrive-letter-id", id.toString())));
    assertThat(failure.id()).isEqualTo(id);
    assertThat(failure.detail().warnings()).isEmpty();
  }

  @Test
  void aLetterIdThatIsNoneIsAWarning() {
    Failure failure = read(plus(DeadLetters.ours(), utf8("redrive-letter-id", "dlq_zzz")));
    assertThat(failure.id()).isEqualTo(LetterId.of("orders", "order-7"));
    assertThat(failure.detail().warnings()).anyMatch(w -> w.contains("redrive-letter-id"));
  }

  @Test
  void attemptsThatAreNoneAreAWarning() {
    for (String attempt : List.of("0", "-1", "x", "99999999999", "")) {
      Failure failure =
          read(
              plus(
                  DeadLetters.ours(),
                  utf8("redrive-run-id", "r"),
                  utf8("redrive-attempt", attempt)));
      assertThat(failure.facts().replay()).isEqualTo(new ReplayMark("r", null));
      assertThat(failure.detail().warnings()).isNotEmpty();
    }
  }

  @Test
  void longIdsKeepAReadableStartAndStayDistinct() {
    Failure a = withIds("p".repeat(300), "r".repeat(5_000) + "a");
    Failure b = withIds("p".repeat(300), "r".repeat(5_000) + "b");

    assertThat(a.facts().pipelineId()).hasSize(249).startsWith("pppp");
    assertThat(a.facts().recordId()).hasSize(1_000).startsWith("rrrr");
    assertThat(a.id()).isNotEqualTo(b.id());
    assertThat(a.id()).isEqualTo(a.facts().letterId());
    assertThat(a.detail().warnings()).hasSize(2);
  }

  @Test
  void aLongIdComesBackFromAReplayAsItIs() {
    Failure first = withIds("p".repeat(300), "r".repeat(5_000));
    RawRecord replayed = Replays.record(first.detail(), DeadLetters.replay(first, 1)).orElseThrow();
    assertThat(read(replayed).id()).isEqualTo(first.id());
  }

  @Test
  void idsThatAreNoUtf8StayDistinct() {
    Failure a = read(record("k", "v", DeadLetters.hex("redrive-record-id", "41ff")));
    Failure b = read(record("k", "v", DeadLetters.hex("redrive-record-id", "41fe")));
    assertThat(a.facts().recordId()).isNotEqualTo(b.facts().recordId());
    assertThat(a.detail().warnings()).anyMatch(w -> w.contains("not UTF-8"));
  }

  @Test
  void anEmptyIdIsNone() {
    Failure failure = read(record("k", "v", utf8("redrive-pipeline-id", "")), "errors", 1);
    assertThat(failure.facts().pipelineId()).isEqualTo("errors");
    assertThat(failure.detail().warnings()).anyMatch(w -> w.contains("redrive-pipeline-id"));
  }

  @Test
  void keepsWhereItLies() {
    Failure failure = read(DeadLetters.ours(), "errors", 7);
    assertThat(failure.facts().position())
        .isEqualTo(
            new dev.redrive.letter.DeadLetterPosition(DeadLetters.TOPIC_ID, "errors", 1, 42, 0, 7));
  }

  private static Failure withIds(String pipeline, String record) {
    return read(
        new RawRecord(
            null,
            RawBytes.utf8("v"),
            List.of(utf8("redrive-pipeline-id", pipeline), utf8("redrive-record-id", record))));
  }

  private static String pipelineOf(RawRecord raw, String topic, DialectRules rules) {
    return Dialects.read(inbound(raw, topic, 1), rules).get(0).facts().pipelineId();
  }
}
