// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Ends of key ranges. */
final class KeyRange {

  private KeyRange() {}

  /** The first key after this one. */
  static byte[] after(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  /** The first key that does not start so; null: none comes after all that do. */
  static byte @Nullable [] afterPrefix(byte[] prefix) {
    for (int i = prefix.length - 1; i >= 0; i--) {
      if (prefix[i] != (byte) 0xFF) {
        byte[] end = Arrays.copyOf(prefix, i + 1);
        end[i]++;
        return end;
      }
    }
    return null;
  }

  /** The same where a key starts with a byte below 0xFF, as all of ours do. */
  static byte[] afterAll(byte[] prefix) {
    byte[] end = afterPrefix(prefix);
    if (end == null) {
      throw new IllegalArgumentException("no key comes after all that start with 0xFF");
    }
    return end;
  }

  static byte[] least(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b) <= 0 ? a : b;
  }

  static byte[] greatest(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b) >= 0 ? a : b;
  }

  static boolean holdsAny(byte[] from, byte[] to) {
    return Arrays.compareUnsigned(from, to) < 0;
  }
}
