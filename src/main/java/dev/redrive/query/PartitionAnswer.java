// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

/** What one partition of the ledger said to a query. */
public sealed interface PartitionAnswer<R> {

  /** For {@link OfStandby#behind}. */
  long UNKNOWN = -1;

  /** The partition's active answered. */
  record Served<R>(R value) implements PartitionAnswer<R> {}

  /**
   * Its active did not answer, and a standby of it did: what was changed last may not be in it.
   *
   * @param behind how many records of the changelog it had still to read, lately; {@link #UNKNOWN}:
   *     nobody could tell
   */
  record OfStandby<R>(R value, long behind) implements PartitionAnswer<R> {}

  /**
   * Nobody answered for it now; asking again later may help.
   *
   * @param reason for a person, such as {@code restoring}
   */
  record Missing<R>(String reason) implements PartitionAnswer<R> {}
}
