// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.util.UUID;

/**
 * Where the failed record lies on its error topic.
 *
 * @param topicId the broker's id of the topic: a topic that is deleted and made again has a new
 *     one, so its offsets, which start at 0 again, are not taken for redeliveries
 * @param part which failure of the record this is, where one record tells of several; else 0
 * @param timestamp the record's timestamp there, epoch milliseconds
 */
public record DeadLetterPosition(
    UUID topicId, String topic, int partition, long offset, int part, long timestamp) {

  /** Stands for a letter that was added by a command, so lies on no error topic. */
  public static final DeadLetterPosition NONE =
      new DeadLetterPosition(new UUID(0, 0), "", -1, -1, 0, -1);

  public boolean exists() {
    return partition >= 0;
  }

  public Coordinates coordinates() {
    return new Coordinates(topic, partition, offset);
  }
}
