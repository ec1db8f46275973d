// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.letter.RawBytes;
import org.jspecify.annotations.Nullable;

/**
 * A record's value on its way out of the graph.
 *
 * @param topic where to, for the sink that serves many topics; null: the sink's own
 * @param partition which, where the sink does not choose by key; null: by key
 * @param value null for a tombstone
 */
record Outbound(@Nullable String topic, @Nullable Integer partition, @Nullable RawBytes value) {

  static Outbound of(byte[] value) {
    return new Outbound(null, null, RawBytes.of(value));
  }

  static Outbound to(String topic, @Nullable RawBytes value) {
    return new Outbound(topic, null, value);
  }

  static Outbound toPartition(int partition, byte[] value) {
    return new Outbound(null, partition, RawBytes.of(value));
  }

  static byte @Nullable [] serialize(String topic, @Nullable Outbound outbound) {
    return outbound == null || outbound.value == null ? null : outbound.value.array();
  }
}
