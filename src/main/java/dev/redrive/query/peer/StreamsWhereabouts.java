// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.errors.StreamsStoppedException;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** What the consumer group told this instance at the last rebalance. */
public final class StreamsWhereabouts implements Whereabouts {
  private final KafkaStreams streams;
  private final String topic;
  private final URI self;

  /**
   * @param topic that each partition of the ledger is read from
   * @param self as this instance is known to the others, who are asked by the same scheme
   */
  public StreamsWhereabouts(KafkaStreams streams, String topic, URI self) {
    this.streams = streams;
    this.topic = topic;
    this.self = self;
  }

  @Override
  public Map<Integer, Holders> of(Set<Integer> partitions) {
    Map<Integer, Holders> known = new HashMap<>();
    try {
      Iterable<StreamsMetadata> all = streams.metadataForAllStreamsClients();
      partitions.forEach(partition -> known.put(partition, holders(all, partition)));
    } catch (StreamsNotStartedException | StreamsStoppedException e) {
      return Map.of();
    }
    return known;
  }

  /** All other instances; empty: the group has not told yet who there is. */
  public Optional<Set<URI>> others() {
    Set<URI> others = new TreeSet<>();
    boolean told = false;
    try {
      for (StreamsMetadata one : streams.metadataForAllStreamsClients()) {
        if (isSelf(one.hostInfo())) {
          told = true;
        } else if (!one.hostInfo().equals(HostInfo.unavailable())) {
          others.add(address(one.hostInfo()));
        }
      }
    } catch (StreamsNotStartedException | StreamsStoppedException e) {
      return Optional.empty();
    }
    return told ? Optional.of(others) : Optional.empty();
  }

  private Holders holders(Iterable<StreamsMetadata> all, int partition) {
    TopicPartition wanted = new TopicPartition(topic, partition);
    @Nullable URI active = null;
    List<URI> standbys = new ArrayList<>();
    for (StreamsMetadata one : all) {
      if (isSelf(one.hostInfo())) {
        continue;
      }
      if (one.topicPartitions().contains(wanted)) {
        active = address(one.hostInfo());
      } else if (one.standbyTopicPartitions().contains(wanted)) {
        standbys.add(address(one.hostInfo()));
      }
    }
    return new Holders(active, standbys);
  }

  private boolean isSelf(HostInfo other) {
    return other.port() == port(self) && other.host().equals(self.getHost());
  }

  private URI address(HostInfo other) {
    return URI.create(self.getScheme() + "://" + other.host() + ":" + other.port());
  }

  private static int port(URI address) {
    int given = address.getPort();
    return given >= 0 ? given : address.getScheme().equals("https") ? 443 : 80;
  }
}
