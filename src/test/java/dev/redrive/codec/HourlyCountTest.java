// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HourlyCountTest {
  private static final long START = 1_790_000_000_000L;
  private static final long HOUR = 3_600_000;

  @Test
  void noHourWhereverItBeginsHasMoreThanTheLimit() {
    Random random = new Random(7);
    HourlyCount count = HourlyCount.NONE;
    List<Long> sent = new ArrayList<>();
    long now = START;
    while (now < START + 10 * HOUR) {
      now += random.nextInt(40_000);
      if (count.within(now) < 50) {
        count = HourlyCount.decode(count.plus(now).encode());
        sent.add(now);
      }
      assertThat(count.minutes()).hasSizeLessThanOrEqualTo(62);
    }
    for (long from : sent) {
      assertThat(sent.stream().filter(at -> at >= from && at < from + HOUR)).hasSizeLessThan(51);
    }
    assertThat(sent).as("what is allowed is used").hasSizeGreaterThan(480);
  }

  @Test
  void replaysLeaveAfterAnHourAndTheMinuteTheyWereIn() {
    HourlyCount count = HourlyCount.NONE.plus(START).plus(START);

    assertThat(count.within(START + HOUR - 1)).isEqualTo(2);
    assertThat(count.nextLeaves(START)).isBetween(START + HOUR, START + HOUR + 60_000);
    assertThat(count.within(count.nextLeaves(START))).isZero();
    assertThat(Deadline.of(count.encode())).isEqualTo(count.nextLeaves(START));
  }
}
