// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.capture;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.redrive.diagnostics.artifact.Content;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** All living objects of the process. The process stands still while it is written. */
public final class HeapDump implements Content {
  /** The JVM writes to no other name. */
  private static final String NAME_ENDS = ".hprof";

  @Override
  public void writeTo(Path file, long most) throws IOException {
    // The JVM can't be stopped where it gets too large; what is in use is a little more than that.
    if (ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() > most) {
      throw new TooLargeException();
    }
    Path dump = file.resolveSibling(file.getFileName() + NAME_ENDS);
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(dump.toAbsolutePath().toString(), true);
    Files.move(dump, file);
  }
}
