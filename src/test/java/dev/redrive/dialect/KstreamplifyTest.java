// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import static dev.redrive.dialect.DeadLetters.WRITTEN_AT;
import static dev.redrive.dialect.DeadLetters.inbound;
import static dev.redrive.dialect.DeadLetters.replay;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Failure;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Values as its Avro serializer writes them, made byte by byte. */
class KstreamplifyTest {
  private static final DialectRules RULES =
      DialectRules.of(Map.of(), Map.of("errors", "kstreamplify"), false);

  private final Avro avro = new Avro();

  private static Failure read(byte[] value) {
    RawRecord raw = new RawRecord(RawBytes.utf8("k"), RawBytes.of(value), List.of());
    return Dialects.read(inbound(raw, "errors", WRITTEN_AT), RULES).get(0);
  }

  private Avro error(String printed, byte[] bytes) {
    return avro.text("boom 5")
        .text("while processing")
        .text("java.lang.IllegalStateException: boom 5\n\tat a.B.c(B.java:1)\n")
        .text(printed)
        .optional(bytes)
        .number(17)
        .number(3)
        .bytes("orders".getBytes(UTF_8));
  }

  private byte[] whole() {
    return error("{\"a\":1}", null)
        .text("billing")
        .text("KSTREAM-MAPVALUES-1")
        .text("0_3")
        .optional(new byte[] {0, -1})
        .optional(new byte[] {0, 0, 0, 13})
        .value();
  }

  @Test
  void theSourceRecordIsThePayload() {
    Failure failure = read(whole());

    assertThat(failure.detail().dialect()).isEqualTo("kstreamplify");
    assertThat(failure.detail().warnings()).isEmpty();
    assertThat(failure.facts().pipelineId()).isEqualTo("billing");
    assertThat(failure.facts().recordId()).isEqualTo("orders-3-17");
    assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.EXTRACTED);
    assertThat(failure.detail().source()).isEqualTo(new Source("orders", 3, 17L, null, null));
    assertThat(failure.detail().error().message()).isEqualTo("boom 5");
    assertThat(failure.detail().error().rootCause()).isEqualTo("java.lang.IllegalStateException");
    assertThat(failure.detail().metadata())
        .isEqualTo(
            "{\"context\":\"while processing\",\"processor_node\":\"KSTREAM-MAPVALUES-1\","
                + "\"task_id\":\"0_3\"}");
    RawRecord sent = Replays.record(failure.detail(), replay(failure, 1)).orElseThrow();
    assertThat(sent.key()).isEqualTo(RawBytes.of(new byte[] {0, -1}));
    assertThat(sent.value()).isEqualTo(RawBytes.of(new byte[] {0, 0, 0, 13}));
  }

  @Test
  void theFirstVersionHasFewerFields() {
    Failure failure = read(error(null, "notlong".getBytes(UTF_8)).value());

    assertThat(failure.facts().pipelineId()).isEqualTo("errors");
    assertThat(failure.facts().recordId()).isEqualTo("orders-3-17");
    assertThat(Replays.payload(failure.detail()))
        .contains(new RawRecord(RawBytes.utf8("k"), RawBytes.utf8("notlong"), List.of()));
  }

  @Test
  void aPrintedValueCanNotBeReplayed() {
    Failure failure = read(error("{\"a\":1}", null).text("billing").value());

    assertThat(failure.facts().fidelity()).isEqualTo(Fidelity.TEXT_ONLY);
    assertThat(Replays.payload(failure.detail())).isEmpty();
  }

  @Test
  void aValueThatIsNoneIsKeptWithAWarningWhereverItIsCut() {
    byte[] whole = whole();
    for (int length = 0; length < whole.length; length++) {
      Failure failure = read(Arrays.copyOf(whole, length));
      assertThat(failure.detail().raw().value().size()).isEqualTo(length);
    }
    assertThat(read("{}".getBytes(UTF_8)).detail().dialect()).isEqualTo("unknown");
    assertThat(read("{}".getBytes(UTF_8)).detail().warnings())
        .anyMatch(warning -> warning.contains("kstreamplify"));
  }

  @Test
  void absurdLengthsAreRefused() {
    byte[] huge = new Avro().number(1).number(Long.MAX_VALUE).value();
    assertThat(read(huge).detail().dialect()).isEqualTo("unknown");
    byte[] endless = new byte[40];
    Arrays.fill(endless, 5, 40, (byte) -1);
    assertThat(read(endless).detail().dialect()).isEqualTo("unknown");
  }

  /** Writes Avro's binary form after a schema's number. */
  private static final class Avro {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Avro() {
      out.writeBytes(new byte[] {0, 0, 0, 0, 7});
    }

    Avro number(long number) {
      long rest = (number << 1) ^ (number >> 63);
      while ((rest & ~0x7FL) != 0) {
        out.write((int) (rest & 0x7F) | 0x80);
        rest >>>= 7;
      }
      out.write((int) rest);
      return this;
    }

    Avro bytes(byte[] bytes) {
      number(bytes.length);
      out.writeBytes(bytes);
      return this;
    }

    Avro optional(byte[] bytes) {
      return bytes == null ? number(0) : number(1).bytes(bytes);
    }

    Avro text(String text) {
      return optional(text == null ? null : text.getBytes(UTF_8));
    }

    byte[] value() {
      return out.toByteArray();
    }
  }
}
