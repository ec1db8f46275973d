// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How letters are kept on disk.
 *
 * @param directory where the databases lie; null: {@code <application>-letters} beside the
 *     application's directory in Streams' {@code state.dir}
 * @param blockCacheBytes memory for what is read, shared by all stores of the process; write
 *     buffers are charged to it
 * @param writeBufferBytes memory for what is written and not yet flushed, of all stores together
 * @param log what is written besides the tables
 * @param commitAtBytes size of the uncommitted writes of a thread from which {@link
 *     LetterDatabases#wantsCommit} says yes
 * @param wipeAfter a database that was not in use for so long is thrown away and restored: the
 *     changelog has forgotten its tombstones by then ({@code delete.retention.ms})
 * @param removeAfter a database whose task directory Streams has removed is deleted so long after
 *     that was first seen, unless its partition comes back
 */
public record StoreSettings(
    @Nullable Path directory,
    long blockCacheBytes,
    long writeBufferBytes,
    WriteAheadLog log,
    long commitAtBytes,
    Duration wipeAfter,
    Duration removeAfter) {

  private static final long MIB = 1024 * 1024;

  public static final StoreSettings DEFAULTS =
      new StoreSettings(
          null,
          256 * MIB,
          128 * MIB,
          WriteAheadLog.ON,
          8 * MIB,
          Duration.ofHours(24),
          Duration.ofMinutes(10));

  /** What a crash costs. Letters are never lost: what is missing is restored from the changelog. */
  public enum WriteAheadLog {
    /** A crash of the process costs the restore of what was not flushed. */
    OFF,
    /** A crash of the process costs nothing, one of the machine some seconds of restore. */
    ON,
    /** Every commit waits for the disk: a crash of the machine costs nothing either. */
    SYNC
  }

  public StoreSettings {
    if (blockCacheBytes < MIB || writeBufferBytes < MIB || commitAtBytes < 1) {
      throw new IllegalArgumentException(
          "block cache and write buffer need at least 1 MiB each, commitAtBytes at least 1");
    }
  }

  public StoreSettings withDirectory(Path lettersDirectory) {
    return new StoreSettings(
        lettersDirectory,
        blockCacheBytes,
        writeBufferBytes,
        log,
        commitAtBytes,
        wipeAfter,
        removeAfter);
  }

  public StoreSettings withLog(WriteAheadLog kind) {
    return new StoreSettings(
        directory, blockCacheBytes, writeBufferBytes, kind, commitAtBytes, wipeAfter, removeAfter);
  }
}
