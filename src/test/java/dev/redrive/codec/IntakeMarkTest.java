// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.DeadLetterPosition;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IntakeMarkTest {
  private final IntakeMark mark = new IntakeMark(10, 2);

  @Test
  void coversWhatLiesAtOrBeforeIt() {
    assertThat(mark.covers(at(9, 7))).isTrue();
    assertThat(mark.covers(at(10, 1))).isTrue();
    assertThat(mark.covers(at(10, 2))).isTrue();
  }

  @Test
  void doesNotCoverWhatLiesAfterIt() {
    assertThat(mark.covers(at(10, 3))).isFalse();
    assertThat(mark.covers(at(11, 0))).isFalse();
  }

  private static DeadLetterPosition at(long offset, int part) {
    return new DeadLetterPosition(new UUID(1, 2), "t", 0, offset, part, 0);
  }
}
