// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks for commits on behalf of somebody who waits, who would else wait for the commit interval.
 *
 * <p>Asked for after every record, each of many commands would be a transaction of its own: Streams
 * takes one record of each task, then commits all tasks of the thread, some hundred times a second.
 * So a thread that has just asked a few times asks again after a pause only, for all that came
 * meanwhile.
 */
final class PromptCommits {
  private static final ThreadLocal<Pace> PACE = ThreadLocal.withInitial(Pace::new);

  private final ProcessorContext<?, ?> context;
  private @Nullable Cancellable later;

  /** Begins for one init of a task. */
  PromptCommits(ProcessorContext<?, ?> context) {
    this.context = context;
  }

  /** Somebody waits for what the task has just done. */
  void ask() {
    if (later != null) {
      return;
    }
    if (pace().allows(context.currentSystemTimeMs())) {
      context.commit();
    } else {
      later =
          context.schedule(
              Duration.ofMillis(Pace.PAUSE_MS), PunctuationType.WALL_CLOCK_TIME, this::again);
    }
  }

  private void again(long now) {
    if (pace().allows(now)) {
      Objects.requireNonNull(later, "nothing was put off").cancel();
      later = null;
      context.commit();
    }
  }

  private static Pace pace() {
    return Objects.requireNonNull(PACE.get(), "has an initial value");
  }

  /** One each {@link #PAUSE_MS} in the long run, and {@link #AT_ONCE} together after a while. */
  static final class Pace {
    static final long PAUSE_MS = 20;
    static final int AT_ONCE = 4;

    private long paidUntil = Long.MIN_VALUE;

    boolean allows(long now) {
      if (paidUntil > now + AT_ONCE * PAUSE_MS) {
        // Paid further ahead than it ever is: the clock was set back.
        paidUntil = now;
      }
      if (paidUntil > now + (AT_ONCE - 1) * PAUSE_MS) {
        return false;
      }
      paidUntil = Math.max(paidUntil, now) + PAUSE_MS;
      return true;
    }
  }
}
