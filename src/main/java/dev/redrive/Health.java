// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import dev.redrive.http.Probes.Readiness;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the stream is doing: whether it can be asked, what it is doing, whether it is lost. */
final class Health implements StreamsUncaughtExceptionHandler, StateRestoreListener {
  private static final Logger LOGGER = LoggerFactory.getLogger(Health.class);

  /** More failed threads than this within {@link #WINDOW} are no accident. */
  private static final int MAX_FAILURES = 30;

  private static final Duration WINDOW = Duration.ofMinutes(10);

  private final KafkaStreams streams;
  private final Clock clock;
  private final Deque<Long> failures = new ArrayDeque<>();
  private final Map<TopicPartition, Long> toRestore = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  private Health(KafkaStreams streams, Clock clock) {
    this.streams = streams;
    this.clock = clock;
  }

  /** Begins to watch; before the stream is started. */
  static Health of(KafkaStreams streams, Clock clock) {
    Health health = new Health(streams, clock);
    streams.setUncaughtExceptionHandler(health);
    streams.setGlobalStateRestoreListener(health);
    return health;
  }

  /** From now on it says that it is not ready, whatever it still can do. */
  void stopping() {
    stopping = true;
  }

  boolean alive() {
    KafkaStreams.State state = streams.state();
    return state != KafkaStreams.State.ERROR && !state.hasCompletedShutdown();
  }

  Readiness readiness() {
    if (stopping) {
      return new Readiness(false, "stopping");
    }
    KafkaStreams.State state = streams.state();
    if (state == KafkaStreams.State.RUNNING) {
      return new Readiness(true, "running");
    }
    long left = toRestore();
    return switch (state) {
      case CREATED -> new Readiness(false, "starting");
      case REBALANCING ->
          new Readiness(
              false,
              left > 0
                  ? "restoring letters: " + left + " changelog records to go"
                  : "partitions are being assigned");
      case ERROR -> new Readiness(false, "the stream failed too often; see the log, then restart");
      default -> new Readiness(false, "stopping");
    };
  }

  /** Changelog records that are still to be read before all that is here can be read. */
  long toRestore() {
    return toRestore.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * A thread that fails is replaced: what fails passes (a fenced producer, a broker that is away),
   * and a record that always fails must not be possible. Too many in a short time are the end, so
   * that whatever runs the process sees it.
   */
  @Override
  public synchronized StreamThreadExceptionResponse handle(Throwable error) {
    long now = clock.millis();
    failures.add(now);
    while (!failures.isEmpty() && now - failures.peek() > WINDOW.toMillis()) {
      failures.poll();
    }
    boolean lost = failures.size() > MAX_FAILURES;
    LOGGER
        .atError()
        .addKeyValue("failures", failures.size())
        .setCause(error)
        .log(lost ? "a stream thread failed too often; stopping" : "a stream thread is replaced");
    return lost
        ? StreamThreadExceptionResponse.SHUTDOWN_CLIENT
        : StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  @Override
  public void onRestoreStart(TopicPartition partition, String store, long from, long to) {
    toRestore.put(partition, to - from);
  }

  @Override
  public void onBatchRestored(TopicPartition partition, String store, long end, long restored) {
    toRestore.computeIfPresent(partition, (p, left) -> Math.max(0, left - restored));
  }

  @Override
  public void onRestoreEnd(TopicPartition partition, String store, long total) {
    toRestore.remove(partition);
  }

  @Override
  public void onRestoreSuspended(TopicPartition partition, String store, long total) {
    toRestore.remove(partition);
  }
}
