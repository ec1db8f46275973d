// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.UnreadableBytesException;
import dev.redrive.letter.LetterId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads what {@link KeyWriter} wrote. */
final class KeyReader {
  private final byte[] source;
  private int at;

  KeyReader(byte[] source) {
    this(source, 0);
  }

  KeyReader(byte[] source, int from) {
    this.source = source;
    this.at = from;
  }

  int u8() {
    need(1);
    return source[at++] & 0xFF;
  }

  String text() {
    int from = at;
    boolean escaped = false;
    while (true) {
      need(2);
      if (source[at] == 0) {
        if (source[at + 1] == 0) {
          break;
        }
        escaped = true;
        at++;
      }
      at++;
    }
    String value =
        escaped ? unescaped(from, at) : new String(source, from, at - from, StandardCharsets.UTF_8);
    at += 2;
    return value;
  }

  @Nullable String optional() {
    return u8() == 0 ? null : text();
  }

  long ascending() {
    return fixed() ^ Long.MIN_VALUE;
  }

  long descending() {
    return ~fixed() ^ Long.MIN_VALUE;
  }

  LetterId id() {
    return new LetterId(fixed(), fixed());
  }

  void skip(int bytes) {
    need(bytes);
    at += bytes;
  }

  boolean atEnd() {
    return at == source.length;
  }

  byte[] rest() {
    return Arrays.copyOfRange(source, at, source.length);
  }

  private long fixed() {
    need(8);
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = (value << 8) | (source[at++] & 0xFF);
    }
    return value;
  }

  private String unescaped(int from, int to) {
    byte[] bytes = new byte[to - from];
    int size = 0;
    for (int i = from; i < to; i++) {
      bytes[size++] = source[i];
      if (source[i] == 0) {
        i++;
      }
    }
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }

  private void need(int bytes) {
    if (source.length - at < bytes) {
      throw new UnreadableBytesException("an index or counter row ends early, at " + at);
    }
  }
}
