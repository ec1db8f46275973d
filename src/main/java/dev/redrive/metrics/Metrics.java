// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import dev.redrive.config.PipelineSettings;
import dev.redrive.config.Settings;
import dev.redrive.query.CensusReader;
import dev.redrive.store.LetterDatabases;
import dev.redrive.topology.LedgerFigures;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** All metrics of an instance but those of HTTP, which that package counts where it happens. */
public final class Metrics {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

  private Metrics() {}

  /**
   * What is to be shown.
   *
   * @param rebalancing whether partitions are being assigned or restored
   * @param letters of this instance only, or the sum over all instances would count them twice
   * @param toRestore changelog records that are still to be read
   * @param standbyLag those that the furthest standby here has still to read; NaN: unknown
   * @param kafka metrics of the stream and its clients
   */
  public record Sources(
      LedgerFigures figures,
      LetterDatabases databases,
      CensusReader letters,
      BooleanSupplier ready,
      BooleanSupplier rebalancing,
      LongSupplier toRestore,
      DoubleSupplier standbyLag,
      Supplier<? extends Map<MetricName, ? extends Metric>> kafka) {}

  /** Registers them and starts to count letters, until what is returned is closed. */
  public static AutoCloseable start(
      MeterRegistry registry, Settings settings, Sources sources, Clock clock) {
    LedgerMeters.register(registry, sources.figures());
    StoreMeters.register(registry, sources.databases(), settings.stateDir(), sources.toRestore());
    Gauge.builder("redrive.standby.lag.records", sources.standbyLag(), DoubleSupplier::getAsDouble)
        .description("Changelog records that the furthest standby here has still to read")
        .strongReference(true)
        .register(registry);
    KafkaMeters.register(registry, sources.kafka());
    ProcessMeters.register(
        registry,
        Optional.ofNullable(Metrics.class.getPackage().getImplementationVersion())
            .orElse("unknown"));
    flag(registry, "redrive.ready", "Whether this instance is to be asked", sources.ready());
    flag(
        registry,
        "redrive.rebalancing",
        "Whether partitions are being assigned to this instance, or restored here",
        sources.rebalancing());
    LetterMeters letters =
        new LetterMeters(
            registry, settings.pipelines().stream().map(PipelineSettings::id).toList(), clock);
    return LetterCensus.start(sources.letters(), letters::look, BETWEEN_LOOKS);
  }

  private static void flag(
      MeterRegistry registry, String name, String description, BooleanSupplier source) {
    Gauge.builder(name, source, flag -> flag.getAsBoolean() ? 1 : 0)
        .description(description)
        .strongReference(true)
        .register(registry);
  }
}
