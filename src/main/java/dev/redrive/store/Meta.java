// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.UnreadableBytesException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Keys and values of the {@link Family#META} rows. */
final class Meta {
  /** Version of the layout of everything here; a newer one than ours can't be read. */
  static final byte[] LAYOUT = {'v'};

  /** {@link LetterIndex#VERSION} that the derived rows were made with. */
  static final byte[] DERIVED = {'x'};

  /** When the database was last known to be in use, epoch milliseconds. */
  static final byte[] ALIVE = {'a'};

  /** Present while restored rows lie here that the stored offset does not cover yet. */
  static final byte[] AHEAD = {'r'};

  /** Present when Streams asked to forget everything; the next open starts anew. */
  static final byte[] FORGOTTEN = {'f'};

  /** Highest change number. */
  static final byte[] CHANGE = {'n'};

  /** The pipelines of the {@link ArrivalIndex}. */
  static final byte[] ARRIVALS = {'p'};

  /** Number of letters. */
  static final byte[] LETTERS = {'l'};

  /** Before a {@link dev.redrive.codec.RowKey#mark} key: the mark that follows from all rows. */
  static final byte MARK = 'm';

  static final byte OFFSET = 'o';

  static final long LAYOUT_VERSION = 1;

  private Meta() {}

  static byte[] offset(TopicPartition changelog) {
    byte[] topic = changelog.topic().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + 4 + topic.length)
        .put(OFFSET)
        .putInt(changelog.partition())
        .put(topic)
        .array();
  }

  static TopicPartition changelog(byte[] offsetKey) {
    int partition = ByteBuffer.wrap(offsetKey, 1, 4).getInt();
    return new TopicPartition(
        new String(offsetKey, 5, offsetKey.length - 5, StandardCharsets.UTF_8), partition);
  }

  static byte[] mark(byte[] rowKey) {
    return ByteBuffer.allocate(1 + rowKey.length).put(MARK).put(rowKey).array();
  }

  static byte[] number(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  static long number(byte @Nullable [] bytes, long absent) {
    if (bytes == null) {
      return absent;
    }
    if (bytes.length != Long.BYTES) {
      throw new UnreadableBytesException("a number of " + bytes.length + " bytes");
    }
    return ByteBuffer.wrap(bytes).getLong();
  }
}
