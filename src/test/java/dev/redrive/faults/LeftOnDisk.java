// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.HeadCodec;
import dev.redrive.codec.LetterRow;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.store.StoreAudit;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;

/**
 * What no process has open any more: the rows of all partitions, each checked against what is
 * derived from it and against its changelog.
 *
 * @param offsets up to which the rows hold each changelog partition; -1: nothing of it
 * @param changelogEnds where the changelog ended then, with what was not committed
 */
record LeftOnDisk(
    Map<RowAt, Bytes> rows,
    Map<TopicPartition, Long> offsets,
    Map<TopicPartition, Long> changelogEnds) {

  /** Each partition has a change number and marks of its own. */
  record RowAt(int partition, Bytes key) {
    byte kind() {
      return key.get()[0];
    }
  }

  /** Looks, and fails where anything disagrees. */
  static LeftOnDisk checked(Installation installation) {
    Map<RowAt, Bytes> rows = new HashMap<>();
    Map<TopicPartition, Long> offsets = new HashMap<>();
    List<Path> databases = installation.databases();
    for (int partition = 0; partition < databases.size(); partition++) {
      TopicPartition changelog = new TopicPartition(installation.changelog(), partition);
      try (StoreAudit audit = StoreAudit.of(databases.get(partition))) {
        assertThat(audit.disagreements()).as("partition %s", partition).isEmpty();
        assertThat(audit.isAheadOfOffset()).as("partition %s is ahead", partition).isFalse();
        offsets.put(changelog, audit.changelogOffsets().getOrDefault(changelog, -1L));
        audit.forEachRow((key, value) -> rows.put(row(changelog, key), Bytes.wrap(value)));
      }
    }
    LeftOnDisk left = new LeftOnDisk(rows, offsets, sentEnds(installation));
    assertThat(differences(rows, left.changelogToOffsets(installation)))
        .as("rows that differ from the changelog up to %s", offsets)
        .isEmpty();
    return left;
  }

  /** The keys whose rows differ; whole rows would fill pages. */
  static List<String> differences(Map<RowAt, Bytes> one, Map<RowAt, Bytes> other) {
    Set<RowAt> keys = new HashSet<>(one.keySet());
    keys.addAll(other.keySet());
    return keys.stream()
        .filter(key -> !Objects.equals(one.get(key), other.get(key)))
        .map(key -> key + ": " + said(one.get(key)) + ", not " + said(other.get(key)))
        .toList();
  }

  private static String said(Bytes value) {
    return value == null ? "no row" : value.get().length + " bytes";
  }

  /** Letters with the head that counts. */
  Map<LetterId, LetterHead> letters() {
    Map<LetterId, LetterHead> letters = new HashMap<>();
    rows.forEach(
        (row, value) -> {
          if (row.kind() == RowKey.LETTER) {
            LetterId id = RowKey.letterId(row.key().get());
            Bytes newer = rows.get(new RowAt(row.partition(), Bytes.wrap(RowKey.head(id))));
            letters.put(
                id, newer == null ? LetterRow.head(value.get()) : HeadCodec.decode(newer.get()));
          }
        });
    return letters;
  }

  /**
   * How many committed records of the changelog the rows did not hold. To be asked when whoever
   * wrote them has been restarted: until then an open transaction may hide some.
   */
  long tail(Installation installation) {
    try (TopicReader reader = reader(installation)) {
      return reader.to(changelogEnds).stream()
          .filter(record -> record.offset() > offsets.get(partition(record)))
          .count();
    }
  }

  private Map<RowAt, Bytes> changelogToOffsets(Installation installation) {
    Map<TopicPartition, Long> ends = new HashMap<>();
    offsets.forEach((changelog, offset) -> ends.put(changelog, offset + 1));
    Map<RowAt, Bytes> wanted = new HashMap<>();
    try (TopicReader reader = reader(installation)) {
      for (ConsumerRecord<byte[], byte[]> record : reader.to(ends)) {
        RowAt row = row(partition(record), record.key());
        if (record.value() == null) {
          wanted.remove(row);
        } else {
          wanted.put(row, Bytes.wrap(record.value()));
        }
      }
    }
    return wanted;
  }

  private static Map<TopicPartition, Long> sentEnds(Installation installation) {
    try (TopicReader reader =
        new TopicReader(installation, installation.changelog(), IsolationLevel.READ_UNCOMMITTED)) {
      return reader.ends();
    }
  }

  private static TopicReader reader(Installation installation) {
    return new TopicReader(installation, installation.changelog(), IsolationLevel.READ_COMMITTED);
  }

  private static RowAt row(TopicPartition changelog, byte[] key) {
    return new RowAt(changelog.partition(), Bytes.wrap(key));
  }

  private static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
    return new TopicPartition(record.topic(), record.partition());
  }
}
