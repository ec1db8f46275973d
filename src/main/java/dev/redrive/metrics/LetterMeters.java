// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import dev.redrive.letter.LetterState.Status;
import dev.redrive.store.Census;
import dev.redrive.store.Census.Kept;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The letters and runs that this instance answers for, as of the last look. */
final class LetterMeters {
  /** Times three statuses: few enough for any Prometheus, more than fit on a dashboard. */
  static final int MOST_PIPELINES = 100;

  private static final List<String> OPEN_RUNS = List.of("selecting", "canary", "running", "halted");

  private final Clock clock;
  private final MultiGauge letters;
  private final MultiGauge runs;
  private final PipelineLabels labels;
  private final AtomicInteger groups = new AtomicInteger();
  private final AtomicInteger callbacks = new AtomicInteger();
  private volatile @Nullable Long oldestPending;

  LetterMeters(MeterRegistry registry, Collection<String> declared, Clock clock) {
    this.clock = clock;
    this.labels = new PipelineLabels(declared, MOST_PIPELINES);
    this.letters =
        MultiGauge.builder("redrive.letters")
            .description("Letters that this instance answers for")
            .register(registry);
    this.runs =
        MultiGauge.builder("redrive.runs")
            .description("Runs over many letters that have not ended")
            .register(registry);
    Gauge.builder("redrive.oldest.letter.age", this, LetterMeters::oldestAgeSeconds)
        .description("Since the last failure of the pending letter that waits longest; 0: none")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("redrive.failure.groups", groups, AtomicInteger::get)
        .description("Failure groups that have letters here")
        .register(registry);
    Gauge.builder("redrive.callbacks.waiting", callbacks, AtomicInteger::get)
        .description("Failure callbacks that have not ended")
        .register(registry);
    look(Map.of());
  }

  /** Shows these partitions and no others. */
  void look(Map<Integer, Census> byPartition) {
    letters.register(rows(byPartition.values()), true);
    runs.register(runs(byPartition.values()), true);
    oldestPending =
        byPartition.values().stream()
            .map(Census::oldestPending)
            .filter(Objects::nonNull)
            .min(Long::compare)
            .orElse(null);
    callbacks.set(byPartition.values().stream().mapToInt(Census::callbacks).sum());
    groups.set(
        (int) byPartition.values().stream().flatMap(c -> c.groups().stream()).distinct().count());
  }

  /** A pipeline that was shown stays, at zero, so that a graph of it ends at zero too. */
  private List<MultiGauge.Row<?>> rows(Collection<Census> parts) {
    Map<Kept, Long> sums = new HashMap<>();
    parts.forEach(part -> part.letters().forEach((kept, n) -> sums.merge(kept, n, Long::sum)));
    // The largest get names first.
    List<Map.Entry<Kept, Long>> largest = new ArrayList<>(sums.entrySet());
    largest.sort(Collections.reverseOrder(Map.Entry.comparingByValue()));
    Map<Kept, Long> labelled = new HashMap<>();
    largest.forEach(
        entry ->
            labelled.merge(
                new Kept(labels.of(entry.getKey().pipelineId()), entry.getKey().status()),
                entry.getValue(),
                Long::sum));
    for (String pipeline : labels.named()) {
      for (Status status : Status.values()) {
        labelled.putIfAbsent(new Kept(pipeline, status), 0L);
      }
    }
    List<MultiGauge.Row<?>> rows = new ArrayList<>(labelled.size());
    labelled.forEach((kept, count) -> rows.add(MultiGauge.Row.of(tags(kept), count)));
    return rows;
  }

  /** Each state is there even at zero, or an alert could not tell that a halted run has gone on. */
  private static List<MultiGauge.Row<?>> runs(Collection<Census> parts) {
    return OPEN_RUNS.stream()
        .<MultiGauge.Row<?>>map(
            state ->
                MultiGauge.Row.of(
                    Tags.of("status", state),
                    parts.stream().mapToLong(part -> part.runs().getOrDefault(state, 0L)).sum()))
        .toList();
  }

  private static Tags tags(Kept kept) {
    return Tags.of(
        "pipeline", kept.pipelineId(), "status", kept.status().name().toLowerCase(Locale.ROOT));
  }

  private double oldestAgeSeconds() {
    Long oldest = oldestPending;
    return oldest == null ? 0 : Math.max(0, clock.millis() - oldest) / 1000.0;
  }
}
