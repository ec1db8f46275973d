// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A memory cgroup of its own with a limit, as a container has one: the kernel kills what needs
 * more.
 *
 * @param events tells how often it did
 */
record MemoryGroup(Path folder, Path events) implements AutoCloseable {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  /** Empty where this process may not make one. */
  static Optional<MemoryGroup> limitedTo(long bytes) {
    boolean unified = Files.exists(ROOT.resolve("cgroup.controllers"));
    Path parent = unified ? ROOT : ROOT.resolve("memory");
    Path folder = parent.resolve("redrive-test-" + ProcessHandle.current().pid());
    try {
      Files.createDirectory(folder);
      Files.writeString(
          folder.resolve(unified ? "memory.max" : "memory.limit_in_bytes"), Long.toString(bytes));
      Path events = folder.resolve(unified ? "memory.events" : "memory.oom_control");
      return Optional.of(new MemoryGroup(folder, events));
    } catch (IOException e) {
      System.out.println("No memory cgroup here (" + e + "): the process's peak is looked at only");
      return Optional.empty();
    }
  }

  /** Where a process writes its id to be in it. */
  Path processes() {
    return folder.resolve("cgroup.procs");
  }

  /** How many processes the kernel killed for want of memory. */
  long killed() throws IOException {
    return Files.readAllLines(events).stream()
        .filter(line -> line.startsWith("oom_kill "))
        .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
        .sum();
  }

  /** After its processes have ended. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(folder);
  }
}
