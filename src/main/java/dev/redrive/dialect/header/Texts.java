// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.header;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Cuts texts to the sizes that letters allow. */
public final class Texts {
  /** Characters of an id, a code or a label. */
  public static final int MAX_SHORT = 200;

  public static final int MAX_URL = 2_000;

  /** Labels of a letter. */
  public static final int MAX_LABELS = 32;

  private static final int HASH_BYTES = 8;

  private Texts() {}

  /** The first characters, never half of a surrogate pair. */
  public static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = max > 0 && Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
    return text.substring(0, end);
  }

  /** Cut, with a warning that says so. */
  public static @Nullable String bounded(
      @Nullable String text, int max, String what, Warnings warnings) {
    if (text == null || text.length() <= max) {
      return text;
    }
    warnings.add(what + " has " + text.length() + " characters; cut to " + max);
    return cut(text, max);
  }

  /**
   * A text short enough to be an id: a readable start and a hash of the whole, so that two long ids
   * that start alike stay two.
   */
  public static String shortened(String text, byte[] whole, int max) {
    String hash = HexFormat.of().formatHex(sha256(whole), 0, HASH_BYTES);
    return cut(text, max - hash.length() - 1) + "~" + hash;
  }

  /** Whether its UTF-8 form reads back as the same text: no half surrogate pairs. */
  public static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
      }
    }
    return true;
  }

  /** Bytes of its UTF-8 form, or a little more for text that is not well formed. */
  public static long utf8Length(String text) {
    long length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        // A surrogate pair is two characters and four bytes.
        length += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return length;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
