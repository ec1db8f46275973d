// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * How often a failure callback is called, and when again. What it decides follows from the letter,
 * the call and the time alone, jitter included.
 *
 * @param delays after the first call that failed, the second, and so on; after the last of them the
 *     callback has failed
 */
public record CallbackPolicy(List<Duration> delays) {
  private static final int JITTER_PERCENT = 20;

  public CallbackPolicy {
    delays = List.copyOf(delays);
  }

  /**
   * When it is called again after a call that did not work; empty: it is not.
   *
   * @param calls how often it was called, from 1
   * @param now epoch milliseconds, as is the answer
   */
  public OptionalLong again(LetterId id, int calls, CallbackReply reply, long now) {
    if (reply.hopeless() || calls > delays.size()) {
      return OptionalLong.empty();
    }
    long delay = delays.get(calls - 1).toMillis();
    // The id is the start of a hash; stirred with the call it is as good as chance.
    long stirred = (id.low() ^ (calls * 0x9E3779B97F4A7C15L)) * 0xBF58476D1CE4E5B9L;
    double between = (stirred >>> 11) * 0x1.0p-53;
    return OptionalLong.of(now + delay + Math.round(delay * between * JITTER_PERCENT / 100));
  }
}
