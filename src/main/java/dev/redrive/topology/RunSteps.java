// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Punctuates more often while there are runs to work on. A thread polls between two rounds of
 * punctuations only, and takes little with each poll: long steps would leave arrivals waiting.
 */
final class RunSteps {
  private static final Duration EVERY = Duration.ofMillis(20);

  private final ProcessorContext<?, ?> context;
  private final Punctuator step;
  private @Nullable Cancellable scheduled;

  /** Begins for one init of a task. */
  RunSteps(ProcessorContext<?, ?> context, Punctuator step) {
    this.context = context;
    this.step = step;
  }

  /** Punctuates from now on, or no longer. */
  void needed(boolean now) {
    Cancellable running = scheduled;
    if (now && running == null) {
      scheduled = context.schedule(EVERY, PunctuationType.WALL_CLOCK_TIME, step);
    } else if (!now && running != null) {
      running.cancel();
      scheduled = null;
    }
  }
}
