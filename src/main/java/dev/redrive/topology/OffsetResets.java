// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Source partitions whose next record was deleted before it was read. Streams goes on from the
 * earliest record without a word; here it is remembered until that record comes, which then tells
 * of the gap.
 */
public final class OffsetResets {
  private static final Logger LOGGER = LoggerFactory.getLogger(OffsetResets.class);

  private final Map<TopicPartition, Long> wanted = new ConcurrentHashMap<>();
  private final LedgerFigures figures;

  public OffsetResets(LedgerFigures figures) {
    this.figures = figures;
  }

  /** Called by the consumer, with the offsets that it wanted. */
  void outOfRange(Map<TopicPartition, Long> offsets) {
    offsets.forEach(
        (partition, offset) -> {
          wanted.put(partition, offset);
          figures.offsetResets.increment();
          LOGGER
              .atWarn()
              .addKeyValue("partition", partition)
              .addKeyValue("wanted", offset)
              .log("records were deleted before they were read; going on from the earliest");
        });
  }

  /** The offset that was wanted when the reading of this partition was last reset, once. */
  OptionalLong take(String topic, int partition) {
    if (wanted.isEmpty()) {
      return OptionalLong.empty();
    }
    Long offset = wanted.remove(new TopicPartition(topic, partition));
    return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
  }
}
