// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.TableProperties;

class RocksMemoryTest {
  private static final int ROWS = 40_000;

  @ParameterizedTest
  @EnumSource
  void whatIsRemovedInARowIsSoonNoMoreInTheWay(Family family, @TempDir Path directory)
      throws Exception {
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try (RocksMemory memory = new RocksMemory(StoreSettings.DEFAULTS);
        ColumnFamilyOptions options = memory.familyOptions(family);
        DBOptions all = memory.databaseOptions();
        RocksDB rocks =
            RocksDB.open(
                all,
                directory.toString(),
                List.of(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, options)),
                handles);
        FlushOptions flush = new FlushOptions();
        ColumnFamilyHandle handle = handles.get(0)) {
      for (int i = 0; i < ROWS; i++) {
        rocks.put(handle, key(i), key(i));
      }
      rocks.flush(flush, handle);
      for (int i = 0; i < ROWS; i++) {
        rocks.delete(handle, key(i));
      }
      // Two files are too few for a compaction that comes for another reason.
      rocks.flush(flush, handle);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(removals(rocks, handle)).isZero());
    }
  }

  private static long removals(RocksDB rocks, ColumnFamilyHandle handle) throws RocksDBException {
    return rocks.getPropertiesOfAllTables(handle).values().stream()
        .mapToLong(TableProperties::getNumDeletions)
        .sum();
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }
}
