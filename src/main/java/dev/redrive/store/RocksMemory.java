// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.TablePropertiesCollectorFactory;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/**
 * The one block cache and the one write buffer budget of the process, and the options that make
 * every database use them.
 */
final class RocksMemory implements AutoCloseable {
  static {
    RocksDB.loadLibrary();
  }

  private static final double FOR_INDEX_AND_FILTER_BLOCKS = 0.5;
  private static final long BLOCK = 16 * 1024;
  private static final long ROWS_BLOCK = 4 * 1024;
  private static final long SMALL_WRITE_BUFFER = 4L * 1024 * 1024;

  /** A file with so many removals among so many entries in a row is compacted soon. */
  private static final long REMOVALS = 8 * 1024;

  private static final long REMOVALS_AMONG = 16 * 1024;

  private final StoreSettings settings;
  private final Cache cache;
  private final WriteBufferManager writeBuffers;
  private final BloomFilter bloom = new BloomFilter(10);
  private final TablePropertiesCollectorFactory removals =
      TablePropertiesCollectorFactory.NewCompactOnDeletionCollectorFactory(
          REMOVALS_AMONG, REMOVALS, 0.5);

  RocksMemory(StoreSettings settings) {
    this.settings = settings;
    this.cache = new LRUCache(settings.blockCacheBytes(), -1, false, FOR_INDEX_AND_FILTER_BLOCKS);
    this.writeBuffers = new WriteBufferManager(settings.writeBufferBytes(), cache);
  }

  DBOptions databaseOptions() {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        // Without a log the families must reach the disk together, or rows and what is derived
        // from them would disagree after a crash.
        .setAtomicFlush(true)
        .setWriteBufferManager(writeBuffers)
        .setMaxBackgroundJobs(Math.max(2, Runtime.getRuntime().availableProcessors()))
        .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
        .setKeepLogFileNum(2)
        .setBytesPerSync(1024 * 1024);
  }

  ColumnFamilyOptions familyOptions(Family family) {
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            // A page reads fifty letters from as many blocks, each of which is unpacked whole.
            .setBlockSize(family == Family.ROWS ? ROWS_BLOCK : BLOCK)
            .setFilterPolicy(bloom)
            .setFormatVersion(5)
            .setCacheIndexAndFilterBlocks(true)
            .setCacheIndexAndFilterBlocksWithHighPriority(true)
            .setPinL0FilterAndIndexBlocksInCache(true);
    ColumnFamilyOptions options =
        compactingRemovals()
            .setCompactionStyle(CompactionStyle.LEVEL)
            .setLevelCompactionDynamicLevelBytes(true)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setMaxWriteBufferNumber(3)
            .setTableFormatConfig(table);
    return switch (family) {
      case ROWS ->
          // Every new letter is looked up first and missed, in memory too.
          options
              .setWriteBufferSize(settings.writeBufferBytes() / 2)
              .setMemtablePrefixBloomSizeRatio(0.02)
              .setMemtableWholeKeyFiltering(true);
      case INDEX -> options.setWriteBufferSize(settings.writeBufferBytes() / 2);
      case COUNTERS, META -> options.setWriteBufferSize(SMALL_WRITE_BUFFER);
    };
  }

  /**
   * What is due and what is listed leaves in order, so whoever looks for the first that is left
   * would step over all that went before it, until an ordinary compaction happens to come by.
   */
  private ColumnFamilyOptions compactingRemovals() {
    // The setter is missing from the options of a family, which are made of these.
    try (Options all = new Options()) {
      all.setTablePropertiesCollectorFactory(List.of(removals));
      return new ColumnFamilyOptions(all);
    }
  }

  WriteOptions writeOptions() {
    WriteOptions options = new WriteOptions();
    return switch (settings.log()) {
      case OFF -> options.setDisableWAL(true);
      case ON -> options;
      case SYNC -> options.setSync(true);
    };
  }

  /** Bytes of the cache in use, write buffers included. */
  long usedBytes() {
    return cache.getUsage();
  }

  @Override
  public void close() {
    List<AutoCloseable> natives = new ArrayList<>(List.of(removals, writeBuffers, cache, bloom));
    Natives.close(natives);
  }
}
