// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as they came off the wire, with equality by content. The array is shared, not copied:
 * records are large and are never changed once read.
 */
public final class RawBytes {
  public static final RawBytes EMPTY = new RawBytes(new byte[0]);

  private final byte[] bytes;

  private RawBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  public static RawBytes of(byte[] bytes) {
    return new RawBytes(bytes);
  }

  /** Null stays null: an absent key or value is not an empty one. */
  public static @Nullable RawBytes ofNullable(byte @Nullable [] bytes) {
    return bytes == null ? null : new RawBytes(bytes);
  }

  public static RawBytes utf8(String text) {
    return new RawBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The array itself; the caller must not change it. */
  public byte[] array() {
    return bytes;
  }

  public int size() {
    return bytes.length;
  }

  /** The bytes read as UTF-8; what is not UTF-8 becomes U+FFFD. */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RawBytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Size and the first bytes only, so that a payload does not reach a log by accident. */
  @Override
  public String toString() {
    String start = HexFormat.of().formatHex(bytes, 0, Math.min(4, bytes.length));
    return "RawBytes[" + bytes.length + ", " + start + "]";
  }
}
