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
   * Prints {@code first}, {@code half}, then {@code done} with seconds and CPU-seconds of this
   * process from the first record to the last, and the same from half of them on, when the JVM has
   * compiled what matters.
   *
   * @param processed how many records the second hop has processed
   */
  static void run(LongSupplier processed, long records) throws InterruptedException {
    await(processed, 1);
    System.out.println("first");
    long begin = System.nanoTime();
    long cpu = cpu();
    await(processed, records / 2);
    System.out.println("half");
    long halfTime = System.nanoTime();
    long halfCpu = cpu();
    await(processed, records);
    long end = System.nanoTime();
    long endCpu = cpu();
    System.out.printf(
        Locale.ROOT,
        "done %.3f %.3f %.3f %.3f%n",
        (end - begin) / 1e9,
        (endCpu - cpu) / 1e9,
        (end - halfTime) / 1e9,
        (endCpu - halfCpu) / 1e9);
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
