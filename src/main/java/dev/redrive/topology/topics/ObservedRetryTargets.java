// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;

/**
 * Retry topics as the cluster shows them, looked up again every few seconds by a thread of its own.
 * While the cluster does not answer, what was last known holds.
 */
public final class ObservedRetryTargets implements RetryTargets, AutoCloseable {

  /** A topic that nobody asked for in this time is forgotten. */
  private static final Duration FORGET_AFTER = Duration.ofMinutes(10);

  private final RetryTargetLook look;
  private final InstantSource clock;
  private final BackgroundThread thread =
      new BackgroundThread(
          "redrive-retry-targets", "Cannot look at retry topics; going on with what is known");
  private final Map<String, Asked> asked = new ConcurrentHashMap<>();
  private final Set<String> wanted = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean askedNow = new AtomicBoolean();

  /**
   * Times in epoch milliseconds.
   *
   * @param at when a stream thread last asked
   * @param lookedAt when the look that gave the answer began
   */
  private record Asked(RetryTarget target, long at, long lookedAt) {
    boolean answers(long since) {
      return target instanceof RetryTarget.Writable
          || (!(target instanceof RetryTarget.NotYetKnown) && lookedAt >= since);
    }
  }

  private ObservedRetryTargets(Admin admin, InstantSource clock) {
    this.look = new RetryTargetLook(admin);
    this.clock = clock;
  }

  /**
   * Starts looking.
   *
   * @param admin stays the caller's, who closes it after this
   * @param every between two looks at all topics asked for
   */
  public static ObservedRetryTargets start(Admin admin, Duration every) {
    ObservedRetryTargets targets = new ObservedRetryTargets(admin, InstantSource.system());
    targets.thread.every(every, targets::refresh);
    return targets;
  }

  @Override
  public RetryTarget find(String topic, long since) {
    long now = clock.millis();
    Asked known =
        asked.merge(
            topic,
            new Asked(new RetryTarget.NotYetKnown(), now, 0),
            (before, unknown) -> new Asked(before.target(), now, before.lookedAt()));
    if (known.answers(since)) {
      return known.target();
    }
    wanted.add(topic);
    if (askedNow.compareAndSet(false, true)) {
      thread.soon(this::lookAtWanted);
    }
    return new RetryTarget.NotYetKnown();
  }

  /** What is known of the topic proved wrong: who asks next waits for another look. */
  public void doubt(String topic) {
    asked.computeIfPresent(
        topic, (name, before) -> new Asked(new RetryTarget.NotYetKnown(), before.at(), 0));
  }

  /** Stops looking; what is known stays. */
  @Override
  public void close() {
    thread.close();
  }

  private void refresh() {
    long now = clock.millis();
    asked.values().removeIf(entry -> now - entry.at() > FORGET_AFTER.toMillis());
    look(List.copyOf(asked.keySet()));
  }

  private void lookAtWanted() {
    // Before the look: a topic asked for during it must cause another one.
    askedNow.set(false);
    List<String> topics = List.copyOf(wanted);
    topics.forEach(wanted::remove);
    look(topics);
  }

  private void look(List<String> topics) {
    if (topics.isEmpty()) {
      return;
    }
    long began = clock.millis();
    look.at(topics)
        .forEach(
            (topic, target) ->
                asked.computeIfPresent(
                    topic, (name, before) -> new Asked(target, before.at(), began)));
  }
}
