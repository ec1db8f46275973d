// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordIdPatternTest {

  @Test
  @Timeout(20)
  void backtrackingBombsAreHarmless() {
    RecordIdPattern bomb = RecordIdPattern.of("(a|aa|a?)+(a+)+$");
    assertThat(bomb.foundIn("a".repeat(1_000) + "!")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "[a",
        "a**",
        "(?<=a)b",
        "((a{100}){100}){100}",
        "a{1001}",
        "\\1",
        "x{2,1}",
        "a{900}{900}"
      })
  void whatIsNoExpressionOrTooLargeIsRefused(String expression) {
    assertThatThrownBy(() -> RecordIdPattern.of(expression))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("(?s).{10,}");
  }
}
