// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of a database that are not what RocksDB wrote: bits that the disk has lost, files that are
 * gone. Most are noticed only when they are read, long after the database was opened, and then
 * every reading fails again. So a mark is left with which the next open deletes all of it and has
 * it restored from the changelog.
 */
final class Damage {
  private static final Logger LOGGER = LoggerFactory.getLogger(Damage.class);
  private static final String MARK = "DAMAGED";

  private Damage() {}

  /** Whether trying again is of no use; a full disk or a lock are something else. */
  static boolean is(RocksDBException e) {
    Status status = e.getStatus();
    boolean corrupt = status != null && status.getCode() == Status.Code.Corruption;
    return corrupt || String.valueOf(e.getMessage()).contains("No such file or directory");
  }

  static void mark(Path directory, RocksDBException e) {
    LOGGER
        .atError()
        .addKeyValue("directory", directory)
        .setCause(e)
        .log("the letter store is damaged; it will be deleted and restored from its changelog");
    try {
      Files.writeString(directory.resolve(MARK), String.valueOf(e.getMessage()));
    } catch (IOException unwritten) {
      LOGGER
          .atError()
          .addKeyValue("directory", directory)
          .setCause(unwritten)
          .log("that it is damaged could not be written; delete the directory");
    }
  }

  static boolean isMarked(Path directory) {
    return Files.exists(directory.resolve(MARK));
  }
}
