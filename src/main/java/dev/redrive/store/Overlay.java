// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.HeadCodec;
import dev.redrive.codec.IntakeMark;
import dev.redrive.codec.LetterRow;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The writes of the open transaction, and what they do to letters. A plain map: only queries read
 * indexes, and only committed ones, so nothing of RocksDB's {@code WriteBatchWithIndex} is needed
 * and no write crosses into native code before the commit. Belongs to one thread.
 */
final class Overlay {
  private static final int READS_KEPT = 4_096;
  private static final long READ_BYTES_KEPT = 8L * 1024 * 1024;
  private static final int ROW_OVERHEAD = 100;

  private final Function<byte[], byte @Nullable []> committed;
  private final HighWater highWater;
  private final Map<Bytes, byte @Nullable []> rows = new HashMap<>();
  private final Map<Bytes, byte @Nullable []> reads = new HashMap<>();
  private final Map<LetterId, LetterChange> letters = new HashMap<>();
  private final Map<Bytes, byte @Nullable []> datedBefore = new HashMap<>();
  private final Map<Counted.Name, Long> groups = new HashMap<>();
  private long bytes;
  private long readBytes;

  /**
   * Starts empty.
   *
   * @param committed reads a committed row
   */
  Overlay(Function<byte[], byte @Nullable []> committed, HighWater highWater) {
    this.committed = committed;
    this.highWater = highWater;
  }

  void put(Bytes key, byte @Nullable [] value) {
    byte[] raw = key.get();
    switch (kind(raw)) {
      case RowKey.LETTER -> {
        LetterChange letter = letter(raw);
        countGroup(letter.after(), -1);
        letter.letterRow(value == null ? null : told(LetterRow.head(value)));
        countGroup(letter.after(), 1);
      }
      case RowKey.HEAD -> {
        LetterChange letter = letter(raw);
        countGroup(letter.after(), -1);
        letter.headRow(value == null ? null : told(HeadCodec.decode(value)));
        countGroup(letter.after(), 1);
      }
      case RowKey.MARK -> {
        if (value != null) {
          highWater.raise(key, IntakeMark.decode(value));
        }
      }
      case RowKey.CHANGE -> highWater.raise(Meta.number(value, 0));
      default -> {
        if (DueIndex.has(kind(raw)) && !datedBefore.containsKey(key)) {
          datedBefore.put(key, read(key));
        }
      }
    }
    rows.put(key, value);
    bytes += raw.length + (value == null ? 0 : value.length) + ROW_OVERHEAD;
  }

  /** The row as the transaction sees it. */
  byte @Nullable [] get(Bytes key) {
    byte[] written = rows.get(key);
    return written != null || rows.containsKey(key) ? written : read(key);
  }

  /** A committed row, remembered: what is looked up is mostly written next. */
  private byte @Nullable [] read(Bytes key) {
    byte[] known = reads.get(key);
    if (known != null || reads.containsKey(key)) {
      return known;
    }
    byte[] stored = committed.apply(key.get());
    readBytes += stored == null ? 0 : stored.length;
    if (reads.size() >= READS_KEPT || readBytes > READ_BYTES_KEPT) {
      reads.clear();
      readBytes = 0;
    }
    reads.put(key, stored);
    return stored;
  }

  /** The rows written with {@code from <= key < to}, in order; null values are deleted rows. */
  Iterator<Map.Entry<Bytes, byte @Nullable []>> rows(
      byte @Nullable [] from, byte @Nullable [] to, boolean backwards) {
    Bytes low = from == null ? null : Bytes.wrap(from);
    Bytes high = to == null ? null : Bytes.wrap(to);
    NavigableMap<Bytes, byte @Nullable []> within = new TreeMap<>();
    rows.forEach(
        (key, value) -> {
          if ((low == null || key.compareTo(low) >= 0)
              && (high == null || key.compareTo(high) < 0)) {
            within.put(key, value);
          }
        });
    return (backwards ? within.descendingMap() : within).entrySet().iterator();
  }

  /** Adds the rows to a batch, and tells what they do to letters and deadlines. */
  void writeTo(Batch batch, Derivation derivation) {
    rows.forEach(
        (key, value) -> {
          if (value != null) {
            batch.put(Family.ROWS, key.get(), value);
          } else if (!isKnownAbsent(key.get())) {
            batch.delete(Family.ROWS, key.get());
          }
        });
    for (LetterChange letter : letters.values()) {
      derivation.letter(letter.id(), letter.before(), letter.after());
    }
    datedBefore.forEach((key, before) -> derivation.dated(key.get(), before, rows.get(key)));
  }

  /** About the memory that the writes take. */
  long bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The writes are on disk, or are given up. */
  void clear() {
    rows.clear();
    reads.clear();
    letters.clear();
    groups.clear();
    datedBefore.clear();
    bytes = 0;
    readBytes = 0;
  }

  /** A tombstone for what is not there would only slow down reading. */
  private boolean isKnownAbsent(byte[] key) {
    return switch (kind(key)) {
      case RowKey.LETTER -> !letter(key).letterStored();
      case RowKey.HEAD -> !letter(key).headStored();
      default -> false;
    };
  }

  /** By how much the transaction has changed the number of letters in a group. */
  long inGroup(Counted.Name group) {
    return groups.getOrDefault(group, 0L);
  }

  private void countGroup(@Nullable LetterHead head, long by) {
    Counted.Name group = head == null ? null : Counted.GROUP.of(head);
    if (group != null) {
      groups.merge(group, by, Long::sum);
    }
  }

  private LetterChange letter(byte[] key) {
    LetterId id = RowKey.letterId(key);
    LetterChange change = letters.get(id);
    if (change == null) {
      byte[] letter = read(Bytes.wrap(RowKey.letter(id)));
      byte[] head = read(Bytes.wrap(RowKey.head(id)));
      change =
          new LetterChange(
              id,
              letter == null ? null : LetterRow.head(letter),
              head == null ? null : HeadCodec.decode(head));
      letters.put(id, change);
    }
    return change;
  }

  private LetterHead told(LetterHead head) {
    highWater.raise(head);
    return head;
  }

  private static byte kind(byte[] key) {
    return key.length == 0 ? 0 : key[0];
  }
}
