// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.LetterId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Builds keys whose order as unsigned bytes is the order of their parts.
 *
 * <p>A text is its UTF-8 with each zero byte followed by 0xFF, ended by two zero bytes, so that no
 * text is the start of another.
 */
final class KeyWriter {
  private byte[] buffer = new byte[96];
  private int size;

  KeyWriter u8(int value) {
    room(1);
    buffer[size++] = (byte) value;
    return this;
  }

  KeyWriter i32(int value) {
    room(4);
    buffer[size++] = (byte) (value >>> 24);
    buffer[size++] = (byte) (value >>> 16);
    buffer[size++] = (byte) (value >>> 8);
    buffer[size++] = (byte) value;
    return this;
  }

  KeyWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    room(2 * utf8.length + 2);
    for (byte b : utf8) {
      buffer[size++] = b;
      if (b == 0) {
        buffer[size++] = (byte) 0xFF;
      }
    }
    buffer[size++] = 0;
    buffer[size++] = 0;
    return this;
  }

  KeyWriter optional(@Nullable String value) {
    return value == null ? u8(0) : u8(1).text(value);
  }

  /** The earlier the smaller, also before 1970. */
  KeyWriter ascending(long time) {
    return fixed(time ^ Long.MIN_VALUE);
  }

  /** The later the smaller, also before 1970. */
  KeyWriter descending(long time) {
    return fixed(~(time ^ Long.MIN_VALUE));
  }

  KeyWriter id(LetterId id) {
    return fixed(id.high()).fixed(id.low());
  }

  KeyWriter raw(byte[] bytes) {
    room(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
    return this;
  }

  byte[] done() {
    byte[] key = Arrays.copyOf(buffer, size);
    size = 0;
    return key;
  }

  private KeyWriter fixed(long value) {
    room(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      buffer[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  private void room(int more) {
    if (size + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(size + more, 2 * buffer.length));
    }
  }
}
