// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.diagnostics.artifact.ByteRange.Part;
import dev.redrive.diagnostics.artifact.ByteRange.Unsatisfiable;
import dev.redrive.diagnostics.artifact.ByteRange.Whole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 0",
    "bytes=2-4, 2, 4",
    "bytes=2-, 2, 9",
    "bytes=2-99, 2, 9",
    "bytes=-3, 7, 9",
    "bytes=-99, 0, 9",
    "BYTES=9-9, 9, 9",
    "bytes= 1 - 2 , 1, 2",
    "bytes=1-99999999999999999999999999, 1, 9"
  })
  void oneRangeIsUnderstood(String header, long from, long to) {
    assertThat(ByteRange.of(header, 10)).isEqualTo(new Part(from, to));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=10-11", "bytes=-0", "bytes=99999999999999999999-"})
  void whatBeginsBehindTheEndIsNoRange(String header) {
    assertThat(ByteRange.of(header, 10)).isEqualTo(new Unsatisfiable());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5-2",
        "bytes=0-1,3-4",
        "lines=1-2",
        "bytes=a-b",
        "bytes=--1",
        "0-5"
      })
  void allElseMeansTheWhole(String header) {
    assertThat(ByteRange.of(header, 10)).isEqualTo(new Whole());
  }

  @Test
  void anEmptyFileHasNoRanges() {
    assertThat(ByteRange.of(null, 0)).isEqualTo(new Whole());
    assertThat(ByteRange.of("bytes=0-", 0)).isEqualTo(new Unsatisfiable());
    assertThat(ByteRange.of("bytes=-1", 0)).isEqualTo(new Unsatisfiable());
  }

  @Test
  void aRangeCountsBothItsEnds() {
    assertThat(new Part(2, 4).length()).isEqualTo(3);
  }
}
