// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.function.LongSupplier;

/**
 * How long one task may work on runs at a time. The tasks of a thread share a bit more than half of
 * it: a thread that does nothing but punctuate takes one record of each task between two rounds,
 * and arrivals would wait for minutes behind a large run.
 */
final class StepTime {
  private static final long PER_ROUND_NANOS = 60_000_000;
  private static final long RECENT_NANOS = 1_000_000_000;
  private static final ThreadLocal<StepTime> OF_THREAD =
      ThreadLocal.withInitial(() -> new StepTime(System::nanoTime));

  private final LongSupplier clock;
  private final Map<Object, Long> busy = new WeakHashMap<>();

  StepTime(LongSupplier clock) {
    this.clock = clock;
  }

  static StepTime ofThread() {
    return Objects.requireNonNull(OF_THREAD.get(), "has an initial value");
  }

  /**
   * Begins a step.
   *
   * @param task who works; it counts for a second
   * @return when the step must end, on {@link #now}'s clock
   */
  long begin(Object task) {
    long start = now();
    busy.put(task, start);
    Iterator<Long> seen = busy.values().iterator();
    while (seen.hasNext()) {
      if (start - seen.next() > RECENT_NANOS) {
        seen.remove();
      }
    }
    return start + PER_ROUND_NANOS / busy.size();
  }

  long now() {
    return clock.getAsLong();
  }
}
