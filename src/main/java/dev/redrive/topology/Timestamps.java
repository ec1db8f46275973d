// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/** The timestamps by which Streams chooses what a task processes next. */
final class Timestamps {

  /**
   * Takes control entries first: a task reads the partition whose next record is the oldest, so a
   * command never waits behind a storm of failures.
   */
  static final TimestampExtractor CONTROL = (record, partitionTime) -> 0;

  /** Never negative: Streams drops such records, and no failure may be dropped. */
  static final TimestampExtractor AS_WRITTEN = (record, partitionTime) -> timestamp(record);

  private Timestamps() {}

  private static long timestamp(ConsumerRecord<Object, Object> record) {
    return Math.max(1, record.timestamp());
  }
}
