// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.Map;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Changes that reach the database together. */
final class Batch implements AutoCloseable {
  private final Map<Family, ColumnFamilyHandle> families;
  private final WriteBatch rocks = new WriteBatch();

  Batch(Map<Family, ColumnFamilyHandle> families) {
    this.families = families;
  }

  void put(Family family, byte[] key, byte[] value) {
    try {
      rocks.put(families.get(family), key, value);
    } catch (RocksDBException e) {
      throw new ProcessorStateException("Cannot add to a write batch", e);
    }
  }

  void delete(Family family, byte[] key) {
    try {
      rocks.delete(families.get(family), key);
    } catch (RocksDBException e) {
      throw new ProcessorStateException("Cannot add to a write batch", e);
    }
  }

  /** Deletes every row of a family; keys start with a letter, so none lies past 0xFF. */
  void deleteAll(Family family) {
    try {
      rocks.deleteRange(families.get(family), new byte[] {0}, new byte[] {(byte) 0xFF});
    } catch (RocksDBException e) {
      throw new ProcessorStateException("Cannot add to a write batch", e);
    }
  }

  boolean isEmpty() {
    return rocks.count() == 0;
  }

  void clear() {
    rocks.clear();
  }

  WriteBatch rocks() {
    return rocks;
  }

  @Override
  public void close() {
    rocks.close();
  }
}
