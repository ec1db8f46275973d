// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.header;

import org.jspecify.annotations.Nullable;

/** Reads the ways in which producers write a number into a header. */
public final class Numbers {
  private static final int MAX_DIGITS = 19;

  private Numbers() {}

  /** A whole number in ASCII digits, maybe with a sign; null where it is none or too large. */
  public static @Nullable Long decimal(byte[] text) {
    int start = text.length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    int digits = text.length - start;
    if (digits < 1 || digits > MAX_DIGITS) {
      return null;
    }
    long number = 0;
    for (int i = start; i < text.length; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return null;
      }
      number = number * 10 + digit;
    }
    // 19 digits overflow into the negative at most once.
    return number < 0 ? null : Long.valueOf(text[0] == '-' ? -number : number);
  }

  /** Two's complement, big-endian, of up to 8 bytes. */
  public static long bigEndian(byte[] bytes) {
    long number = bytes.length > 0 && bytes[0] < 0 ? -1 : 0;
    for (byte b : bytes) {
      number = (number << 8) | (b & 0xFF);
    }
    return number;
  }
}
