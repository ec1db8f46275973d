// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a sandbox keeps its data: two directories of its own below one that may hold other files.
 *
 * @param root the directory above them
 * @param temporary whether all of it goes on exit
 */
record DataDir(Path root, boolean temporary) {

  /**
   * @param wanted empty for a temporary one
   * @throws IllegalStateException if it cannot be made
   */
  static DataDir open(Optional<Path> wanted) {
    try {
      return wanted.isEmpty()
          ? new DataDir(Files.createTempDirectory("redrive-sandbox-"), true)
          : new DataDir(Files.createDirectories(wanted.get()).toAbsolutePath(), false);
    } catch (IOException e) {
      throw new IllegalStateException(
          "The data directory cannot be made, choose another with --data-dir: " + e, e);
    }
  }

  Path kafka() {
    return root.resolve("sandbox-kafka");
  }

  Path state() {
    return root.resolve("sandbox-state");
  }

  void close() {
    if (!temporary) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Removing " + root + " failed", e);
    }
  }
}
