// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import static java.util.Objects.requireNonNull;

import dev.redrive.config.ErrorTopics;
import dev.redrive.config.OwnTopics;
import dev.redrive.config.Settings;
import dev.redrive.config.StartAt;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where reading begins: set as the group's offsets before its first start. The stream itself always
 * resets to the earliest record. Were "latest" given to the stream as its reset policy, it would
 * hold whenever an offset is out of range, and would then skip failures that nobody has seen.
 *
 * <p>Offsets can be set only while no instance runs. A topic that comes later is read from its
 * earliest record: either it is new, so nothing is skipped or repeated, or the log says so. Kafka
 * keeps no offset of a topic without a record, so one that came while instances ran and got its
 * first record while none did counts as new at the next start.
 */
public final class StartOffsets {

  private static final Logger LOGGER = LoggerFactory.getLogger(StartOffsets.class);

  private final Admin admin;
  private final Settings settings;
  private final ErrorTopics errors;

  private StartOffsets(Admin admin, Settings settings) {
    this.admin = admin;
    this.settings = settings;
    this.errors = ErrorTopics.of(settings);
  }

  /**
   * Gives source partitions that the group has not read yet the offset that the settings ask for.
   * To be called after the topics are prepared and before the stream starts.
   *
   * @throws org.apache.kafka.common.KafkaException if the cluster does not answer
   */
  public static void set(Admin admin, Settings settings) {
    new StartOffsets(admin, settings).set();
  }

  private void set() {
    Map<String, StartAt> starts = starts();
    if (starts.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> committed =
        AdminAccess.await(
            admin
                .listConsumerGroupOffsets(settings.applicationId())
                .partitionsToOffsetAndMetadata());
    if (committed.isEmpty() && hasRunBefore()) {
      LOGGER
          .atWarn()
          .addKeyValue("group", settings.applicationId())
          .log(
              "The group's offsets are gone; reading from the earliest, known records are skipped");
      return;
    }
    Set<String> readBefore =
        committed.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
    starts.keySet().removeAll(readBefore);
    commit(offsets(starts));
  }

  /** Topics that are not to be read from the earliest record, which is what happens anyway. */
  private Map<String, StartAt> starts() {
    Map<String, StartAt> starts = new HashMap<>();
    for (String topic : AdminAccess.await(admin.listTopics().names())) {
      start(topic)
          .filter(start -> !(start instanceof StartAt.Earliest))
          .ifPresent(start -> starts.put(topic, start));
    }
    return starts;
  }

  private Optional<StartAt> start(String topic) {
    if (topic.equals(settings.topics().commands())) {
      return Optional.of(settings.commands().start());
    }
    if (topic.equals(settings.topics().outcomes())) {
      return Optional.of(settings.outcomes().start());
    }
    return errors.contains(topic)
        ? Optional.of(settings.errors().starts().getOrDefault(topic, settings.errors().start()))
        : Optional.empty();
  }

  /** Group offsets expire, letters do not: with letters there, "latest" would skip failures. */
  private boolean hasRunBefore() {
    return offsets(Map.of(OwnTopics.changelog(settings), new StartAt.Latest())).values().stream()
        .anyMatch(offset -> offset.offset() > 0);
  }

  private Map<TopicPartition, OffsetAndMetadata> offsets(Map<String, StartAt> starts) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    AdminAccess.await(admin.describeTopics(starts.keySet()).allTopicNames())
        .forEach(
            (topic, description) -> {
              for (TopicPartition partition : partitions(description)) {
                wanted.put(partition, spec(requireNonNull(starts.get(topic))));
              }
            });
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    read(wanted)
        .forEach((partition, found) -> offsets.put(partition, new OffsetAndMetadata(found)));
    return offsets;
  }

  /** Where no record has the asked time or a later one, reading begins at the end. */
  private Map<TopicPartition, Long> read(Map<TopicPartition, OffsetSpec> wanted) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    Map<TopicPartition, OffsetSpec> atEnd = new HashMap<>();
    Map<TopicPartition, ListOffsetsResultInfo> found =
        AdminAccess.await(admin.listOffsets(wanted).all());
    found.forEach(
        (partition, info) -> {
          if (info.offset() >= 0) {
            offsets.put(partition, info.offset());
          } else {
            atEnd.put(partition, OffsetSpec.latest());
          }
        });
    if (!atEnd.isEmpty()) {
      AdminAccess.await(admin.listOffsets(atEnd).all())
          .forEach((partition, info) -> offsets.put(partition, info.offset()));
    }
    return offsets;
  }

  private static OffsetSpec spec(StartAt start) {
    return start instanceof StartAt.At at
        ? OffsetSpec.forTimestamp(at.time().toEpochMilli())
        : OffsetSpec.latest();
  }

  private static List<TopicPartition> partitions(TopicDescription topic) {
    return topic.partitions().stream()
        .map(partition -> new TopicPartition(topic.name(), partition.partition()))
        .toList();
  }

  private void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    if (offsets.isEmpty()) {
      return;
    }
    try {
      AdminAccess.await(admin.alterConsumerGroupOffsets(settings.applicationId(), offsets).all());
      LOGGER.atInfo().addKeyValue("offsets", offsets.size()).log("Set where reading begins");
    } catch (UnknownMemberIdException | GroupNotEmptyException e) {
      LOGGER
          .atWarn()
          .addKeyValue("partitions", offsets.keySet())
          .log(
              "Other instances run, so new topics are read from their earliest record; to begin"
                  + " elsewhere, stop all instances first");
    }
  }
}
