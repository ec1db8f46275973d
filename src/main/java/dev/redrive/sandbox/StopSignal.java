// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Ctrl-C and SIGTERM: closes what runs, within ten seconds. */
final class StopSignal {
  /** What hangs then goes with the process. */
  private static final Duration LIMIT = Duration.ofSeconds(9);

  private final Runnable close;
  private final CountDownLatch closed = new CountDownLatch(1);

  private StopSignal(Runnable close) {
    this.close = close;
  }

  /**
   * From now on a signal closes what runs, also while it is starting.
   *
   * @param close may be called while it is called already
   */
  static StopSignal on(Runnable close) {
    StopSignal signal = new StopSignal(close);
    Runtime.getRuntime().addShutdownHook(new Thread(signal::stop, "sandbox-stop"));
    return signal;
  }

  /** Returns when the signal has come and all is closed. */
  void await() throws InterruptedException {
    closed.await();
  }

  private void stop() {
    Thread closer = new Thread(close, "sandbox-close");
    closer.setDaemon(true);
    closer.start();
    try {
      closer.join(LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closed.countDown();
    }
  }
}
