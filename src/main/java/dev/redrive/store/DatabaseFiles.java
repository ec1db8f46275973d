// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories of databases: opening one in a state that may be used, and what ties it to the
 * task directory that Streams knows.
 */
final class DatabaseFiles {
  private static final Logger LOGGER = LoggerFactory.getLogger(DatabaseFiles.class);

  /** In the database's directory: the path of the marker in the task's directory. */
  private static final String TASK = "TASK";

  private DatabaseFiles() {}

  /** Opens it; one that must not be used any more is emptied first, to be restored. */
  static LetterDatabase open(
      Path directory, RocksMemory memory, Duration wipeAfter, Set<String> arrivals, long now) {
    LetterDatabase database = openOrReplace(directory, memory);
    String reason = unusable(database, wipeAfter, now);
    if (reason != null) {
      LOGGER
          .atWarn()
          .addKeyValue("directory", directory)
          .addKeyValue("reason", reason)
          .log("the letter store is emptied and will be restored from its changelog");
      database.close();
      delete(directory);
      database = LetterDatabase.open(directory, memory);
    }
    try {
      Rebuild.whereNeeded(database, arrivals, now);
    } catch (RuntimeException | RocksDBException e) {
      database.close();
      throw new ProcessorStateException("Cannot prepare the letter store at " + directory, e);
    }
    return database;
  }

  /**
   * Says in the task's directory where its letters lie, and there whose they are. Streams reports a
   * task's lag, and so gives it back to who has its state, only where the directory is not empty.
   */
  static void mark(Path marker, Path directory) {
    try {
      Files.createDirectories(marker.toAbsolutePath().getParent());
      Files.writeString(marker, directory.toAbsolutePath() + System.lineSeparator());
      Files.writeString(directory.resolve(TASK), marker.toAbsolutePath().toString());
    } catch (IOException e) {
      throw new ProcessorStateException("Cannot write the marker " + marker, e);
    }
  }

  /** Whether Streams has removed the task directory that this database belongs to. */
  static boolean isOrphan(Path directory) {
    Path task = directory.resolve(TASK);
    try {
      return Files.exists(task) && Files.notExists(Path.of(Files.readString(task)));
    } catch (IOException e) {
      return false;
    }
  }

  /** The databases that lie in a directory. */
  static List<Path> databasesIn(Path root) {
    if (Files.notExists(root)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(root)) {
      return entries.filter(entry -> Files.exists(entry.resolve(TASK))).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path directory) {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(directory)) {
      files = new ArrayList<>(walk.sorted(Comparator.reverseOrder()).toList());
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new ProcessorStateException("Cannot delete the letter store at " + directory, e);
    }
  }

  private static LetterDatabase openOrReplace(Path directory, RocksMemory memory) {
    if (Damage.isMarked(directory)) {
      LOGGER
          .atWarn()
          .addKeyValue("directory", directory)
          .log("the letter store was found damaged; it is restored from its changelog");
      delete(directory);
    }
    try {
      return LetterDatabase.open(directory, memory);
    } catch (ProcessorStateException e) {
      if (e.getCause() instanceof RocksDBException cause && Damage.is(cause)) {
        LOGGER
            .atError()
            .addKeyValue("directory", directory)
            .setCause(cause)
            .log("the letter store is damaged; it is deleted and restored from its changelog");
        delete(directory);
        return LetterDatabase.open(directory, memory);
      }
      throw e;
    }
  }

  private static @Nullable String unusable(LetterDatabase database, Duration wipeAfter, long now) {
    long layout = Meta.number(database.get(Family.META, Meta.LAYOUT), Meta.LAYOUT_VERSION);
    if (layout > Meta.LAYOUT_VERSION) {
      return "a newer Redrive wrote it";
    }
    if (database.get(Family.META, Meta.FORGOTTEN) != null) {
      return "Streams found that it does not fit its changelog";
    }
    long alive = Meta.number(database.get(Family.META, Meta.ALIVE), now);
    if (now - alive > wipeAfter.toMillis()) {
      return "it was not in use for so long that the changelog has forgotten deletions";
    }
    return null;
  }
}
