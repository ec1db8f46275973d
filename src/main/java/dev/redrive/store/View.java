// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.Range;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/** One consistent state of a database, as it was when the view was made. */
final class View implements AutoCloseable {
  private final RocksDB rocks;
  private final Map<Family, ColumnFamilyHandle> families;
  private final CounterNames names;
  private final Consumer<RocksDBException> onError;
  private final Snapshot snapshot;
  private final ReadOptions options;

  /**
   * @param onError is told why a read failed, before whoever reads is
   */
  View(
      RocksDB rocks,
      Map<Family, ColumnFamilyHandle> families,
      CounterNames names,
      Consumer<RocksDBException> onError) {
    this.rocks = rocks;
    this.onError = onError;
    this.names = names;
    this.families = families;
    this.snapshot = rocks.getSnapshot();
    this.options = new ReadOptions().setSnapshot(snapshot);
  }

  /** Takes a row and says whether to go on. */
  interface Visitor {
    boolean visit(byte[] key, byte[] value);
  }

  CounterNames names() {
    return names;
  }

  byte @Nullable [] get(Family family, byte[] key) {
    try {
      return rocks.get(families.get(family), options, key);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  /** Values in the order of the keys, null where there is no such row. */
  List<byte @Nullable []> getAll(Family family, List<byte[]> keys) {
    List<ColumnFamilyHandle> handles =
        new ArrayList<>(Collections.nCopies(keys.size(), families.get(family)));
    try {
      return keys.isEmpty() ? List.of() : rocks.multiGetAsList(options, handles, keys);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  /** Visits the rows with {@code from <= key < to}, up to where the visitor says enough. */
  void scan(Family family, byte[] from, byte[] to, boolean backwards, Visitor visitor) {
    try (Rows rows = rows(family, from, to, backwards)) {
      while (rows.isValid() && visitor.visit(rows.key(), rows.value())) {
        rows.next();
      }
    }
  }

  /** The rows with {@code from <= key < to}; to be closed before the view. */
  Rows rows(Family family, byte[] from, byte[] to, boolean backwards) {
    return new Rows(from, to, backwards, family);
  }

  /** About how many bytes lie in each of these ranges, by the engine's own figures. */
  long[] sizes(Family family, List<IndexRange> ranges) {
    List<Slice> slices = new ArrayList<>();
    try {
      List<Range> asked = new ArrayList<>();
      for (IndexRange range : ranges) {
        Slice from = new Slice(range.from());
        slices.add(from);
        Slice to = new Slice(range.to());
        slices.add(to);
        asked.add(new Range(from, to));
      }
      return rocks.getApproximateSizes(
          families.get(family),
          asked,
          SizeApproximationFlag.INCLUDE_FILES,
          SizeApproximationFlag.INCLUDE_MEMTABLES);
    } finally {
      slices.forEach(Slice::close);
    }
  }

  /** Visits all rows of a family in order. */
  void scan(Family family, Visitor visitor) {
    try (RocksIterator rows = rocks.newIterator(families.get(family), options)) {
      rows.seekToFirst();
      while (rows.isValid() && visitor.visit(rows.key(), rows.value())) {
        rows.next();
      }
      rows.status();
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    options.close();
    rocks.releaseSnapshot(snapshot);
    snapshot.close();
  }

  /** Rows in order, standing on one of them while valid. */
  final class Rows implements AutoCloseable {
    private final Slice low;
    private final Slice high;
    private final ReadOptions bounded;
    private final RocksIterator rows;
    private final boolean backwards;
    private byte @Nullable [] key;

    private Rows(byte[] from, byte[] to, boolean backwards, Family family) {
      this.backwards = backwards;
      this.low = new Slice(from);
      this.high = new Slice(to);
      // Bounds spare RocksDB from walking over the tombstones beyond them.
      this.bounded =
          new ReadOptions()
              .setSnapshot(snapshot)
              .setIterateLowerBound(low)
              .setIterateUpperBound(high);
      this.rows = rocks.newIterator(families.get(family), bounded);
      if (backwards) {
        rows.seekToLast();
      } else {
        rows.seekToFirst();
      }
    }

    /** False after the last row; an error ends no list silently. */
    boolean isValid() {
      if (rows.isValid()) {
        return true;
      }
      try {
        rows.status();
        return false;
      } catch (RocksDBException e) {
        throw failed(e);
      }
    }

    void next() {
      key = null;
      if (backwards) {
        rows.prev();
      } else {
        rows.next();
      }
    }

    byte[] key() {
      byte[] known = key;
      if (known == null) {
        known = rows.key();
        key = known;
      }
      return known;
    }

    byte[] value() {
      return rows.value();
    }

    @Override
    public void close() {
      rows.close();
      bounded.close();
      low.close();
      high.close();
    }
  }

  private ProcessorStateException failed(RocksDBException e) {
    onError.accept(e);
    return new ProcessorStateException("Cannot read the letter store", e);
  }
}
