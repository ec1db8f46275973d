// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.letter.RawBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what {@link ByteWriter} wrote. Anything else is an {@link UnreadableBytesException}. */
final class ByteReader {
  private final byte[] source;
  private final int end;
  private int at;

  ByteReader(byte[] source) {
    this(source, 0, source.length);
  }

  ByteReader(byte[] source, int from, int to) {
    this.source = source;
    this.at = from;
    this.end = to;
  }

  /** Reads a layout's version and refuses one that is newer than this Redrive. */
  int version(String what, int newest) {
    int version = u8();
    if (version < 1 || version > newest) {
      throw new UnreadableBytesException(
          what + " of layout version " + version + "; this Redrive reads up to " + newest);
    }
    return version;
  }

  int u8() {
    need(1);
    return source[at++] & 0xFF;
  }

  long number() {
    long raw = unsigned();
    return (raw >>> 1) ^ -(raw & 1);
  }

  long unsigned() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      value |= (next & 0x7FL) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new UnreadableBytesException("a varint of more than ten bytes at " + at);
  }

  int integer() {
    long value = number();
    if (value != (int) value) {
      throw new UnreadableBytesException(value + " where an int must be, before " + at);
    }
    return (int) value;
  }

  /** Whether something optional follows. */
  boolean flag() {
    int value = u8();
    if (value > 1) {
      throw new UnreadableBytesException(value + " where 0 or 1 must be, before " + at);
    }
    return value == 1;
  }

  @Nullable Long optionalLong() {
    return flag() ? number() : null;
  }

  @Nullable Integer optionalInt() {
    return flag() ? integer() : null;
  }

  String text() {
    String value = optionalText();
    if (value == null) {
      throw new UnreadableBytesException("null where a text must be, before " + at);
    }
    return value;
  }

  @Nullable String optionalText() {
    int length = length();
    if (length < 0) {
      return null;
    }
    String value = new String(source, at, length, StandardCharsets.UTF_8);
    at += length;
    return value;
  }

  @Nullable RawBytes raw() {
    int length = length();
    if (length < 0) {
      return null;
    }
    byte[] value = Arrays.copyOfRange(source, at, at + length);
    at += length;
    return RawBytes.of(value);
  }

  UUID uuid() {
    return new UUID(fixed(), fixed());
  }

  long fixed() {
    need(8);
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = (value << 8) | (source[at++] & 0xFF);
    }
    return value;
  }

  <T> List<T> list(Function<ByteReader, T> each) {
    long count = unsigned();
    if (count < 0 || count > end - at) {
      throw new UnreadableBytesException("a list of " + count + " in " + (end - at) + " bytes");
    }
    // Not sized by what the bytes claim: a few megabytes of garbage must not cost a heap.
    List<T> values = new ArrayList<>((int) Math.min(count, 64));
    for (long i = 0; i < count; i++) {
      values.add(each.apply(this));
    }
    return values;
  }

  int at() {
    return at;
  }

  void skip(long bytes) {
    need(bytes);
    at += (int) bytes;
  }

  /** Refuses bytes that the layout does not account for. */
  void end(String what) {
    if (at != end) {
      throw new UnreadableBytesException((end - at) + " bytes too many after " + what);
    }
  }

  /** What is left, copied. */
  byte[] rest() {
    return Arrays.copyOfRange(source, at, end);
  }

  /** A length, or -1 for null; that many bytes are there. */
  private int length() {
    long plusOne = unsigned();
    if (plusOne < 0 || plusOne - 1 > end - at) {
      throw new UnreadableBytesException(
          "a length of " + (plusOne - 1) + " with " + (end - at) + " bytes left");
    }
    return (int) plusOne - 1;
  }

  private void need(long bytes) {
    if (bytes < 0 || end - at < bytes) {
      throw new UnreadableBytesException("ends " + (bytes - (end - at)) + " bytes early");
    }
  }
}
