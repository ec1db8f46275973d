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
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the stream is doing: whether it can be asked, what it is doing, whether it is lost.
 *
 * <p>Once it has run it stays ready while partitions move: it answers from what it has, from its
 * standbys and through its peers. When one instance dies all others rebalance at once, and if they
 * said then that they are not ready, nobody would be asked any more.
 */
final class Health
    implements KafkaStreams.StateListener, StreamsUncaughtExceptionHandler, StateRestoreListener {
  private static final Logger LOGGER = LoggerFactory.getLogger(Health.class);

  /** More failed threads than this within {@link #WINDOW} are no accident. */
  private static final int MAX_FAILURES = 30;

  private static final Duration WINDOW = Duration.ofMinutes(10);

  private final Supplier<KafkaStreams.State> state;
  private final Clock clock;
  private final Deque<Long> failures = new ArrayDeque<>();
  private final Map<TopicPartition, Long> toRestore = new ConcurrentHashMap<>();
  private volatile boolean hasRun;
  private volatile boolean stopping;

  /**
   * @param state of the stream now; what it has been is told by {@link #onChange}
   */
  Health(Supplier<KafkaStreams.State> state, Clock clock) {
    this.state = state;
    this.clock = clock;
  }

  /** Begins to watch; before the stream is started. */
  static Health of(KafkaStreams streams, Clock clock) {
    Health health = new Health(streams::state, clock);
    streams.setStateListener(health);
    streams.setUncaughtExceptionHandler(health);
    streams.setGlobalStateRestoreListener(health);
    return health;
  }

  /** From now on it says that it is not ready, whatever it still can do. */
  void stopping() {
    stopping = true;
  }

  @Override
  public void onChange(KafkaStreams.State now, KafkaStreams.State before) {
    if (now == KafkaStreams.State.RUNNING) {
      hasRun = true;
    }
  }

  boolean alive() {
    KafkaStreams.State now = state.get();
    return now != KafkaStreams.State.ERROR && !now.hasCompletedShutdown();
  }

  Readiness readiness() {
    if (stopping) {
      return new Readiness(false, "stopping");
    }
    return switch (state.get()) {
      case CREATED -> new Readiness(false, "starting");
      case RUNNING -> new Readiness(true, "running");
      case REBALANCING -> new Readiness(hasRun, moving());
      case ERROR -> new Readiness(false, "the stream failed too often; see the log, then restart");
      default -> new Readiness(false, "stopping");
    };
  }

  /** Whether partitions are being given out or restored, so that some may be answered late. */
  boolean rebalancing() {
    return state.get() == KafkaStreams.State.REBALANCING;
  }

  private String moving() {
    long left = toRestore();
    return left > 0
        ? "restoring letters: " + left + " changelog records to go"
        : "partitions are being assigned";
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
