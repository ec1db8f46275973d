// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

class BatchTest {
  static {
    RocksDB.loadLibrary();
  }

  @TempDir Path directory;

  @Test
  void isWhatRocksDbItselfWouldBuild() throws RocksDBException {
    byte[] small = {1, 2, 3};
    byte[] large = new byte[100_000];
    Batch ours = new Batch(Map.of(Family.ROWS, 1, Family.INDEX, 2));
    ours.put(Family.ROWS, small, large);
    ours.delete(Family.INDEX, large);
    ours.put(Family.INDEX, new byte[200], new byte[0]);

    List<ColumnFamilyHandle> families = new ArrayList<>();
    try (DBOptions options =
            new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true);
        RocksDB rocks =
            RocksDB.open(
                options,
                directory.toString(),
                List.of(
                    new ColumnFamilyDescriptor(Family.META.rocksName()),
                    new ColumnFamilyDescriptor(Family.ROWS.rocksName()),
                    new ColumnFamilyDescriptor(Family.INDEX.rocksName())),
                families);
        WriteBatch theirs = new WriteBatch();
        WriteBatch built = ours.rocks()) {
      theirs.put(families.get(1), small, large);
      theirs.delete(families.get(2), large);
      theirs.put(families.get(2), new byte[200], new byte[0]);

      assertThat(built.data()).isEqualTo(theirs.data());
      assertThat(built.count()).isEqualTo(3);
      families.forEach(ColumnFamilyHandle::close);
    }
  }

  @Test
  void isEmptyAfterClearing() {
    Batch batch = new Batch(Map.of(Family.ROWS, 1));
    batch.put(Family.ROWS, new byte[1], new byte[20_000_000]);
    batch.clear();

    try (WriteBatch built = batch.rocks()) {
      assertThat(built.count()).isZero();
    }
  }
}
