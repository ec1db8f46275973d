// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import static dev.redrive.dialect.DeadLetters.ARRIVED_AT;
import static dev.redrive.dialect.DeadLetters.WRITTEN_AT;
import static dev.redrive.dialect.DeadLetters.nothing;
import static dev.redrive.dialect.DeadLetters.plus;
import static dev.redrive.dialect.DeadLetters.read;
import static dev.redrive.dialect.DeadLetters.record;
import static dev.redrive.dialect.DeadLetters.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.dialect.header.Warnings;
import dev.redrive.letter.Failure;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NativeDialectTest {

  @Test
  void readsEveryHeader() {
    Failure failure =
        read(
            plus(
                DeadLetters.ours(),
                utf8("redrive-connection-id", "pg-1"),
                utf8("redrive-pipeline-run-id", "night-7"),
                utf8("redrive-failure-kind", "verification"),
                utf8("redrive-error-root-cause", "java.net.ConnectException"),
                utf8(
                    "redrive-error-stack-trace",
                    "java.sql.SQLException\n\tat com.acme.Db.put(Db.java:1)"),
                utf8("redrive-failed-at", "2026-11-22T00:10:00.123Z"),
                utf8("redrive-first-failed-at", "1795306000000"),
                utf8("redrive-retry-count", "5"),
                utf8("redrive-source-topic", "orders"),
                utf8("redrive-source-partition", "3"),
                utf8("redrive-source-offset", "1077245"),
                utf8("redrive-source-timestamp", "1700000000123"),
                utf8("redrive-source-consumer-group", "billing"),
                utf8("redrive-label", "eu"),
                utf8("redrive-label", "vip"),
                utf8("redrive-label", "eu"),
                utf8("redrive-metadata-tenant", "a\"b"),
                nothing("redrive-metadata-host")));
    FailureFacts facts = failure.facts();

    assertThat(failure.detail().dialect()).isEqualTo("redrive");
    assertThat(facts.connectionId()).isEqualTo("pg-1");
    assertThat(facts.pipelineRunId()).isEqualTo("night-7");
    assertThat(facts.kind()).isEqualTo(FailureKind.VERIFICATION);
    assertThat(facts.failedAt()).isEqualTo(1_795_306_200_123L);
    assertThat(facts.firstFailedAt()).isEqualTo(1_795_306_000_000L);
    assertThat(facts.retryCount()).isEqualTo(5);
    assertThat(facts.labels()).containsExactly("eu", "vip");
    assertThat(facts.sourceTopic()).isEqualTo("orders");
    assertThat(facts.replay()).isNull();
    assertThat(failure.detail().source())
        .isEqualTo(new Source("orders", 3, 1_077_245L, 1_700_000_000_123L, "billing"));
    assertThat(failure.detail().error())
        .isEqualTo(
            new FailureError(
                "db_refused",
                "duplicate key 7",
                "java.sql.SQLException",
                "java.net.ConnectException",
                "java.sql.SQLException\n\tat com.acme.Db.put(Db.java:1)"));
    assertThat(failure.detail().metadata()).isEqualTo("{\"tenant\":\"a\\\"b\",\"host\":null}");
    assertThat(failure.detail().warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"redrive-error-code", "redrive-error-message", "redrive-error-class"})
  void oneOfThreeHeadersProvesIt(String header) {
    assertThat(read(record("k", "v", utf8(header, "x"))).detail().dialect()).isEqualTo("redrive");
  }

  @Test
  void theLastOfSeveralIsTheNewest() {
    assertThat(
            read(plus(DeadLetters.ours(), utf8("redrive-error-code", "newer"))).facts().errorCode())
        .isEqualTo("newer");
  }

  @Test
  void withoutTimesItFailedWhenItWasWritten() {
    FailureFacts facts = read(DeadLetters.ours(), "errors", WRITTEN_AT).facts();
    assertThat(facts.failedAt()).isEqualTo(WRITTEN_AT);
    assertThat(facts.firstFailedAt()).isEqualTo(WRITTEN_AT);
    assertThat(read(DeadLetters.ours(), "errors", -1).facts().failedAt()).isEqualTo(ARRIVED_AT);
  }

  @ParameterizedTest
  @CsvSource({"299999, false", "300000, false", "300001, true"})
  void aFailedTimeFarAheadOfItsArrivalBecomesThat(long ahead, boolean isCorrected) {
    Failure failure =
        read(plus(DeadLetters.ours(), utf8("redrive-failed-at", "" + (ARRIVED_AT + ahead))));

    assertThat(failure.facts().failedAt()).isEqualTo(isCorrected ? ARRIVED_AT : ARRIVED_AT + ahead);
    assertThat(failure.detail().warnings()).hasSize(isCorrected ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "2026-11-22T00:10:00", "", "-5", "9223372036854775808"})
  void aTimeThatIsNoneIsAWarning(String time) {
    Failure failure = read(plus(DeadLetters.ours(), utf8("redrive-failed-at", time)));
    assertThat(failure.facts().failedAt()).isEqualTo(WRITTEN_AT);
    assertThat(failure.detail().warnings())
        .singleElement()
        .asString()
        .contains("redrive-failed-at");
  }

  @Test
  void factsStaySmall() {
    RawRecord raw = DeadLetters.ours();
    for (int i = 0; i < 40; i++) {
      raw = plus(raw, utf8("redrive-label", i + "l".repeat(300)));
    }
    raw = plus(raw, utf8("redrive-error-code", "c".repeat(500)));
    raw = plus(raw, utf8("redrive-connection-id", "i".repeat(500)));
    raw = plus(raw, utf8("redrive-source-topic", "t".repeat(500)));
    Failure failure = read(raw);

    assertThat(failure.facts().labels()).hasSize(32).allMatch(label -> label.length() == 200);
    assertThat(failure.facts().errorCode()).hasSize(200);
    assertThat(failure.facts().connectionId()).hasSize(200);
    assertThat(failure.facts().sourceTopic()).hasSize(249);
    assertThat(failure.detail().raw()).isEqualTo(raw);
    assertThat(failure.detail().warnings()).hasSizeBetween(10, Warnings.MAX + 1);
  }

  @Test
  void warningsAreBounded() {
    RawRecord raw =
        new RawRecord(
            null, null, Collections.nCopies(10_000, utf8("redrive-label", "l".repeat(201))));
    Failure failure = read(plus(raw, utf8("redrive-error-code", "c")));
    assertThat(failure.detail().warnings()).hasSize(Warnings.MAX + 1);
    assertThat(failure.detail().warnings()).allMatch(w -> w.length() <= Warnings.MAX_LENGTH);
  }
}
