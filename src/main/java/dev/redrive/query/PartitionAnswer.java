// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

/** What one partition of the ledger said to a query. */
public sealed interface PartitionAnswer<R> {

  /** The partition's active answered. */
  record Served<R>(R value) implements PartitionAnswer<R> {}

  /**
   * Nobody answered for it now; asking again later may help.
   *
   * @param reason for a person, such as {@code restoring}
   */
  record Missing<R>(String reason) implements PartitionAnswer<R> {}
}
