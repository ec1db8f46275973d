// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;

/**
 * Retry topics as the cluster shows them, looked up again every few seconds by a thread of its own.
 * While the cluster does not answer, what was last known holds.
 */
public final class ObservedRetryTargets implements RetryTargets, AutoCloseable {

  /** A topic that nobody asked for in this time is forgotten. */
  private static final Duration FORGET_AFTER = Duration.ofMinutes(10);

  private final RetryTargetLook look;
  private final LongSupplier nanoTime;
  private final BackgroundThread thread =
      new BackgroundThread(
          "redrive-retry-targets", "Cannot look at retry topics; going on with what is known");
  private final Map<String, Asked> asked = new ConcurrentHashMap<>();
  private final AtomicBoolean askedNow = new AtomicBoolean();

  /**
   * @param at when a stream thread last asked, in the clock's nanoseconds
   */
  private record Asked(RetryTarget target, long at) {}

  private ObservedRetryTargets(Admin admin, LongSupplier nanoTime) {
    this.look = new RetryTargetLook(admin);
    this.nanoTime = nanoTime;
  }

  /**
   * Starts looking.
   *
   * @param admin stays the caller's, who closes it after this
   * @param every between two looks at all topics asked for
   */
  public static ObservedRetryTargets start(Admin admin, Duration every) {
    ObservedRetryTargets targets = new ObservedRetryTargets(admin, System::nanoTime);
    targets.thread.every(every, targets::refresh);
    return targets;
  }

  @Override
  public RetryTarget find(String topic) {
    long now = nanoTime.getAsLong();
    Asked known =
        asked.merge(
            topic,
            new Asked(new RetryTarget.NotYetKnown(), now),
            (before, unknown) -> new Asked(before.target(), now));
    if (known.target() instanceof RetryTarget.NotYetKnown && askedNow.compareAndSet(false, true)) {
      thread.soon(this::refreshUnknown);
    }
    return known.target();
  }

  /** What is known of the topic proved wrong: who asks next waits for another look. */
  public void doubt(String topic) {
    asked.computeIfPresent(
        topic, (name, before) -> new Asked(new RetryTarget.NotYetKnown(), before.at()));
  }

  /** Stops looking; what is known stays. */
  @Override
  public void close() {
    thread.close();
  }

  private void refresh() {
    long now = nanoTime.getAsLong();
    asked.values().removeIf(entry -> now - entry.at() > FORGET_AFTER.toNanos());
    look(List.copyOf(asked.keySet()));
  }

  private void refreshUnknown() {
    // Before the look: a topic asked for during it must cause another one.
    askedNow.set(false);
    look(
        asked.entrySet().stream()
            .filter(entry -> entry.getValue().target() instanceof RetryTarget.NotYetKnown)
            .map(Map.Entry::getKey)
            .toList());
  }

  private void look(List<String> topics) {
    if (topics.isEmpty()) {
      return;
    }
    look.at(topics)
        .forEach(
            (topic, target) ->
                asked.computeIfPresent(topic, (name, before) -> new Asked(target, before.at())));
  }
}
