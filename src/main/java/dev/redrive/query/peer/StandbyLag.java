// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import dev.redrive.query.LocalPartitions;
import dev.redrive.query.PartitionAnswer;
import dev.redrive.query.peer.WholeCopies.Place;
import dev.redrive.thread.DaemonThreads;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the partitions of this process are behind their changelogs, looked up on a thread of its
 * own: the brokers are asked for that, and whoever reads from a standby must not wait for brokers
 * that are away.
 */
public final class StandbyLag implements LocalPartitions.Copies, AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(StandbyLag.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** What was known longer ago tells nothing. */
  private static final Duration GOOD_FOR = Duration.ofSeconds(5);

  private final KafkaStreams streams;
  private final String store;
  private final ScheduledExecutorService thread;
  private final WholeCopies whole = new WholeCopies();
  private volatile Known known = new Known(Map.of(), Set.of(), System.nanoTime());

  /** What a look found: all partitions that are here, and which of them are standbys. */
  private record Known(Map<Integer, Long> behind, Set<Integer> standbys, long at) {
    boolean old() {
      return System.nanoTime() - at > GOOD_FOR.toNanos();
    }
  }

  private StandbyLag(KafkaStreams streams, String store) {
    this.streams = streams;
    this.store = store;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("redrive-standby-lag"));
  }

  /**
   * Begins to look.
   *
   * @param store name of the letter store
   */
  public static StandbyLag start(KafkaStreams streams, String store) {
    StandbyLag lag = new StandbyLag(streams, store);
    var unused =
        lag.thread.scheduleWithFixedDelay(
            lag::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return lag;
  }

  /** Changelog records that a partition has still to read, or {@link PartitionAnswer#UNKNOWN}. */
  @Override
  public long behind(int partition) {
    Known last = known;
    return last.old()
        ? PartitionAnswer.UNKNOWN
        : last.behind.getOrDefault(partition, PartitionAnswer.UNKNOWN);
  }

  /** Also when brokers are away: what was whole stays so. */
  @Override
  public boolean whole(int partition) {
    return whole.contains(partition);
  }

  /** What the furthest standby has still to read; NaN: unknown; 0 where there is none. */
  public double ofStandbys() {
    Known last = known;
    return last.old()
        ? Double.NaN
        : last.standbys.stream()
            .mapToLong(partition -> last.behind.getOrDefault(partition, 0L))
            .max()
            .orElse(0);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void look() {
    if (!streams.state().isRunningOrRebalancing()) {
      return;
    }
    long at = System.nanoTime();
    try {
      Map<Integer, Long> behind = new HashMap<>();
      Map<Integer, Place> places = new HashMap<>();
      streams
          .allLocalStorePartitionLags()
          .getOrDefault(store, Map.of())
          .forEach(
              (partition, lag) -> {
                behind.put(partition, lag.offsetLag());
                places.put(
                    partition, new Place(lag.currentOffsetPosition(), lag.endOffsetPosition()));
              });
      whole.look(places);
      known = new Known(behind, standbys(), at);
    } catch (KafkaException | IllegalStateException e) {
      LOGGER.atDebug().setCause(e).log("How far standbys are behind could not be looked up");
    }
  }

  /** Only the ledger has a store, and so standbys. */
  private Set<Integer> standbys() {
    return streams.metadataForLocalThreads().stream()
        .flatMap(thread -> thread.standbyTasks().stream())
        .map(task -> task.taskId().partition())
        .collect(Collectors.toSet());
  }
}
