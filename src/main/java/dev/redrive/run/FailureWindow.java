// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import dev.redrive.command.RunOptions.FailureLimit;

/**
 * How the replays that settled last have fared: two halves of a window, of which the older one is
 * dropped when the newer one is full.
 */
public record FailureWindow(long olderBad, long olderAll, long newerBad, long newerAll) {
  public static final FailureWindow EMPTY = new FailureWindow(0, 0, 0, 0);

  FailureWindow plus(long bad, long all, FailureLimit limit) {
    long half = Math.max(1, limit.window() / 2);
    FailureWindow rolled = newerAll >= half ? new FailureWindow(newerBad, newerAll, 0, 0) : this;
    return new FailureWindow(
        rolled.olderBad, rolled.olderAll, rolled.newerBad + bad, rolled.newerAll + all);
  }

  boolean exceeds(FailureLimit limit) {
    long all = olderAll + newerAll;
    return all >= limit.window() && bad() > limit.share() * all;
  }

  long bad() {
    return olderBad + newerBad;
  }

  long all() {
    return olderAll + newerAll;
  }
}
