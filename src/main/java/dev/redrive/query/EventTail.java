// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.query.EventPage.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One partition's events, read from its end to its start, some at a time. */
final class EventTail {
  private final TopicPartition partition;
  private final long start;
  private final Deque<Event> newestFirst = new ArrayDeque<>();
  private long unread;
  private long below;

  /**
   * @param start the partition's first offset
   * @param below events from here on are not wanted
   */
  EventTail(TopicPartition partition, long start, long below) {
    this.partition = partition;
    this.start = start;
    this.unread = below;
    this.below = below;
  }

  /** Some events in the order of their offsets, and the offset from which on they are all. */
  record Chunk(List<Event> events, long from) {}

  /** Reads what lies before an offset. */
  @FunctionalInterface
  interface Chunks {
    /** Null where there was no time. */
    @Nullable Chunk read(TopicPartition partition, long start, long below);
  }

  int partition() {
    return partition.partition();
  }

  /** The offset below which nothing was taken yet. */
  long below() {
    return below;
  }

  boolean isDone() {
    return newestFirst.isEmpty() && unread <= start;
  }

  /** Makes {@link #newest} tell; false: there was no time. */
  boolean load(Chunks chunks) {
    while (newestFirst.isEmpty() && unread > start) {
      Chunk chunk = chunks.read(partition, start, unread);
      if (chunk == null) {
        return false;
      }
      chunk.events().forEach(newestFirst::push);
      unread = chunk.from();
      if (newestFirst.isEmpty()) {
        below = unread;
      }
    }
    return true;
  }

  /** Null where there is none, or none was loaded. */
  @Nullable Event newest() {
    return newestFirst.peek();
  }

  void take() {
    below = newestFirst.pop().offset();
    if (newestFirst.isEmpty()) {
      below = Math.min(below, unread);
    }
  }

  /** What is older is not wanted. */
  void end() {
    newestFirst.clear();
    unread = start;
    below = start;
  }
}
