// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

/**
 * The deadline of a stored row that has one. All such layouts begin with their version and the
 * deadline, so that the due index needs to read no more of them.
 */
public final class Deadline {
  private static final int NEWEST = 1;

  private Deadline() {}

  /** Epoch milliseconds. */
  public static long of(byte[] row) {
    ByteReader in = new ByteReader(row);
    in.version("a row with a deadline", NEWEST);
    return in.number();
  }
}
