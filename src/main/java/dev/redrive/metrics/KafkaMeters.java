// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * The few of Kafka's own metrics that an operator acts on, over all threads and clients: each
 * thread has hundreds, under names and in units that Prometheus does not like.
 */
final class KafkaMeters {
  private static final double MILLIS = 1_000;
  private static final String THREAD = "stream-thread-metrics";
  private static final String FETCH = "consumer-fetch-manager-metrics";

  private static final List<Shown> SHOWN =
      List.of(
          Shown.max(
              "redrive.kafka.consumer.lag.records",
              "Records that the furthest partition is behind, as of the last fetches",
              FETCH,
              "records-lag-max",
              1),
          Shown.max(
              "redrive.kafka.poll.age.seconds",
              "Since the last poll of the slowest consumer",
              "consumer-metrics",
              "last-poll-seconds-ago",
              1),
          Shown.max(
              "redrive.kafka.commit.latency.seconds",
              "Mean time of a commit, of the slowest thread",
              THREAD,
              "commit-latency-avg",
              MILLIS),
          Shown.max(
              "redrive.kafka.process.latency.seconds",
              "Mean time of processing what was polled, of the slowest thread",
              THREAD,
              "process-latency-avg",
              MILLIS),
          Shown.max(
              "redrive.kafka.fetch.throttle.seconds",
              "Longest time that a quota held up a fetch",
              FETCH,
              "fetch-throttle-time-max",
              MILLIS),
          Shown.max(
              "redrive.kafka.produce.throttle.seconds",
              "Longest time that a quota held up a send",
              "producer-metrics",
              "produce-throttle-time-max",
              MILLIS),
          Shown.sum(
              "redrive.kafka.threads.alive",
              "Stream threads that work",
              "stream-metrics",
              "alive-stream-threads"),
          Shown.counter(
              "redrive.kafka.threads.failed",
              "Stream threads that failed and were replaced",
              "stream-metrics",
              "failed-stream-threads"),
          Shown.counter(
              "redrive.kafka.send.errors",
              "Records that the stream could not send",
              "producer-metrics",
              "record-error-total"),
          Shown.counter(
              "redrive.kafka.authentication.failures",
              "Connections whose authentication failed",
              null,
              "failed-authentication-total"));

  private KafkaMeters() {}

  /**
   * One that is shown.
   *
   * @param group of Kafka's metric; null: any
   * @param per divides Kafka's figure
   */
  private record Shown(
      String name,
      String help,
      @Nullable String group,
      String metric,
      double per,
      boolean counts,
      DoubleBinaryOperator join) {

    static Shown max(String name, String help, String group, String metric, double per) {
      return new Shown(name, help, group, metric, per, false, Math::max);
    }

    static Shown sum(String name, String help, String group, String metric) {
      return new Shown(name, help, group, metric, 1, false, Double::sum);
    }

    static Shown counter(String name, String help, @Nullable String group, String metric) {
      return new Shown(name, help, group, metric, 1, true, Double::sum);
    }

    double read(Map<MetricName, ? extends Metric> all) {
      double value = 0;
      for (Map.Entry<MetricName, ? extends Metric> each : all.entrySet()) {
        if (each.getKey().name().equals(metric)
            && (group == null || each.getKey().group().equals(group))
            && each.getValue().metricValue() instanceof Number number
            && Double.isFinite(number.doubleValue())) {
          value = join.applyAsDouble(value, number.doubleValue());
        }
      }
      return value / per;
    }
  }

  static void register(
      MeterRegistry registry, Supplier<? extends Map<MetricName, ? extends Metric>> all) {
    for (Shown shown : SHOWN) {
      // Counters hold their source weakly, so the gauges, which there are too, hold it for them.
      if (shown.counts()) {
        FunctionCounter.builder(shown.name(), all, from -> shown.read(from.get()))
            .description(shown.help())
            .register(registry);
      } else {
        Gauge.builder(shown.name(), all, from -> shown.read(from.get()))
            .description(shown.help())
            .strongReference(true)
            .register(registry);
      }
    }
  }
}
