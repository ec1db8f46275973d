// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Looks at consumer groups every few seconds, by a thread of its own.
 *
 * <p>That a group has committed past a replay says that it is done with it, but not that it worked:
 * its failure may be on an error topic that nobody has read yet. So the ends of the error topics
 * are read after the commit was seen, then our own intake must have passed them, then a grace must
 * pass; only then does the commit count.
 */
public final class ObservedGroupProgress implements GroupProgress, AutoCloseable {
  private final Admin admin;
  private final String ownGroup;
  private final Set<String> groups;
  private final Predicate<String> isErrorTopic;
  private final Duration grace;
  private final InstantSource clock;
  private final Map<String, Map<TopicPartition, Long>> settled = new ConcurrentHashMap<>();
  private final Map<String, Seen> seen = new HashMap<>();
  private final BackgroundThread thread =
      new BackgroundThread(
          "redrive-group-progress",
          "Cannot look at the consumer groups of outcomes.group, so their outcomes are not inferred;"
              + " allow Redrive to DESCRIBE them");

  /**
   * What waits to count.
   *
   * @param ends of the error topics, read after the group's offsets
   * @param passedAt when our intake had passed them, epoch milliseconds; negative: not yet
   */
  private record Seen(
      Map<TopicPartition, Long> committed, Map<TopicPartition, Long> ends, long passedAt) {}

  private ObservedGroupProgress(
      Admin admin,
      String ownGroup,
      Set<String> groups,
      Predicate<String> isErrorTopic,
      Duration grace,
      InstantSource clock) {
    this.admin = admin;
    this.ownGroup = ownGroup;
    this.groups = Set.copyOf(groups);
    this.isErrorTopic = isErrorTopic;
    this.grace = grace;
    this.clock = clock;
  }

  /**
   * Starts looking, where there is a group to look at.
   *
   * @param admin stays the caller's, who closes it after this
   * @param ownGroup of our intake
   * @param every between two looks
   * @param grace between the time at which the intake has passed and the time at which it counts
   */
  public static ObservedGroupProgress start(
      Admin admin,
      String ownGroup,
      Set<String> groups,
      Predicate<String> isErrorTopic,
      Duration every,
      Duration grace) {
    ObservedGroupProgress progress =
        new ObservedGroupProgress(
            admin, ownGroup, groups, isErrorTopic, grace, InstantSource.system());
    if (!groups.isEmpty()) {
      progress.thread.every(every, progress::look);
    }
    return progress;
  }

  @Override
  public Map<TopicPartition, Long> settled(String group) {
    return settled.getOrDefault(group, Map.of());
  }

  /** Stops looking; what is known stays. */
  @Override
  public void close() {
    thread.close();
  }

  private void look() {
    for (String group : groups) {
      Seen before = seen.get(group);
      Seen after = before == null ? began(group) : goneOn(before);
      if (after != null && after.passedAt() >= 0 && isOver(after)) {
        settled.put(group, after.committed());
        after = null;
      }
      if (after == null) {
        seen.remove(group);
      } else {
        seen.put(group, after);
      }
    }
  }

  /** Null where the group has not gone on since. */
  private @Nullable Seen began(String group) {
    Map<TopicPartition, Long> committed = committed(group);
    if (committed.isEmpty() || committed.equals(settled(group))) {
      return null;
    }
    return new Seen(committed, errorTopicEnds(), -1);
  }

  private Seen goneOn(Seen before) {
    if (before.passedAt() >= 0) {
      return before;
    }
    Map<TopicPartition, Long> own = committed(ownGroup);
    boolean passed =
        before.ends().entrySet().stream()
            .allMatch(end -> own.getOrDefault(end.getKey(), 0L) >= end.getValue());
    return passed ? new Seen(before.committed(), before.ends(), clock.millis()) : before;
  }

  private boolean isOver(Seen passed) {
    return clock.millis() - passed.passedAt() >= grace.toMillis();
  }

  private Map<TopicPartition, Long> committed(String group) {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        AdminAccess.await(
            admin
                .listConsumerGroupOffsets(
                    Map.of(group, new ListConsumerGroupOffsetsSpec()),
                    new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata(group));
    Map<TopicPartition, Long> found = new HashMap<>();
    offsets.forEach(
        (partition, offset) -> {
          if (offset != null) {
            found.put(partition, offset.offset());
          }
        });
    return found;
  }

  /** Of partitions that hold something; nobody has to pass an empty one. */
  private Map<TopicPartition, Long> errorTopicEnds() {
    Collection<String> topics =
        AdminAccess.await(admin.listTopics().names()).stream().filter(isErrorTopic).toList();
    List<TopicPartition> partitions = new ArrayList<>();
    AdminAccess.await(admin.describeTopics(topics).allTopicNames())
        .values()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        partition ->
                            partitions.add(
                                new TopicPartition(topic.name(), partition.partition()))));
    Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
    Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest());
    ends.entrySet().removeIf(end -> end.getValue().equals(starts.get(end.getKey())));
    return ends;
  }

  private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which) {
    Map<TopicPartition, ListOffsetsResultInfo> answer =
        AdminAccess.await(
            admin
                .listOffsets(
                    partitions.stream().collect(Collectors.toMap(each -> each, each -> which)))
                .all());
    Map<TopicPartition, Long> offsets = new HashMap<>();
    answer.forEach((partition, info) -> offsets.put(partition, info.offset()));
    return offsets;
  }
}
