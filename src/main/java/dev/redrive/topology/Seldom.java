// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import java.time.Duration;

/**
 * Lets one complaint in a while through, so that a program which makes the same mistake with each
 * record does not fill the log. For one thread.
 */
final class Seldom {
  private static final long PAUSE = Duration.ofMinutes(1).toMillis();

  private long spokeAt;
  private int held;

  /**
   * Counts one.
   *
   * @param now epoch milliseconds
   * @return how many there were since the last that was let through, with this one; 0: not now
   */
  int count(long now) {
    held++;
    // A clock that was set back must not silence it for long.
    if (spokeAt > 0 && Math.abs(now - spokeAt) < PAUSE) {
      return 0;
    }
    int told = held;
    held = 0;
    spokeAt = now;
    return told;
  }
}
