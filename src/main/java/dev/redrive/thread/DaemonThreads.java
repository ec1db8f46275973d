// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.thread;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads with a name, which a thread dump shows, and for which the process does not wait. */
public final class DaemonThreads {
  private DaemonThreads() {}

  /** For an executor of one thread. */
  public static ThreadFactory named(String name) {
    return task -> daemon(task, name);
  }

  /**
   * An executor whose threads end when there is nothing to do, and that refuses what its queue does
   * not hold.
   *
   * @param name its threads are called so with a hyphen and their number
   */
  public static ThreadPoolExecutor pool(String name, int threads, int queue) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(queue),
            task -> daemon(task, name + "-" + number.incrementAndGet()));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
