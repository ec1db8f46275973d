// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.query.Query;

/** The ledger's partitions, wherever they are. */
public interface Partitions {

  /** How many there are: fixed when the ledger was created. */
  int count();

  /**
   * Asks once, without waiting for partitions that are moving or being restored.
   *
   * @return an answer for each of the partitions asked
   */
  <R> Map<Integer, PartitionAnswer<R>> ask(Query<R> query, Set<Integer> partitions);
}
