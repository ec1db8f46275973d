// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import dev.redrive.config.PeerSettings;
import dev.redrive.config.Settings;
import dev.redrive.http.PeerDoor;
import dev.redrive.http.Route;
import dev.redrive.query.LocalPartitions;
import dev.redrive.query.PartitionAnswer;
import dev.redrive.query.Partitions;
import dev.redrive.query.peer.GroupContact;
import dev.redrive.query.peer.PeerFiles;
import dev.redrive.query.peer.PeerPartitions;
import dev.redrive.query.peer.PeerService;
import dev.redrive.query.peer.StandbyLag;
import dev.redrive.query.peer.StreamsWhereabouts;
import dev.redrive.query.peer.TrustedPartitions;
import dev.redrive.topology.Nodes;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.IntPredicate;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/**
 * All instances of this Redrive, as this one sees them.
 *
 * @param partitions wherever they are
 * @param door where the others ask; none: this one is alone
 * @param files what lies with the others; null: this one is alone
 * @param standbyLag changelog records that its furthest standby has still to read; NaN: unknown
 */
record Cluster(
    Partitions partitions, List<Route> door, @Nullable PeerFiles files, DoubleSupplier standbyLag) {

  Cluster {
    door = List.copyOf(door);
  }

  static Cluster of(
      Settings settings, KafkaStreams streams, Duration session, Clock clock, Opened opened) {
    int count = settings.topics().partitions();
    Partitions here = LocalPartitions.actives(streams, Nodes.LETTERS, count);
    GroupContact contact = opened.add(GroupContact.start(streams::metrics, session));
    PeerSettings peers = settings.peers();
    StandbyLag lag = opened.add(StandbyLag.start(streams, Nodes.LETTERS));
    if (peers.advertised().isEmpty()) {
      Partitions old =
          LocalPartitions.standbys(streams, Nodes.LETTERS, count, new Abandoned(lag::whole));
      return new Cluster(
          new TrustedPartitions(here, Optional.of(old), contact), List.of(), null, () -> 0);
    }
    Partitions actives = new TrustedPartitions(here, Optional.empty(), contact);
    URI self = peers.advertised().get();
    String secret = peers.secret().orElseThrow();
    Partitions standbys = LocalPartitions.standbys(streams, Nodes.LETTERS, count, lag);
    StreamsWhereabouts whereabouts =
        new StreamsWhereabouts(streams, settings.topics().ledger(), self);
    return new Cluster(
        new PeerPartitions(actives, standbys, whereabouts, secret, peers.timeout()),
        List.of(new PeerDoor(secret, new PeerService(actives, standbys, clock)).route()),
        opened.add(new PeerFiles(whereabouts::others, secret, peers.timeout())),
        lag::ofStandbys);
  }

  /** What an instance has that has no peers and has lost its group: nobody knows how old it is. */
  private record Abandoned(IntPredicate isWhole) implements LocalPartitions.Copies {
    @Override
    public long behind(int partition) {
      return PartitionAnswer.UNKNOWN;
    }

    @Override
    public boolean whole(int partition) {
      return isWhole.test(partition);
    }
  }
}
