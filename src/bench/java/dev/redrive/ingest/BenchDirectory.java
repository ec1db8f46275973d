// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.utils.Utils;

/** Where a benchmark's brokers and stores keep what they write: gigabytes, gone at its end. */
public final class BenchDirectory {
  private BenchDirectory() {}

  /** A new directory that is deleted when this JVM ends, however it does. */
  public static Path create() throws IOException {
    Path directory = Files.createTempDirectory("redrive-bench");
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> delete(directory), "delete-bench-directory"));
    return directory;
  }

  private static void delete(Path directory) {
    try {
      Utils.delete(directory.toFile());
    } catch (IOException e) {
      System.err.println("Left behind: " + directory + " (" + e + ")");
    }
  }
}
