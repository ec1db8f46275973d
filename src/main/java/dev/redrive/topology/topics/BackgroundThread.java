// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import dev.redrive.thread.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named daemon thread that asks things of the cluster, some of them again and again. A question
 * that fails is asked again at its next turn, and the log says so once until one succeeds.
 */
final class BackgroundThread implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(BackgroundThread.class);
  private static final long STOP_SECONDS = 5;

  private final ScheduledThreadPoolExecutor executor;
  private final String complaint;
  private boolean failing;

  /**
   * @param complaint what to log when it fails: what does not work, what that means, what to do
   */
  BackgroundThread(String name, String complaint) {
    this.complaint = complaint;
    this.executor =
        new ScheduledThreadPoolExecutor(
            1,
            DaemonThreads.named(name),
            // A task handed in while stopping is of no use to anybody.
            new ThreadPoolExecutor.DiscardPolicy());
  }

  void every(Duration pause, Runnable task) {
    Future<?> unused =
        executor.scheduleWithFixedDelay(
            () -> attempt(task), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  void soon(Runnable task) {
    executor.execute(() -> attempt(task));
  }

  private void attempt(Runnable task) {
    try {
      task.run();
      failing = false;
    } catch (InterruptException e) {
      // Closing; the executor sees the interrupt.
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // Whatever it is: let through, it would end the repetition for good.
      if (!failing) {
        LOGGER.atWarn().setCause(e).log(complaint);
      }
      failing = true;
    }
  }

  /** Interrupts what runs and waits for its end, not for ever. */
  @Override
  public void close() {
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        LOGGER.atWarn().log("A background thread did not end in time; it is left to the JVM");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
