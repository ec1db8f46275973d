// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.ingest;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Measures a run from its first record to its last. */
final class Measured {
  private static final long LOOK_MS = 20;

  private Measured() {}

  /**
   * Prints {@code first}, then {@code done <seconds> <CPU-seconds of this process>}.
   *
   * @param processed how many records the second hop has processed
   */
  static void run(LongSupplier processed, long records) throws InterruptedException {
    await(processed, 1);
    System.out.println("first");
    long begin = System.nanoTime();
    long cpu = cpu();
    await(processed, records);
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(Locale.ROOT, "done %.3f %.3f%n", seconds, (cpu() - cpu) / 1e9);
  }

  private static void await(LongSupplier processed, long count) throws InterruptedException {
    while (processed.getAsLong() < count) {
      Thread.sleep(LOOK_MS);
    }
  }

  private static long cpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
