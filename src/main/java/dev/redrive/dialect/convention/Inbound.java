// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.convention;

import dev.redrive.letter.Coordinates;
import dev.redrive.letter.RawRecord;
import java.util.UUID;

/**
 * A record as consumed from an error topic.
 *
 * @param topicId the broker's id of the topic
 * @param timestamp the record's own, epoch milliseconds; some conventions keep the original's;
 *     negative: it has none
 * @param arrivedAt the broker's append time where the topic keeps it, else when it was consumed,
 *     epoch milliseconds
 */
public record Inbound(
    RawRecord raw,
    UUID topicId,
    String topic,
    int partition,
    long offset,
    long timestamp,
    long arrivedAt) {

  public Coordinates coordinates() {
    return new Coordinates(topic, partition, offset);
  }

  /** The record's own timestamp, for producers that write it when they give the record up. */
  public long writtenAt() {
    return timestamp >= 0 ? timestamp : arrivedAt;
  }
}
