// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each caller may ask: a bucket for each, which holds some seconds of its rate, so that a
 * page that asks for ten things at once is not refused. Threads may share one.
 */
final class RateLimits {
  /** A full bucket lasts so long at its rate. */
  private static final int SECONDS_HELD = 10;

  /**
   * So many callers are remembered, those who asked last. Names and addresses come from outside, so
   * they must not fill the memory.
   */
  private static final int MOST = 10_000;

  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > MOST;
        }
      };

  /**
   * What a caller has left.
   *
   * @param allowed whether this request is within the limit
   * @param limit requests at once at most
   * @param remaining requests that would be answered now
   * @param fullAt when all of them would be, epoch seconds
   * @param retryAfterSeconds when the next request is worth sending; at least 1
   */
  record Standing(boolean allowed, int limit, int remaining, long fullAt, int retryAfterSeconds) {}

  private record Bucket(double tokens, long filledAt) {}

  /**
   * Counts a request.
   *
   * @param caller who asks
   * @param perSecond how often they may in the long run
   * @param now epoch milliseconds
   */
  synchronized Standing take(String caller, int perSecond, long now) {
    int limit = Math.multiplyExact(perSecond, SECONDS_HELD);
    Bucket before = buckets.getOrDefault(caller, new Bucket(limit, now));
    // A clock that was set back gives nothing and takes nothing.
    double fresh = Math.max(0, now - before.filledAt) * (double) perSecond / 1_000;
    double tokens = Math.min(limit, before.tokens + fresh);
    boolean allowed = tokens >= 1;
    double left = allowed ? tokens - 1 : tokens;
    buckets.put(caller, new Bucket(left, now));
    long fullAt = now / 1_000 + (long) Math.ceil((limit - left) / perSecond);
    int wait = (int) Math.max(1, Math.ceil((1 - left) / perSecond));
    return new Standing(allowed, limit, (int) left, fullAt, wait);
  }
}
