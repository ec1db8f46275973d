// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import dev.redrive.store.LetterDatabases;
import dev.redrive.store.StoreFigures;
import dev.redrive.topology.LedgerFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/** What Prometheus scrapes. */
final class Meters {

  private Meters() {}

  static void register(
      MeterRegistry registry, LedgerFigures figures, LetterDatabases databases, Health health) {
    count(registry, "redrive.failures", "Failed records taken in", figures.failures);
    count(
        registry,
        "redrive.redeliveries",
        "Failed records that were delivered again and passed over",
        figures.redeliveries);
    count(registry, "redrive.replays", "Records sent to a retry topic", figures.replays);
    count(registry, "redrive.replays.succeeded", "Replays that worked", figures.succeeded);
    count(registry, "redrive.replays.failed", "Replays that failed again", figures.failedAgain);
    count(registry, "redrive.replays.unconfirmed", "Replays without any news", figures.unconfirmed);
    count(registry, "redrive.commands.accepted", "Commands done", figures.commandsAccepted);
    count(registry, "redrive.commands.rejected", "Commands refused", figures.commandsRejected);
    count(
        registry,
        "redrive.outcomes.unreadable",
        "Records of the outcome topic that told nothing",
        figures.outcomesUnreadable);
    count(
        registry,
        "redrive.offset.resets",
        "Source partitions whose records were deleted before they were read",
        figures.offsetResets);
    gauge(registry, "redrive.store.letters", "Letters here", databases, StoreFigures::letters);
    gauge(
        registry,
        "redrive.store.restored",
        "Changelog records read to restore stores",
        databases,
        StoreFigures::restored);
    Gauge.builder("redrive.store.memory", databases, LetterDatabases::memoryBytes)
        .description("Memory of the stores' caches and write buffers")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("redrive.ready", health, h -> h.readiness().ready() ? 1 : 0)
        .description("Whether this instance answers for its partitions")
        .register(registry);
  }

  private static void count(MeterRegistry registry, String name, String help, LongAdder adder) {
    FunctionCounter.builder(name, adder, LongAdder::sum).description(help).register(registry);
  }

  private static void gauge(
      MeterRegistry registry,
      String name,
      String help,
      LetterDatabases databases,
      ToDoubleFunction<StoreFigures> figure) {
    Gauge.builder(name, databases, all -> all.figures().stream().mapToDouble(figure).sum())
        .description(help)
        .register(registry);
  }
}
