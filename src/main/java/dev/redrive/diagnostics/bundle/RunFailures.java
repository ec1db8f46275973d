// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.bundle;

import dev.redrive.run.Run;
import dev.redrive.run.RunState;
import dev.redrive.run.Sums;
import java.time.Duration;
import java.util.Set;

/** Which runs get a bundle by themselves. */
public final class RunFailures {
  /** What ended longer ago was looked at by whoever had the run then. */
  static final Duration RECENT = Duration.ofMinutes(10);

  /** Letters that were passed over for these reasons did not fail. */
  private static final Set<String> NO_FAILURES =
      Set.of(Sums.CANCELLED, Sums.CHANGED, Sums.IN_OTHER_RUN);

  private RunFailures() {}

  /** Letters that failed again, told nothing in time, or could not be sent. */
  public static long of(Run run) {
    Sums sums = run.sums();
    long refused =
        sums.skipped().entrySet().stream()
            .filter(reason -> !NO_FAILURES.contains(reason.getKey()))
            .mapToLong(reason -> reason.getValue())
            .sum();
    return sums.failed() + sums.unconfirmed() + refused;
  }

  /** Whether it has come to a place where somebody will want to know what went wrong. */
  public static boolean stands(Run run) {
    return run.state().ended() || run.state() instanceof RunState.Halted;
  }

  /** Whether this place of the run gets one. */
  public static boolean wanted(Run run, long now) {
    Long endedAt = run.progress().endedAt();
    return stands(run)
        && !run.options().dryRun()
        && (run.state() instanceof RunState.Halted || of(run) > 0)
        && (endedAt == null || now - endedAt <= RECENT.toMillis());
  }

  /** What names this place: a run may halt, be resumed, and halt again. */
  public static String place(Run run) {
    return run.id() + " " + run.state().word() + " " + run.sums().replayed();
  }
}
