// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import dev.redrive.config.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Deletes from the internal topics what the group has committed; nothing else would, since their
 * retention is unlimited. Only stable offsets count: one of an open transaction may be taken back.
 */
public final class CommittedEntries implements AutoCloseable {

  private final Admin admin;
  private final String group;
  private final Set<String> topics;
  private final Map<TopicPartition, Long> deletedBefore = new HashMap<>();
  private final BackgroundThread thread =
      new BackgroundThread(
          "redrive-committed-entries",
          "Cannot delete processed entries of the internal topics, which grow; allow Redrive to"
              + " DELETE on them");

  private CommittedEntries(Admin admin, Settings settings) {
    this.admin = admin;
    this.group = settings.applicationId();
    this.topics = Set.of(settings.topics().ledger(), settings.topics().control());
  }

  /**
   * Starts deleting.
   *
   * @param admin stays the caller's, who closes it after this
   */
  public static CommittedEntries start(Admin admin, Settings settings, Duration every) {
    CommittedEntries entries = new CommittedEntries(admin, settings);
    entries.thread.every(every, entries::delete);
    return entries;
  }

  @Override
  public void close() {
    thread.close();
  }

  private void delete() {
    Map<TopicPartition, Long> committed = newlyCommitted();
    if (committed.isEmpty()) {
      return;
    }
    Map<TopicPartition, RecordsToDelete> requests = new HashMap<>();
    committed.forEach(
        (partition, offset) -> requests.put(partition, RecordsToDelete.beforeOffset(offset)));
    AdminAccess.await(admin.deleteRecords(requests).all());
    deletedBefore.putAll(committed);
  }

  private Map<TopicPartition, Long> newlyCommitted() {
    Map<TopicPartition, OffsetAndMetadata> committed =
        AdminAccess.await(
            admin
                .listConsumerGroupOffsets(
                    Map.of(group, new ListConsumerGroupOffsetsSpec()),
                    new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata(group));
    Map<TopicPartition, Long> fresh = new HashMap<>();
    committed.forEach(
        (partition, offset) -> {
          if (offset != null
              && topics.contains(partition.topic())
              && offset.offset() > deletedBefore.getOrDefault(partition, 0L)) {
            fresh.put(partition, offset.offset());
          }
        });
    return fresh;
  }
}
