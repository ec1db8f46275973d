// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.repartition;

import dev.redrive.codec.GroupCodec;
import dev.redrive.codec.HeadCodec;
import dev.redrive.codec.IntakeMark;
import dev.redrive.codec.LetterRow;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.FailureGroup;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.topology.LedgerPartitioner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a ledger with more partitions, from those of one with fewer. Letters go where their
 * id says. What a partition has seen of error topics is seen by all: each record up to the highest
 * mark was decided on, wherever its letter was, so a letter that was resolved does not come back.
 * Answers to commands are known to all. Runs, and what belongs to them, stay behind.
 */
final class NewRows {
  private final int partitions;
  private final Map<Bytes, IntakeMark> marks = new HashMap<>();
  private final Map<String, FailureGroup> groups = new TreeMap<>();
  private final Map<LetterId, Place> inLetter = new HashMap<>();
  private final Map<LetterId, Place> inHead = new HashMap<>();
  private final Map<Place, Place> places = new HashMap<>();
  private long change;

  /** A row and the partition that it belongs to; null: it is deleted there. */
  record Row(int partition, Bytes key, @Nullable Bytes value) {
    static Row of(int partition, byte[] key, byte @Nullable [] value) {
      return new Row(partition, Bytes.wrap(key), value == null ? null : Bytes.wrap(value));
    }
  }

  /** A pipeline's failure group, or none. */
  private record Place(String pipelineId, @Nullable String groupId) {}

  NewRows(int partitions) {
    this.partitions = partitions;
  }

  /** How many letters there are after the rows so far. */
  int letters() {
    return inLetter.size();
  }

  /** What a row of the old ledger becomes; each row is told, those that were deleted too. */
  List<Row> of(byte[] key, byte @Nullable [] value) {
    switch (key[0]) {
      case RowKey.LETTER -> {
        return letter(key, value, value == null ? null : LetterRow.head(value), inLetter);
      }
      case RowKey.HEAD -> {
        return letter(key, value, value == null ? null : HeadCodec.decode(value), inHead);
      }
      case RowKey.COMMAND -> {
        return everywhere(key, value);
      }
      case RowKey.MARK -> mark(Bytes.wrap(key), value == null ? null : IntakeMark.decode(value));
      case RowKey.CHANGE -> change(value == null ? 0 : ByteBuffer.wrap(value).getLong());
      case RowKey.GROUP -> group(key, value);
      default -> {
        // Of a run, or a hint that its letter can do without.
      }
    }
    return List.of();
  }

  /** What follows from all rows together. */
  List<Row> rest() {
    List<Row> rows = new ArrayList<>();
    marks.forEach((key, mark) -> rows.addAll(everywhere(key.get(), mark.encode())));
    byte[] number = ByteBuffer.allocate(Long.BYTES).putLong(change).array();
    rows.addAll(everywhere(RowKey.change(), number));
    Map<String, SortedMap<String, SortedSet<Integer>>> occupied = occupied();
    groups.forEach(
        (id, group) -> {
          byte[] key = id.getBytes(StandardCharsets.UTF_8);
          rows.add(
              Row.of(
                  LedgerPartitioner.partition(key, partitions),
                  RowKey.group(id),
                  GroupCodec.encode(in(group, occupied.getOrDefault(id, new TreeMap<>())))));
        });
    return rows;
  }

  private List<Row> letter(
      byte[] key,
      byte @Nullable [] value,
      @Nullable LetterHead head,
      Map<LetterId, Place> remembered) {
    LetterId id = RowKey.letterId(key);
    if (head == null) {
      remembered.remove(id);
    } else {
      if (head.facts().position().exists()) {
        mark(
            Bytes.wrap(RowKey.mark(head.facts().position())),
            IntakeMark.of(head.facts().position()));
      }
      change(head.change());
      Place place = new Place(head.facts().pipelineId(), head.facts().groupId());
      // Millions of letters are in few places.
      Place known = places.putIfAbsent(place, place);
      remembered.put(id, known == null ? place : known);
    }
    return List.of(Row.of(LedgerPartitioner.partition(id, partitions), key, value));
  }

  private List<Row> everywhere(byte[] key, byte @Nullable [] value) {
    return IntStream.range(0, partitions)
        .mapToObj(partition -> Row.of(partition, key, value))
        .toList();
  }

  private void mark(Bytes key, @Nullable IntakeMark mark) {
    if (mark != null) {
      marks.merge(key, mark, (one, other) -> one.compareTo(other) < 0 ? other : one);
    }
  }

  private void change(long number) {
    change = Math.max(change, number);
  }

  private void group(byte[] key, byte @Nullable [] value) {
    if (value == null) {
      groups.remove(new String(key, 1, key.length - 1, StandardCharsets.UTF_8));
    } else {
      FailureGroup group = GroupCodec.decode(value);
      groups.put(group.id(), group);
    }
  }

  /** Per group and pipeline the new partitions that have letters of it. */
  private Map<String, SortedMap<String, SortedSet<Integer>>> occupied() {
    Map<String, SortedMap<String, SortedSet<Integer>>> occupied = new HashMap<>();
    inLetter.forEach(
        (id, place) -> {
          Place counts = inHead.getOrDefault(id, place);
          String group = counts.groupId();
          if (group != null) {
            occupied
                .computeIfAbsent(group, g -> new TreeMap<>())
                .computeIfAbsent(counts.pipelineId(), p -> new TreeSet<>())
                .add(LedgerPartitioner.partition(id, partitions));
          }
        });
    return occupied;
  }

  private static FailureGroup in(
      FailureGroup group, SortedMap<String, SortedSet<Integer>> occupied) {
    return new FailureGroup(
        group.id(),
        group.title(),
        group.firstSeen(),
        group.lastSeen(),
        group.times(),
        group.cameBack(),
        group.emptySince(),
        occupied);
  }
}
