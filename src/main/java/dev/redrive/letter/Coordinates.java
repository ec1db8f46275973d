// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.util.Optional;

/** Where a record lies: topic, partition, offset. Written {@code orders-3-1077245}. */
public record Coordinates(String topic, int partition, long offset) {

  /**
   * Reads {@link #toString}'s form. A topic may contain {@code -}, so it is read from the right.
   */
  public static Optional<Coordinates> parse(String text) {
    int beforeOffset = text.lastIndexOf('-');
    int beforePartition = beforeOffset < 1 ? -1 : text.lastIndexOf('-', beforeOffset - 1);
    if (beforePartition < 1) {
      return Optional.empty();
    }
    try {
      int partition = Integer.parseInt(text.substring(beforePartition + 1, beforeOffset));
      long offset = Long.parseLong(text.substring(beforeOffset + 1));
      return partition < 0 || offset < 0
          ? Optional.empty()
          : Optional.of(new Coordinates(text.substring(0, beforePartition), partition, offset));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return topic + "-" + partition + "-" + offset;
  }
}
