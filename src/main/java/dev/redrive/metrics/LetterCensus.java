// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import dev.redrive.query.CensusReader;
import dev.redrive.store.Census;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the letters of this instance's partitions again and again, in a thread of its own: a
 * scrape must not cost what a look costs, however often somebody scrapes.
 */
final class LetterCensus implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(LetterCensus.class);

  /** A look takes at most one part in so many of the time. */
  private static final int REST = 20;

  private final CensusReader letters;
  private final Consumer<Map<Integer, Census>> shown;
  private final long pauseNanos;
  private final Thread thread = new Thread(this::lookAgainAndAgain, "redrive-census");

  private LetterCensus(CensusReader letters, Consumer<Map<Integer, Census>> shown, Duration pause) {
    this.letters = letters;
    this.shown = shown;
    this.pauseNanos = pause.toNanos();
  }

  /**
   * Starts to look.
   *
   * @param shown takes what each partition that is served here has
   * @param pause the shortest time between two looks
   */
  static LetterCensus start(
      CensusReader letters, Consumer<Map<Integer, Census>> shown, Duration pause) {
    LetterCensus census = new LetterCensus(letters, shown, pause);
    census.thread.setDaemon(true);
    census.thread.start();
    return census;
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void lookAgainAndAgain() {
    while (!Thread.currentThread().isInterrupted()) {
      long start = System.nanoTime();
      try {
        shown.accept(letters.read());
      } catch (KafkaException e) {
        // A store that closes under the question is a rebalance, and the next look is soon.
        LOGGER.atDebug().setCause(e).log("the letters could not be counted");
      } catch (RuntimeException e) {
        // The edge of the thread: metrics that stop for good would look like letters that do.
        LOGGER.atWarn().setCause(e).log("the letters could not be counted for metrics");
      }
      long rest = Math.max(pauseNanos, REST * (System.nanoTime() - start));
      try {
        TimeUnit.NANOSECONDS.sleep(rest);
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
