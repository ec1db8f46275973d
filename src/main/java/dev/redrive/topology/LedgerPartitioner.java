// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.letter.Coordinates;
import dev.redrive.letter.LetterId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * Which ledger partition a letter belongs to: murmur2 over the bytes of its id, as Kafka's own
 * clients partition by key. Writers, the ledger and readers all ask here, so that whoever has an id
 * knows the partition.
 */
public final class LedgerPartitioner implements StreamPartitioner<byte[], Outbound> {

  /** Partition of the letter among {@code partitions} ledger partitions. */
  public static int partition(LetterId id, int partitions) {
    return partition(key(id), partitions);
  }

  /** The record key of everything about a letter on the ledger and control topics. */
  public static byte[] key(LetterId id) {
    return id.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The record key of everything about a place on a retry topic. */
  static byte[] key(Coordinates place) {
    return place.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Partition of what has this key on the ledger and control topics. */
  public static int partition(byte[] key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }

  @Override
  public Optional<Set<Integer>> partitions(
      String topic, byte @Nullable [] key, @Nullable Outbound value, int partitions) {
    Integer told = value == null ? null : value.partition();
    if (told != null) {
      // The modulo serves TopologyTestDriver, in which every topic has one partition.
      return Optional.of(Set.of(told % partitions));
    }
    if (key == null) {
      throw new IllegalArgumentException("an entry for " + topic + " without key or partition");
    }
    return Optional.of(Set.of(partition(key, partitions)));
  }
}
