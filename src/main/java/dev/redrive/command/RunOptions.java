// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.command;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a run goes about it. Null: no limit, or nothing said.
 *
 * @param rate replays per second, over all partitions
 * @param maxInFlight replays at most whose outcome is not known
 * @param newestFirst by time of the last failure; else oldest first
 * @param priority {@code high}, {@code normal} or {@code low}; travels with each replay
 * @param dryRun only says what would be done
 * @param exclusive whether it takes the pipeline's slot; null: where it is over the whole pipeline
 */
public record RunOptions(
    @Nullable Double rate,
    @Nullable Integer maxInFlight,
    @Nullable Canary canary,
    @Nullable FailureLimit failureLimit,
    boolean newestFirst,
    @Nullable String priority,
    boolean dryRun,
    @Nullable String name,
    @Nullable Boolean exclusive) {

  public static final double MIN_RATE = 0.01;
  public static final double MAX_RATE = 1_000_000;
  public static final int MAX_IN_FLIGHT = 10_000_000;

  public static final RunOptions NONE =
      new RunOptions(null, null, null, null, false, null, false, null, null);

  /**
   * A few are tried first, and the others only after enough of those have succeeded.
   *
   * @param waitFor how long their outcomes are waited for
   */
  public record Canary(int size, Duration waitFor, int minSuccess) {
    public static final int MAX_SIZE = 100_000;
    public static final Duration DEFAULT_WAIT = Duration.ofMinutes(5);
  }

  /**
   * The run halts when so much of what settled last has failed.
   *
   * @param share more than this of them, from 0 up to, not including, 1
   * @param window how many settled replays are looked at
   */
  public record FailureLimit(double share, int window) {
    public static final int DEFAULT_WINDOW = 100;
    public static final int MAX_WINDOW = 1_000_000;
  }
}
