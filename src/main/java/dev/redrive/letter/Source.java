// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the record came from before it failed, as far as its producer says.
 *
 * @param timestamp of the original record, epoch milliseconds
 */
public record Source(
    @Nullable String topic,
    @Nullable Integer partition,
    @Nullable Long offset,
    @Nullable Long timestamp,
    @Nullable String consumerGroup) {

  public static final Source UNKNOWN = new Source(null, null, null, null, null);

  public Optional<Coordinates> coordinates() {
    return topic == null || partition == null || offset == null
        ? Optional.empty()
        : Optional.of(new Coordinates(topic, partition, offset));
  }
}
