// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/** The process itself, under the names that dashboards of other programs use too. */
final class ProcessMeters {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";

  private ProcessMeters() {}

  static void register(MeterRegistry registry, String version) {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    bytes(registry, "jvm.heap.used", "Heap in use", () -> memory.getHeapMemoryUsage().getUsed());
    bytes(registry, "jvm.heap.max", "Largest heap", () -> memory.getHeapMemoryUsage().getMax());
    bytes(
        registry,
        "process.resident.memory",
        "Memory of the process, where the system tells it",
        ProcessMeters::resident);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Gauge.builder("jvm.threads.live", threads, ThreadMXBean::getThreadCount)
        .description("Threads of the process")
        .register(registry);
    // Counters hold their source weakly; the beans of the platform stay.
    FunctionCounter.builder("jvm.gc.seconds", memory, m -> gcSeconds())
        .description("Time spent on collecting garbage")
        .register(registry);
    FunctionCounter.builder("process.cpu.seconds", threads, t -> cpuSeconds())
        .description("CPU time of the process")
        .register(registry);
    Gauge.builder("redrive.version", () -> 1)
        .description("1; the version is its label")
        .tag("version", version)
        .register(registry);
  }

  private static double gcSeconds() {
    long millis = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      millis += Math.max(0, collector.getCollectionTime());
    }
    return millis / 1_000.0;
  }

  private static double cpuSeconds() {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(spent -> spent.toMillis() / 1_000.0)
        .orElse(Double.NaN);
  }

  private static double resident() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(RESIDENT))
          .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("\\D", "")))
          .findAny()
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  private interface Bytes {
    double get();
  }

  private static void bytes(MeterRegistry registry, String name, String help, Bytes figure) {
    Gauge.builder(name, figure, Bytes::get)
        .description(help)
        .baseUnit("bytes")
        .strongReference(true)
        .register(registry);
  }
}
