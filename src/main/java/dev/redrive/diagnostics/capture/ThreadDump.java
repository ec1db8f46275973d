// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.capture;

import dev.redrive.diagnostics.artifact.Content;
import dev.redrive.diagnostics.artifact.LimitedOutput;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Every thread of the process, what it does and what it holds, as text. */
public final class ThreadDump implements Content {
  private final long now;

  /**
   * @param now epoch milliseconds
   */
  public ThreadDump(long now) {
    this.now = now;
  }

  @Override
  public void writeTo(Path file, long most) throws IOException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    List<ThreadInfo> all =
        Arrays.stream(threads.dumpAllThreads(true, true))
            .sorted(Comparator.comparing(ThreadInfo::getThreadName))
            .toList();
    long[] deadlocked = threads.findDeadlockedThreads();
    LimitedOutput limited = new LimitedOutput(file, most);
    try (PrintWriter out = new PrintWriter(limited, false, StandardCharsets.UTF_8)) {
      out.println(Instant.ofEpochMilli(now) + ", " + all.size() + " threads");
      if (deadlocked != null) {
        out.println("DEADLOCK of the threads " + Arrays.toString(deadlocked));
      }
      all.forEach(thread -> print(thread, out));
      if (out.checkError()) {
        throw new TooLargeException();
      }
    }
  }

  private static void print(ThreadInfo thread, PrintWriter out) {
    out.println();
    out.println(
        '"'
            + thread.getThreadName()
            + "\" #"
            + thread.getThreadId()
            + (thread.isDaemon() ? " daemon " : " ")
            + thread.getThreadState());
    LockInfo awaited = thread.getLockInfo();
    if (awaited != null) {
      out.println("    waits for " + awaited + owner(thread));
    }
    StackTraceElement[] frames = thread.getStackTrace();
    for (int depth = 0; depth < frames.length; depth++) {
      out.println("    at " + frames[depth]);
      for (MonitorInfo held : thread.getLockedMonitors()) {
        if (held.getLockedStackDepth() == depth) {
          out.println("      holds " + held);
        }
      }
    }
    for (LockInfo held : thread.getLockedSynchronizers()) {
      out.println("    holds " + held);
    }
  }

  private static String owner(ThreadInfo thread) {
    return thread.getLockOwnerName() == null
        ? ""
        : ", which \"" + thread.getLockOwnerName() + "\" #" + thread.getLockOwnerId() + " holds";
  }
}
