// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import static dev.redrive.dialect.DeadLetters.plus;
import static dev.redrive.dialect.DeadLetters.read;
import static dev.redrive.dialect.DeadLetters.record;
import static dev.redrive.dialect.DeadLetters.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.codec.DetailCodec;
import dev.redrive.letter.Failure;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureDetail.Cut;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureLimitsTest {
  private static final FailureLimits LIMITS = new FailureLimits(100_000);
  private static final String ERRORS = "redrive-error-stack-trace";

  @Test
  void whatFitsIsLeftAlone() {
    Failure failure = read(withValue(90_000));
    assertThat(LIMITS.fit(failure)).isSameAs(failure);
  }

  @Test
  void aLargeValueIsCutFirst() {
    Failure failure = read(withValue(1_000_000));
    FailureDetail cut = LIMITS.fit(failure).detail();

    assertThat(cut.cut()).isEqualTo(new Cut(1_000_000, 0, 0));
    assertThat(cut.raw().headers()).isEqualTo(failure.detail().raw().headers());
    assertThat(cut.raw().value().size()).isBetween(90_000, 100_000);
    assertThat(cut.warnings()).last().asString().contains("value of 1000000 bytes");
    assertFits(LIMITS.fit(failure));
  }

  @Test
  void thenTheTraceAndTheHeadersThatHoldIt() {
    RawRecord raw = plus(withValue(5_000), utf8(ERRORS, "a.B: x\n" + "é".repeat(150_000)));
    FailureDetail cut = LIMITS.fit(read(raw)).detail();

    assertThat(cut.cut().valueBytes()).isEqualTo(5_000);
    assertThat(cut.cut().traceBytes()).isGreaterThan(300_000);
    assertThat(cut.cut().headerBytes()).isGreaterThan(300_000);
    assertThat(cut.cut().payload()).isTrue();
    assertThat(cut.error().stackTrace()).startsWith("a.B: x\né");
    assertThat(cut.raw().headers()).hasSize(raw.headers().size() - 1);
    assertFits(LIMITS.fit(read(raw)));
  }

  @Test
  void manyHeadersKeepTheFirst() {
    RawRecord raw =
        new RawRecord(
            RawBytes.utf8("k"),
            RawBytes.utf8("v"),
            Collections.nCopies(10_000, utf8("business-header", "0123456789")));
    Failure fit = LIMITS.fit(read(raw));

    assertThat(fit.detail().raw().headers()).hasSizeBetween(2_000, 4_000);
    assertThat(fit.detail().cut().valueBytes()).isZero();
    assertFits(fit);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"metadata\": {\"m\": \"%s\"}}",
        "{\"error\": {\"message\": \"%s\"}}",
        "{\"http\": {\"callback\": \"%s\"}}",
        "{\"http\": {\"response\": {\"body\": \"%s\"}}}",
        "{\"http\": {\"header\": {\"%s\": [\"a\"]}}}",
        "{\"labels\": [\"%s\"]}",
      })
  void whateverIsLargeTheLetterIsKept(String json) {
    Failure failure = read(DeadLetters.envelope(json.formatted("é".repeat(400_000))));
    assertFits(LIMITS.fit(failure));
  }

  @Test
  void aLargeKeyMakesThePayloadACutOne() {
    RawRecord raw = record("k".repeat(500_000), "v", utf8("redrive-error-code", "c"));
    Failure fit = LIMITS.fit(read(raw));

    assertThat(fit.detail().cut().payload()).isTrue();
    assertFits(fit);
    assertThat(Replays.restored(fit.detail(), raw, 0).orElseThrow().raw()).isEqualTo(raw);
  }

  @Test
  void limitsThatNothingFitsAreRefused() {
    assertThatThrownBy(() -> new FailureLimits(10)).hasMessageContaining("98304");
  }

  private static RawRecord withValue(int size) {
    return new RawRecord(
        RawBytes.utf8("k"),
        RawBytes.of(new byte[size]),
        List.of(new Header("h", null), utf8("redrive-error-code", "c")));
  }

  private static void assertFits(Failure failure) {
    // The facts take their share of the limit; here they are small.
    assertThat(DetailCodec.encode(failure.detail()).length).isLessThan(99_500);
  }
}
