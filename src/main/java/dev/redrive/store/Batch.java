// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.Arrays;
import java.util.Map;
import org.rocksdb.WriteBatch;

/**
 * Changes that reach the database together, in the form that RocksDB itself writes to its log. It
 * is built here and handed over in one call: a call into native code for every row costs more than
 * the row.
 *
 * <p>The form: eight bytes that RocksDB fills in, the number of changes (four bytes,
 * little-endian), and for each a type, the family's number, the key and, for a put, the value.
 * Lengths and numbers are varints.
 */
final class Batch {
  private static final int HEADER = 12;
  private static final int COUNT_AT = 8;
  private static final byte DELETION = 0x4;
  private static final byte VALUE = 0x5;
  private static final byte[] NOTHING = {};
  private static final int KEPT = 8 * 1024 * 1024;
  private static final int FIRST_SIZE = 64 * 1024;

  private final Map<Family, Integer> families;
  private byte[] buffer = new byte[FIRST_SIZE];
  private int size = HEADER;
  private int count;

  /**
   * Starts empty.
   *
   * @param families the numbers that the database knows its families by
   */
  Batch(Map<Family, Integer> families) {
    this.families = families;
  }

  void put(Family family, byte[] key, byte[] value) {
    put(family, key, NOTHING, value);
  }

  /** The key in two parts. */
  void put(Family family, byte[] prefix, byte[] rest, byte[] value) {
    begin(VALUE, family, prefix, rest, 5 + value.length);
    varint(value.length);
    bytes(value);
  }

  void delete(Family family, byte[] key) {
    delete(family, key, NOTHING);
  }

  /** The key in two parts. */
  void delete(Family family, byte[] prefix, byte[] rest) {
    begin(DELETION, family, prefix, rest, 0);
  }

  void clear() {
    size = HEADER;
    count = 0;
    if (buffer.length > KEPT) {
      buffer = new byte[FIRST_SIZE];
    }
  }

  /** What was added, as RocksDB's own object, which the caller closes. */
  WriteBatch rocks() {
    for (int i = 0; i < 4; i++) {
      buffer[COUNT_AT + i] = (byte) (count >>> (8 * i));
    }
    return new WriteBatch(Arrays.copyOf(buffer, size));
  }

  private void begin(byte type, Family family, byte[] prefix, byte[] rest, int more) {
    Integer number = families.get(family);
    if (number == null) {
      throw new IllegalStateException("the database has no family " + family);
    }
    int length = prefix.length + rest.length;
    room(11 + length + more);
    buffer[size++] = type;
    varint(number);
    varint(length);
    bytes(prefix);
    bytes(rest);
    count++;
  }

  private void varint(int value) {
    int rest = value;
    while ((rest & ~0x7F) != 0) {
      buffer[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[size++] = (byte) rest;
  }

  private void bytes(byte[] source) {
    System.arraycopy(source, 0, buffer, size, source.length);
    size += source.length;
  }

  private void room(int more) {
    if (size + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(size + more, 2 * buffer.length));
    }
  }
}
