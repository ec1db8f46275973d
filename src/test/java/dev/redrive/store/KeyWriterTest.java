// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.LetterId;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyWriterTest {

  @Test
  void textsKeepTheirOrderAndNoneIsTheStartOfAnother() {
    List<String> texts = List.of("", "\0", "\0\0", "\0a", "a", "a\0", "a\0b", "aa", "b", "é");
    for (int i = 1; i < texts.size(); i++) {
      byte[] before = new KeyWriter().text(texts.get(i - 1)).done();
      byte[] after = new KeyWriter().text(texts.get(i)).done();
      assertThat(Arrays.compareUnsigned(before, after)).isNegative();
      assertThat(Arrays.mismatch(before, after)).isLessThan(before.length);
      assertThat(new KeyReader(after).text()).isEqualTo(texts.get(i));
    }
  }

  @Test
  void timesKeepTheirOrderOnBothSidesOf1970() {
    List<Long> times = List.of(Long.MIN_VALUE, -1L, 0L, 1L, Letters.MONDAY, Long.MAX_VALUE);
    for (int i = 1; i < times.size(); i++) {
      byte[] up = new KeyWriter().ascending(times.get(i)).done();
      byte[] down = new KeyWriter().descending(times.get(i)).done();
      byte[] upBefore = new KeyWriter().ascending(times.get(i - 1)).done();
      byte[] downBefore = new KeyWriter().descending(times.get(i - 1)).done();
      assertThat(Arrays.compareUnsigned(upBefore, up)).isNegative();
      assertThat(Arrays.compareUnsigned(downBefore, down)).isPositive();
      assertThat(new KeyReader(up).ascending()).isEqualTo(times.get(i));
      assertThat(new KeyReader(down).descending()).isEqualTo(times.get(i));
    }
  }

  @Test
  void aListsKeysAreByteForByteAsDocumented() {
    byte[] key =
        new KeyWriter()
            .raw(LetterIndex.PIPELINE.prefix("ab"))
            .descending(0)
            .id(new LetterId(1, 2))
            .done();

    assertThat(key)
        .isEqualTo(
            new byte[] {
              'P', 'a', 'b', 0, 0, 0x7F, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0,
              0, 0, 0, 0, 0, 2
            });
  }
}
