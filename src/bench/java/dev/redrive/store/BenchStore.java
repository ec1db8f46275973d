// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.RowKey;
import dev.redrive.letter.LetterId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;

/** One task's store as Redrive has it, without Kafka: what is put is committed now and then. */
final class BenchStore implements AutoCloseable {
  private static final List<String> BUSY =
      List.of(
          "rocksdb.num-running-compactions",
          "rocksdb.num-running-flushes",
          "rocksdb.compaction-pending",
          "rocksdb.mem-table-flush-pending");

  private final Path directory;
  private final LetterDatabases databases;
  private final LetterStore store;
  private final Transaction transaction = new Transaction();
  private long offset;

  BenchStore(Path directory, StoreSettings settings) {
    this.directory = directory;
    this.databases = new LetterDatabases(settings, Clock.systemUTC());
    this.store = new LetterStore("letters", databases);
    databases.bind(transaction);
    store.init(new BenchContext(directory), store);
  }

  /** Looks the letter up and puts it, as the ledger does for an arrival. */
  void put(LetterId id, byte[] row) {
    Bytes key = Bytes.wrap(RowKey.letter(id));
    store.get(key);
    store.put(key, row);
    offset++;
  }

  /** The transaction is bound to the thread that puts. */
  void take() {
    databases.bind(transaction);
  }

  void commit() {
    transaction.sending("app-letters-changelog", 0).acknowledged(offset);
    transaction.consumed(Map.of());
    transaction.committed();
  }

  <R> R ask(Query<R> query) {
    return store.query(query, PositionBound.unbounded(), new QueryConfig(false)).getResult();
  }

  /** Waits until the engine has nothing left to move. */
  void settle() throws InterruptedException {
    int quiet = 0;
    while (quiet < 3) {
      Thread.sleep(500);
      boolean busy =
          Arrays.stream(Family.values())
              .anyMatch(
                  family ->
                      BUSY.stream().anyMatch(name -> store.database().property(family, name) > 0));
      quiet = busy ? 0 : quiet + 1;
    }
  }

  long bytesOnDisk() throws IOException {
    try (var files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /**
   * Reads all files once. What was written some minutes ago may have left the page cache, and a
   * page would show what the disk takes instead of what the store does.
   */
  void readThrough() throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        try {
          Files.copy(file, OutputStream.nullOutputStream());
        } catch (NoSuchFileException e) {
          // Compacted away meanwhile, which opening a kept store may begin.
        }
      }
    }
  }

  long memoryBytes() {
    return databases.memoryBytes();
  }

  @Override
  public void close() {
    store.close();
    databases.close();
  }
}
