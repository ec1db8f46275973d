// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import dev.redrive.query.PartitionAnswer;
import dev.redrive.query.Partitions;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.query.Query;

/**
 * All partitions, wherever they are: those of this process are asked here, others at the instance
 * that has them, and where the active does not answer, a standby, which says so.
 *
 * <p>One asking takes about twice the time-out at most: once for actives, once for standbys.
 */
public final class PeerPartitions implements Partitions {

  /** Where instances ask each other; not for people and no part of the API. */
  public static final String PATH = "/internal/query";

  private final Partitions actives;
  private final Partitions standbys;
  private final Whereabouts whereabouts;
  private final PeerClient client;
  private final Doubts doubts;

  /**
   * @param actives those of this process
   * @param standbys what is in this process of any partition
   * @param secret by which peers know each other
   * @param timeout of one request
   */
  public PeerPartitions(
      Partitions actives,
      Partitions standbys,
      Whereabouts whereabouts,
      String secret,
      Duration timeout) {
    this.actives = actives;
    this.standbys = standbys;
    this.whereabouts = whereabouts;
    this.client = new PeerClient(secret, timeout);
    this.doubts = new Doubts(timeout);
  }

  @Override
  public int count() {
    return actives.count();
  }

  @Override
  public <R> Map<Integer, PartitionAnswer<R>> ask(Query<R> query, Set<Integer> partitions) {
    PeerQuery kind =
        PeerQuery.of(query)
            .orElseThrow(() -> new IllegalArgumentException(query + " is not asked of peers"));
    Asking<R> asking = new Asking<>(query, kind, client, doubts, partitions);
    asking.take(actives.ask(query, partitions));
    if (asking.open().isEmpty()) {
      return asking.answers();
    }
    Map<Integer, Whereabouts.Holders> holders = whereabouts.of(asking.open());
    asking.actives(holders, kind.standby());
    if (kind.standby() && !asking.open().isEmpty()) {
      asking.take(standbys.ask(query, asking.open()));
      asking.standbys(holders);
      asking.copiesOfLost(holders);
      asking.actives(holders, false);
    }
    return asking.answers();
  }
}
