// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * Committed rows in order, as they were when it was made. The database closes it, if nobody did,
 * before it closes itself.
 */
final class RowCursor implements AutoCloseable {
  private final @Nullable Slice low;
  private final @Nullable Slice high;
  private final ReadOptions options;
  private final RocksIterator rows;
  private final boolean backwards;
  private final Consumer<RowCursor> onClose;
  private final Consumer<RocksDBException> onError;
  private boolean closed;

  /** Opens one iterator with these options. */
  interface Source {
    RocksIterator open(ReadOptions options);
  }

  /**
   * Bounds are {@code from <= key < to}; null: none.
   *
   * @param onClose called once
   * @param onError is told why reading failed, before whoever reads is
   */
  RowCursor(
      Source source,
      byte @Nullable [] from,
      byte @Nullable [] to,
      boolean backwards,
      Consumer<RowCursor> onClose,
      Consumer<RocksDBException> onError) {
    this.low = from == null ? null : new Slice(from);
    this.high = to == null ? null : new Slice(to);
    this.options = new ReadOptions();
    if (low != null) {
      options.setIterateLowerBound(low);
    }
    if (high != null) {
      options.setIterateUpperBound(high);
    }
    this.rows = source.open(options);
    this.backwards = backwards;
    this.onClose = onClose;
    this.onError = onError;
    if (backwards) {
      rows.seekToLast();
    } else {
      rows.seekToFirst();
    }
  }

  /** The next row, or null after the last. */
  synchronized Map.@Nullable Entry<byte[], byte[]> next() {
    if (closed) {
      throw new InvalidStateStoreException("The letter store was closed while it was read");
    }
    if (!rows.isValid()) {
      refuseError();
      return null;
    }
    Map.Entry<byte[], byte[]> row = Map.entry(rows.key(), rows.value());
    if (backwards) {
      rows.prev();
    } else {
      rows.next();
    }
    return row;
  }

  /** An error must not pass for the end of the rows. */
  private void refuseError() {
    try {
      rows.status();
    } catch (RocksDBException e) {
      onError.accept(e);
      throw new ProcessorStateException("Cannot read the letter store", e);
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    rows.close();
    options.close();
    if (low != null) {
      low.close();
    }
    if (high != null) {
      high.close();
    }
    onClose.accept(this);
  }
}
