// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JustCancelledTest {
  private final JustCancelled cancelled = new JustCancelled();

  @Test
  void holdsARunForTenSecondsAndNoOther() {
    cancelled.add("run_1", 50_000);
    assertThat(cancelled.contains("run_1", 50_000)).isTrue();
    assertThat(cancelled.contains("run_1", 59_999)).isTrue();
    assertThat(cancelled.contains("run_1", 60_000)).isFalse();
    assertThat(cancelled.contains("run_2", 50_000)).isFalse();
  }

  @Test
  void clockThatIsSetBackDoesNotHoldItLonger() {
    cancelled.add("run_1", 50_000);
    assertThat(cancelled.contains("run_1", 49_999)).isFalse();
  }
}
