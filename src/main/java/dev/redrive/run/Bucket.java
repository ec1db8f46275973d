// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

/**
 * Replays that the rate allows and that nobody was allowed yet. It holds little: what could not be
 * sent in time is not made up for later, else a pause would end in a burst.
 *
 * @param refilledAt epoch milliseconds
 */
public record Bucket(double tokens, long refilledAt) {
  private static final double SECONDS_HELD = 0.4;

  Bucket refilled(double rate, long now) {
    double fresh = Math.max(0, now - refilledAt) * rate / 1_000;
    return new Bucket(Math.min(most(rate), tokens + fresh), now);
  }

  Bucket taken(long count) {
    return new Bucket(tokens - count, refilledAt);
  }

  /** What was allowed and not used comes back. */
  Bucket returned(long count) {
    return new Bucket(tokens + count, refilledAt);
  }

  private static double most(double rate) {
    return Math.max(1, rate * SECONDS_HELD);
  }
}
