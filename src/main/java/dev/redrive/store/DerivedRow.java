// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.Arrays;

/** A row that follows from others and can be made again from them. */
@SuppressWarnings("ArrayRecordComponent") // compared by sameKey and sameValue only
record DerivedRow(byte[] key, byte[] value) {

  boolean sameKey(DerivedRow other) {
    return Arrays.equals(key, other.key);
  }

  boolean sameValue(DerivedRow other) {
    return value == other.value || Arrays.equals(value, other.value);
  }
}
