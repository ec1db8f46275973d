// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs whose cancel a task of this instance has just read. All its tasks send no more of them,
 * where they would hear of it after three commits, each behind what the run itself has sent. Only a
 * hint: a cancel that is never committed is read again, and a run that waits for ten seconds loses
 * nothing. Threads share one.
 */
final class JustCancelled {
  private static final long HOLDS_MS = Duration.ofSeconds(10).toMillis();

  private final Map<String, Long> until = new ConcurrentHashMap<>();

  /**
   * Notes one.
   *
   * @param now epoch milliseconds
   */
  void add(String runId, long now) {
    until.values().removeIf(end -> !holds(end, now));
    until.put(runId, now + HOLDS_MS);
  }

  /** Whether a run is not to be gone on with. */
  boolean contains(String runId, long now) {
    Long end = until.get(runId);
    return end != null && holds(end, now);
  }

  /** Where the clock was set back it is over as well, and not hours later. */
  private static boolean holds(long end, long now) {
    return end > now && end - now <= HOLDS_MS;
  }
}
