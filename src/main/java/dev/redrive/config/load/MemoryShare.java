// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What the letter stores take of the memory that this process may use: the container's limit where
 * there is one, as the JVM takes its heap from it, so that both together fit.
 */
final class MemoryShare {
  private static final long MEBIBYTE = 1024 * 1024;
  private static final long LEAST = 8 * MEBIBYTE;

  private MemoryShare() {}

  /** One part in so many, in whole MiB. */
  static String of(int parts, int mostMebibytes) {
    return of(
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize(),
        parts,
        mostMebibytes);
  }

  static String of(long memory, int parts, int mostMebibytes) {
    long share = Math.max(LEAST, Math.min(memory / parts, mostMebibytes * MEBIBYTE));
    return share / MEBIBYTE + "MiB";
  }
}
