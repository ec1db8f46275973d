// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import dev.redrive.store.LetterDatabases;
import dev.redrive.store.StoreFigures;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The letter stores of this process, and the disk that they lie on. */
final class StoreMeters {
  private static final String BYTES = "bytes";

  private StoreMeters() {}

  /**
   * Registers them.
   *
   * @param toRestore changelog records that are still to be read
   */
  static void register(
      MeterRegistry registry, LetterDatabases databases, Path stateDir, LongSupplier toRestore) {
    sum(registry, "redrive.store.letters", "Letters here", databases, StoreFigures::letters);
    sum(
        registry,
        "redrive.store.restored",
        "Changelog records read to restore stores",
        databases,
        StoreFigures::restored);
    Gauge.builder("redrive.store.restoring", toRestore, LongSupplier::getAsLong)
        .description("Changelog records still to be read before everything here can be read")
        .strongReference(true)
        .register(registry);
    bytes(
        registry,
        "redrive.store.disk",
        "Tables of the stores on disk",
        databases,
        all -> all.figures().stream().mapToDouble(StoreFigures::diskBytes).sum());
    bytes(
        registry,
        "redrive.store.memory",
        "Memory of the stores' caches and write buffers",
        databases,
        LetterDatabases::memoryBytes);
    bytes(
        registry,
        "redrive.disk.free",
        "Space left on the disk of state-dir",
        stateDir,
        dir -> ofDisk(dir, FileStore::getUsableSpace));
    bytes(
        registry,
        "redrive.disk.size",
        "Space of the disk of state-dir",
        stateDir,
        dir -> ofDisk(dir, FileStore::getTotalSpace));
  }

  private interface DiskFigure {
    long of(FileStore disk) throws IOException;
  }

  private static double ofDisk(Path directory, DiskFigure figure) {
    @Nullable Path there = directory.toAbsolutePath();
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    try {
      return there == null ? Double.NaN : figure.of(Files.getFileStore(there));
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  private static void sum(
      MeterRegistry registry,
      String name,
      String help,
      LetterDatabases databases,
      ToDoubleFunction<StoreFigures> figure) {
    Gauge.builder(name, databases, all -> all.figures().stream().mapToDouble(figure).sum())
        .description(help)
        .register(registry);
  }

  private static <T> void bytes(
      MeterRegistry registry, String name, String help, T source, ToDoubleFunction<T> figure) {
    Gauge.builder(name, source, figure)
        .description(help)
        .baseUnit(BYTES)
        .strongReference(true)
        .register(registry);
  }
}
