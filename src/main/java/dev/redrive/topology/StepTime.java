// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.function.LongSupplier;

/**
 * How long the tasks of one thread may work on runs. While records come they get less than half of
 * it: a thread that does nothing but punctuate takes one record of each task between two rounds,
 * and arrivals would wait for minutes behind a large run. While none comes they get most of it.
 *
 * <p>A step ends by the time that the thread has computed, so that a busy machine does not leave it
 * with next to nothing done; and a task that was long about a step by the clock rests before the
 * next, so that what the thread has left is still shared.
 */
final class StepTime {
  /** By the clock a step may take so many times as long as it computes; alone it may compute so. */
  private static final int CLOCK_FOR_CPU = 5;

  /** After so long without a record a thread has nothing else to do. */
  private static final long ALONE_AFTER_MS = 100;

  private static final long RECENT_MS = 1_000;
  private static final ThreadLocal<StepTime> OF_THREAD =
      ThreadLocal.withInitial(() -> new StepTime(System::nanoTime, cpuTime()));

  private final LongSupplier elapsed;
  private final LongSupplier computed;
  private final Map<Object, Last> last = new WeakHashMap<>();
  private long lastRecord;
  private boolean alone;
  private long began;
  private long elapsedAtBegin;
  private long clockEnd;
  private long cpuEnd;

  /** When a task last began a step and when it may begin the next, epoch milliseconds. */
  private record Last(long began, long restsUntil) {}

  /**
   * Streams' own clock stands still within a punctuation: by it, no step would ever be long.
   *
   * @param elapsed nanoseconds by the clock
   * @param computed nanoseconds for which the thread has computed
   */
  StepTime(LongSupplier elapsed, LongSupplier computed) {
    this.elapsed = elapsed;
    this.computed = computed;
  }

  static StepTime ofThread() {
    return Objects.requireNonNull(OF_THREAD.get(), "has an initial value");
  }

  /** The thread has taken a record that has nothing to do with runs. */
  void taken(long now) {
    lastRecord = now;
  }

  /**
   * Begins a step of a task.
   *
   * @param now epoch milliseconds
   * @param round milliseconds that the tasks of a thread compute together in one round
   * @return false where it has to rest, and there is no step
   */
  boolean begin(Object task, long now, long round) {
    Last before = last.get(task);
    if (before != null && now < before.restsUntil) {
      return false;
    }
    last.values().removeIf(each -> now - each.began > RECENT_MS);
    last.put(task, new Last(now, now));
    began = now;
    alone = now - lastRecord > ALONE_AFTER_MS;
    long clock = CLOCK_FOR_CPU * round / (alone ? 1 : last.size());
    elapsedAtBegin = elapsed.getAsLong();
    clockEnd = elapsedAtBegin + clock * 1_000_000;
    cpuEnd = computed.getAsLong() + (alone ? clock : round / last.size()) * 1_000_000;
    return true;
  }

  boolean isOver() {
    return elapsed.getAsLong() - clockEnd >= 0 || computed.getAsLong() - cpuEnd >= 0;
  }

  /**
   * The step has ended: the others of the thread, and its records, get their time before the next.
   */
  void end(Object task) {
    long took = (elapsed.getAsLong() - elapsedAtBegin) / 1_000_000;
    long round = took * last.size();
    // The steps of the others, and then the records.
    long rest = round - took + (alone ? 0 : round * 3 / 2);
    last.put(task, new Last(began, began + took + rest));
  }

  /** The task is closed. */
  void forget(Object task) {
    last.remove(task);
  }

  private static LongSupplier cpuTime() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return threads.isCurrentThreadCpuTimeSupported()
        ? threads::getCurrentThreadCpuTime
        : System::nanoTime;
  }
}
