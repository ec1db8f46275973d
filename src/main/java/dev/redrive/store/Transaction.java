// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One stream thread's Kafka transaction, and after it the next one: the stores that the thread
 * writes, and how far their changelogs got. All is called on that thread but acknowledgements.
 */
final class Transaction {
  private static final String CHANGELOG = "-changelog";

  private final Set<LetterStore> stores = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<String, Map<Integer, ChangelogEnd>> ends = new HashMap<>();
  private Map<TopicPartition, OffsetAndMetadata> consumed = Map.of();
  private boolean sent;
  private boolean inDoubt;

  /** The last acknowledged offset of a changelog partition. */
  static final class ChangelogEnd {
    // Only the producer's I/O thread writes; the commit that follows makes it visible anyway.
    private volatile long offset = -1;

    void acknowledged(long at) {
      if (at > offset) {
        offset = at;
      }
    }
  }

  /** Takes part from now on, until it is closed or another thread's transaction takes it. */
  void add(LetterStore store) {
    stores.add(store);
  }

  /** A record is sent; where it goes to a changelog, who wants to know its offset. */
  @Nullable ChangelogEnd sending(String topic, @Nullable Integer partition) {
    sent = true;
    if (partition == null || !topic.endsWith(CHANGELOG)) {
      return null;
    }
    return ends.computeIfAbsent(topic, t -> new HashMap<>())
        .computeIfAbsent(partition, p -> new ChangelogEnd());
  }

  void consumed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    consumed = offsets;
  }

  /**
   * An offset that may be committed without meaning anything: the group does not read changelogs.
   * With it a transaction that only punctuations wrote is fenced like any other, where Kafka sends
   * nothing at all for no offsets. Empty where nothing was sent.
   */
  Map<TopicPartition, OffsetAndMetadata> harmlessOffset() {
    if (!sent) {
      return Map.of();
    }
    for (Map.Entry<String, Map<Integer, ChangelogEnd>> topic : ends.entrySet()) {
      for (Map.Entry<Integer, ChangelogEnd> end : topic.getValue().entrySet()) {
        long next = Math.max(0, end.getValue().offset + 1);
        return Map.of(
            new TopicPartition(topic.getKey(), end.getKey()), new OffsetAndMetadata(next));
      }
    }
    return Map.of();
  }

  /** Kafka has committed. Throws nothing, since Streams would take it for a failed commit. */
  void committed() {
    stores.removeIf(store -> !store.takesPartIn(this));
    for (LetterStore store : stores) {
      store.committed(endOf(store.changelog()), consumed);
    }
    ended();
  }

  /** Kafka has not committed, and never will. */
  void dropped() {
    stores.removeIf(store -> !store.takesPartIn(this));
    stores.forEach(LetterStore::dropped);
    ended();
  }

  /** Nobody knows yet whether Kafka has committed; what is written stays as it is. */
  void inDoubt() {
    inDoubt = true;
  }

  boolean isInDoubt() {
    return inDoubt;
  }

  /** About the memory of all that is not committed. */
  long bytes() {
    long sum = 0;
    for (LetterStore store : stores) {
      sum += store.takesPartIn(this) ? store.uncommittedBytes() : 0;
    }
    return sum;
  }

  private long endOf(@Nullable TopicPartition changelog) {
    Map<Integer, ChangelogEnd> partitions = changelog == null ? null : ends.get(changelog.topic());
    ChangelogEnd end =
        changelog == null || partitions == null ? null : partitions.get(changelog.partition());
    return end == null ? -1 : end.offset;
  }

  private void ended() {
    consumed = Map.of();
    sent = false;
    inDoubt = false;
  }
}
