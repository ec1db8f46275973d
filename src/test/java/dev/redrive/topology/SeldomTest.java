// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeldomTest {
  private static final long NOW = 1_000_000;

  @Test
  void theFirstIsToldAtOnceAndTheRestTogetherAMinuteLater() {
    Seldom seldom = new Seldom();

    assertThat(seldom.count(NOW)).isEqualTo(1);
    assertThat(seldom.count(NOW)).isZero();
    assertThat(seldom.count(NOW + 59_999)).isZero();
    assertThat(seldom.count(NOW + 60_000)).isEqualTo(3);
    assertThat(seldom.count(NOW + 60_001)).isZero();
  }

  @Test
  void aClockThatWasSetBackDoesNotSilenceIt() {
    Seldom seldom = new Seldom();
    seldom.count(NOW);

    assertThat(seldom.count(NOW - 500_000)).isEqualTo(1);
  }
}
