// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.filter.LetterFilter;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a list under one value, within times, and after a position.
 *
 * @param prefixLength where in a key time and id follow
 * @param from the first key
 * @param to the first key after the last
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record IndexRange(int prefixLength, byte[] from, byte[] to) {
  private static final byte[] LOWEST_ID = new byte[16];

  static IndexRange of(
      byte[] prefix, LetterFilter filter, boolean oldestFirst, @Nullable PagePosition after) {
    // Keys run from the latest to the earliest.
    byte[] from = bound(prefix, filter.until());
    byte[] to =
        filter.since() == Long.MIN_VALUE
            ? KeyRange.afterAll(prefix)
            : bound(prefix, filter.since() - 1);
    if (after != null) {
      byte[] last = new KeyWriter().raw(prefix).descending(after.failedAt()).id(after.id()).done();
      if (oldestFirst) {
        to = KeyRange.least(to, last);
      } else {
        from = KeyRange.greatest(from, KeyRange.after(last));
      }
    }
    return new IndexRange(prefix.length, from, to);
  }

  boolean holdsAny() {
    return KeyRange.holdsAny(from, to);
  }

  /** Before all letters of this time and those before it. */
  private static byte[] bound(byte[] prefix, long failedAt) {
    return new KeyWriter().raw(prefix).descending(failedAt).raw(LOWEST_ID).done();
  }
}
