// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.letter.RawBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the binary layouts. Numbers are zig-zag varints unless said otherwise; a length is written
 * plus one, so that 0 is null.
 */
final class ByteWriter {
  private byte[] buffer;
  private int size;

  ByteWriter(int expected) {
    buffer = new byte[Math.max(16, expected)];
  }

  ByteWriter u8(int value) {
    room(1);
    buffer[size++] = (byte) value;
    return this;
  }

  ByteWriter number(long value) {
    return unsigned((value << 1) ^ (value >> 63));
  }

  ByteWriter unsigned(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[size++] = (byte) rest;
    return this;
  }

  ByteWriter optional(@Nullable Number value) {
    return value == null ? u8(0) : u8(1).number(value.longValue());
  }

  ByteWriter text(@Nullable String value) {
    return bytes(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
  }

  ByteWriter raw(@Nullable RawBytes value) {
    return bytes(value == null ? null : value.array());
  }

  ByteWriter flag(boolean value) {
    return u8(value ? 1 : 0);
  }

  ByteWriter uuid(UUID value) {
    return fixed(value.getMostSignificantBits()).fixed(value.getLeastSignificantBits());
  }

  /** Eight bytes, big-endian. */
  ByteWriter fixed(long value) {
    room(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      buffer[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  <T> ByteWriter list(Collection<T> values, BiConsumer<ByteWriter, T> each) {
    unsigned(values.size());
    for (T value : values) {
      each.accept(this, value);
    }
    return this;
  }

  /** The bytes as they are, without a length. */
  ByteWriter tail(byte[] source, int from, int length) {
    room(length);
    System.arraycopy(source, from, buffer, size, length);
    size += length;
    return this;
  }

  byte[] done() {
    return size == buffer.length ? buffer : Arrays.copyOf(buffer, size);
  }

  /** What was written and these bytes, which are copied this once. */
  byte[] doneWith(byte[] tail) {
    byte[] all = Arrays.copyOf(buffer, size + tail.length);
    System.arraycopy(tail, 0, all, size, tail.length);
    return all;
  }

  private ByteWriter bytes(byte @Nullable [] value) {
    if (value == null) {
      return u8(0);
    }
    return unsigned(value.length + 1L).tail(value, 0, value.length);
  }

  private void room(int more) {
    if (size + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(size + more, buffer.length * 2));
    }
  }
}
