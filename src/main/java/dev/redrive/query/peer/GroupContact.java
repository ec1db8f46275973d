// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import dev.redrive.thread.DaemonThreads;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When this process last heard from the coordinator of its consumer group. Without word for as long
 * as the session lasts, the coordinator may have given its partitions to another instance, and
 * nobody can tell it: it goes on as if they were its own. Its answers must not pass for fresh then.
 *
 * <p>What counts are answers of the coordinator, as each stream thread's consumer counts them; a
 * heartbeat that is sent and not answered proves nothing. Time is the machine's own, so neither a
 * clock that is set nor a process that was paused can make old news young.
 */
public final class GroupContact implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(GroupContact.class);
  private static final Duration LOOK = Duration.ofMillis(250);

  /** What an answer was under way, and what passes between two looks. */
  private static final Duration MARGIN = Duration.ofMillis(500);

  private static final String GROUP = "consumer-coordinator-metrics";
  private static final Set<String> ANSWERS = Set.of("heartbeat-total", "join-total", "sync-total");

  private final Supplier<Map<MetricName, ? extends Metric>> metrics;
  private final LongSupplier nanos;
  private final long limit;
  private final Map<String, Heard> members = new HashMap<>();
  private final ScheduledExecutorService thread;
  private volatile long since;

  /** How many answers a member of the group had, and when that was first seen. */
  private record Heard(double answers, long at) {}

  GroupContact(
      Supplier<Map<MetricName, ? extends Metric>> metrics, Duration session, LongSupplier nanos) {
    this.metrics = metrics;
    this.nanos = nanos;
    this.limit = session.minus(MARGIN).toNanos();
    this.since = nanos.getAsLong();
    this.thread =
        Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("redrive-group-contact"));
  }

  /**
   * Begins to look.
   *
   * @param metrics of all stream threads and their clients
   * @param session after which the coordinator gives away what a silent member has
   */
  public static GroupContact start(
      Supplier<Map<MetricName, ? extends Metric>> metrics, Duration session) {
    GroupContact contact = new GroupContact(metrics, session, System::nanoTime);
    var unused =
        contact.thread.scheduleWithFixedDelay(
            contact::lookAgain, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    return contact;
  }

  /** Whether others may have what this process takes for its own. */
  boolean isLost() {
    return nanos.getAsLong() - since > limit;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  /** A task that throws is never run again, and contact would pass for lost ever after. */
  private void lookAgain() {
    try {
      look();
    } catch (RuntimeException e) {
      LOGGER.atWarn().setCause(e).log("The contact to the consumer group could not be looked up");
    }
  }

  /** Only one thread looks. */
  void look() {
    long now = nanos.getAsLong();
    Map<String, Double> answers = new HashMap<>();
    metrics
        .get()
        .forEach(
            (name, metric) -> {
              if (name.group().equals(GROUP) && ANSWERS.contains(name.name())) {
                answers.merge(
                    name.tags().getOrDefault("client-id", ""), count(metric), Double::sum);
              }
            });
    members.keySet().retainAll(answers.keySet());
    answers.forEach(
        (member, count) -> {
          Heard before = members.get(member);
          // Before its first answer a member has no partitions that could be given away.
          if (before == null || before.answers != count || count == 0) {
            members.put(member, new Heard(count, now));
          }
        });
    // The one that has heard nothing for longest: partitions of each may be gone.
    since = members.values().stream().mapToLong(Heard::at).min().orElse(now);
  }

  private static double count(Metric metric) {
    return metric.metricValue() instanceof Number number ? number.doubleValue() : 0;
  }
}
