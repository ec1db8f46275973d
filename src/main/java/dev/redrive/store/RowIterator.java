// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/** Committed rows with uncommitted ones laid over them, both as they were when it was made. */
final class RowIterator implements KeyValueIterator<Bytes, byte[]> {
  private final RowCursor committed;
  private final Iterator<Map.Entry<Bytes, byte @Nullable []>> overlay;
  private final int direction;
  private @Nullable KeyValue<Bytes, byte[]> nextCommitted;
  private Map.@Nullable Entry<Bytes, byte @Nullable []> nextOverlay;
  private @Nullable KeyValue<Bytes, byte[]> next;

  /**
   * Both sides come in the same order.
   *
   * @param overlay null values are deleted rows
   */
  RowIterator(
      RowCursor committed,
      Iterator<Map.Entry<Bytes, byte @Nullable []>> overlay,
      boolean backwards) {
    this.committed = committed;
    this.overlay = overlay;
    this.direction = backwards ? -1 : 1;
    stepCommitted();
    stepOverlay();
    this.next = merged();
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public KeyValue<Bytes, byte[]> next() {
    KeyValue<Bytes, byte[]> row = peek();
    next = merged();
    return row;
  }

  @Override
  public Bytes peekNextKey() {
    return peek().key;
  }

  @Override
  public void close() {
    committed.close();
  }

  private KeyValue<Bytes, byte[]> peek() {
    if (next == null) {
      throw new NoSuchElementException();
    }
    return next;
  }

  private @Nullable KeyValue<Bytes, byte[]> merged() {
    while (nextOverlay != null) {
      Map.Entry<Bytes, byte @Nullable []> over = nextOverlay;
      KeyValue<Bytes, byte[]> under = nextCommitted;
      int order = under == null ? -1 : direction * over.getKey().compareTo(under.key);
      if (under != null && order > 0) {
        stepCommitted();
        return under;
      }
      stepOverlay();
      if (order == 0) {
        stepCommitted();
      }
      byte[] value = over.getValue();
      if (value != null) {
        return KeyValue.pair(over.getKey(), value);
      }
    }
    KeyValue<Bytes, byte[]> last = nextCommitted;
    if (last != null) {
      stepCommitted();
    }
    return last;
  }

  private void stepCommitted() {
    Map.Entry<byte[], byte[]> row = committed.next();
    nextCommitted = row == null ? null : KeyValue.pair(Bytes.wrap(row.getKey()), row.getValue());
  }

  private void stepOverlay() {
    nextOverlay = overlay.hasNext() ? overlay.next() : null;
  }
}
