// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import dev.redrive.query.PartitionAnswer;
import dev.redrive.query.PartitionAnswer.Missing;
import dev.redrive.query.Partitions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.query.Query;

/**
 * The actives of this process while they are known to be actives. While it has no contact to its
 * group they are not asked: another instance may have them by now, and be ahead.
 *
 * @param old answers instead, and says how old it may be, as far as the query allows that; empty:
 *     nobody here does, since peers can be asked
 */
public record TrustedPartitions(Partitions actives, Optional<Partitions> old, GroupContact contact)
    implements Partitions {

  /** For a person. */
  static final String LOST = "this instance has had no contact to Kafka for too long";

  @Override
  public int count() {
    return actives.count();
  }

  @Override
  public <R> Map<Integer, PartitionAnswer<R>> ask(Query<R> query, Set<Integer> partitions) {
    if (!contact.isLost()) {
      return actives.ask(query, partitions);
    }
    if (old.isPresent() && PeerQuery.of(query).map(PeerQuery::standby).orElse(false)) {
      return old.get().ask(query, partitions);
    }
    Map<Integer, PartitionAnswer<R>> answers = new HashMap<>();
    partitions.forEach(partition -> answers.put(partition, new Missing<>(LOST)));
    return answers;
  }
}
