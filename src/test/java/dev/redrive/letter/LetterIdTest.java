// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LetterIdTest {

  @Test
  void isTheSameForTheSamePipelineAndRecordForEver() {
    // Fixed: a changed algorithm would orphan every stored letter. 128 bits of
    // SHA-256(00000007 "billing" 00000003 "r-1").
    assertThat(LetterId.of("billing", "r-1").toString())
        .isEqualTo("dlq_1n05my9za6mfa00aeagbamevan");
  }

  @Test
  void doesNotConfuseWherePipelineEndsAndRecordBegins() {
    assertThat(LetterId.of("ab", "c")).isNotEqualTo(LetterId.of("a", "bc"));
  }

  @Test
  void readsWhatItWritesUnderBothPrefixes() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      LetterId id = new LetterId(random.nextLong(), random.nextLong());
      assertThat(LetterId.parse(id.toString())).contains(id);
      assertThat(LetterId.parse(id.pipelinesText())).contains(id);
      assertThat(id.toString()).matches("dlq_[0-9a-hjkmnp-tv-z]{26}");
    }
  }

  @Test
  void ordersAsItsText() {
    Random random = new Random(2);
    for (int i = 0; i < 10_000; i++) {
      LetterId one = new LetterId(random.nextLong(), random.nextLong());
      LetterId other = new LetterId(random.nextLong(), random.nextLong());
      assertThat(Integer.signum(one.compareTo(other)))
          .isEqualTo(Integer.signum(one.toString().compareTo(other.toString())));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "dlq_",
        "dlq_0123456789abcdefghjkmnpqr",
        "dlq_0123456789abcdefghjkmnpqrst",
        "dlq_8000000000000000000000000z",
        "dlq_0123456789ABCDEFGHJKMNPQRS",
        "dlq_0123456789abcdefghijkmnpqr",
        "abc_0123456789abcdefghjkmnpqrs"
      })
  void readsNothingElse(String text) {
    assertThat(LetterId.parse(text)).isEmpty();
  }
}
