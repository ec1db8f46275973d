// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ByteReaderTest {

  @Test
  void numbersOfEverySizeComeBack() {
    for (int bits = 0; bits < 64; bits++) {
      for (long near : new long[] {-1, 0, 1}) {
        long value = (1L << bits) + near;
        byte[] bytes =
            new ByteWriter(0).number(value).unsigned(value).number(-value).fixed(value).done();
        ByteReader in = new ByteReader(bytes);
        assertThat(List.of(in.number(), in.unsigned(), in.number(), in.fixed()))
            .containsExactly(value, value, -value, value);
        in.end("four numbers");
      }
    }
  }

  @Test
  void smallNumbersAreOneByte() {
    for (int value = -64; value < 64; value++) {
      assertThat(new ByteWriter(0).number(value).done()).as("%d", value).hasSize(1);
    }
  }

  @Test
  void absurdLengthsAreRefusedBeforeAnythingIsAllocated() {
    for (long length : new long[] {100, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, -1}) {
      byte[] bytes = new ByteWriter(16).unsigned(length).u8(0).done();
      assertThatThrownBy(() -> new ByteReader(bytes).optionalText())
          .as("text of %d", length)
          .isInstanceOf(UnreadableBytesException.class);
      assertThatThrownBy(() -> new ByteReader(bytes).raw())
          .as("bytes of %d", length)
          .isInstanceOf(UnreadableBytesException.class);
      assertThatThrownBy(() -> new ByteReader(bytes).list(ByteReader::u8))
          .as("list of %d", length)
          .isInstanceOf(UnreadableBytesException.class);
      assertThatThrownBy(() -> new ByteReader(bytes).skip(length))
          .as("skip of %d", length)
          .isInstanceOf(UnreadableBytesException.class);
    }
  }

  @Test
  void numberBeyondIntIsRefusedWhereIntMustBe() {
    byte[] bytes = new ByteWriter(0).number(1L << 31).done();

    assertThatThrownBy(() -> new ByteReader(bytes).integer())
        .isInstanceOf(UnreadableBytesException.class)
        .hasMessageContaining("2147483648");
  }

  @Test
  void varintThatNeverEndsIsRefused() {
    byte[] bytes = new byte[20];
    Arrays.fill(bytes, (byte) 0xFF);

    assertThatThrownBy(() -> new ByteReader(bytes).number())
        .isInstanceOf(UnreadableBytesException.class);
  }

  @Test
  void nullIsNotEmpty() {
    ByteReader in = new ByteReader(new ByteWriter(0).text(null).text("").raw(null).done());

    assertThat(in.optionalText()).isNull();
    assertThat(in.optionalText()).isEmpty();
    assertThat(in.raw()).isNull();
  }

  @Test
  void nullWhereTextMustBeIsRefused() {
    assertThatThrownBy(() -> new ByteReader(new byte[] {0}).text())
        .isInstanceOf(UnreadableBytesException.class)
        .hasMessageContaining("null where a text must be");
  }
}
