// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.CommandSeen;
import dev.redrive.codec.Deadline;
import dev.redrive.codec.DetailCodec;
import dev.redrive.codec.GroupCodec;
import dev.redrive.codec.HeadCodec;
import dev.redrive.codec.IntakeMark;
import dev.redrive.codec.JournalRow;
import dev.redrive.codec.LetterRow;
import dev.redrive.codec.RowKey;
import dev.redrive.command.Answer;
import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureGroup;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.run.JournalLine;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's view of its store: which rows a change of a letter writes.
 *
 * <p>A letter is one row with head and detail, and, after a change of state, a second row with only
 * the newer head. Intake marks and the change number are carried by the heads, so an arrival writes
 * one row; where a head goes away, what it carried is written as a row of its own first, or the
 * compacted changelog would forget it.
 */
final class LedgerRows {
  private final KeyValueStore<Bytes, byte[]> store;
  private long change = -1;

  LedgerRows(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  /**
   * A letter as stored.
   *
   * @param row the {@link LetterRow}
   * @param newerHead whether a row of its own holds the head
   */
  record Stored(RawBytes row, LetterHead head, boolean newerHead) {

    FailureDetail detail() {
      return LetterRow.detail(row.array());
    }
  }

  @Nullable Stored letter(LetterId id) {
    byte[] row = store.get(Bytes.wrap(RowKey.letter(id)));
    if (row == null) {
      return null;
    }
    byte[] newer = store.get(Bytes.wrap(RowKey.head(id)));
    return newer == null
        ? new Stored(RawBytes.of(row), LetterRow.head(row), false)
        : new Stored(RawBytes.of(row), HeadCodec.decode(newer), true);
  }

  /** Whether this failure was seen before: its record was delivered a second time. */
  boolean seen(DeadLetterPosition position) {
    byte[] mark = store.get(Bytes.wrap(RowKey.mark(position)));
    return mark != null && IntakeMark.decode(mark).covers(position);
  }

  /** The number for the next change of this partition. */
  long nextChange() {
    if (change < 0) {
      byte[] last = store.get(Bytes.wrap(RowKey.change()));
      change = last == null ? 0 : ByteBuffer.wrap(last).getLong();
    }
    return ++change;
  }

  /** The number of this partition's last change. */
  long lastChange() {
    byte[] last = store.get(Bytes.wrap(RowKey.change()));
    return Math.max(change, last == null ? 0 : ByteBuffer.wrap(last).getLong());
  }

  /** The same for a change that no letter carries. */
  long markChange() {
    long number = nextChange();
    writeChange(number);
    return number;
  }

  private void writeChange(long number) {
    store.put(Bytes.wrap(RowKey.change()), ByteBuffer.allocate(Long.BYTES).putLong(number).array());
  }

  /** Writes the whole letter. */
  void write(LetterId id, @Nullable Stored old, LetterHead head, byte[] detail) {
    if (old != null && !samePartition(old.head().facts().position(), head.facts().position())) {
      keepMark(old.head().facts().position());
    }
    store.put(Bytes.wrap(RowKey.letter(id)), LetterRow.encode(head, detail));
    // After the letter's row: as long as the older head stands it counts, so the indexes change
    // once.
    if (old != null && old.newerHead()) {
      store.delete(Bytes.wrap(RowKey.head(id)));
    }
  }

  /** Writes the whole letter, but for where its record first came from. */
  void writeReplay(LetterId id, Stored old, LetterHead head, byte[] detail) {
    FailureDetail failed = DetailCodec.decode(detail);
    write(id, old, head, DetailCodec.encode(failed.from(old.detail().source())));
  }

  /** Writes the head alone. */
  void writeHead(LetterId id, LetterHead head) {
    store.put(Bytes.wrap(RowKey.head(id)), HeadCodec.encode(head));
  }

  /** Writes the whole letter with the newer error over the stored one. */
  void writeError(LetterId id, Stored old, LetterHead head, FailureError error) {
    write(id, old, head, DetailCodec.encode(old.detail().withError(error)));
  }

  void remove(LetterId id, Stored old, long number) {
    keepMark(old.head().facts().position());
    writeChange(number);
    store.delete(Bytes.wrap(RowKey.letter(id)));
    if (old.newerHead()) {
      store.delete(Bytes.wrap(RowKey.head(id)));
    }
  }

  /** Remembers that this failure was seen, where no letter's head will. */
  void mark(DeadLetterPosition position) {
    store.put(Bytes.wrap(RowKey.mark(position)), IntakeMark.of(position).encode());
  }

  /** A pipeline's letters in a failure group, as this transaction sees them. */
  long inGroup(String pipelineId, String groupId) {
    byte[] count = store.get(Bytes.wrap(RowKey.groupCount(pipelineId, groupId)));
    return count == null ? 0 : ByteBuffer.wrap(count).getLong();
  }

  @Nullable FailureGroup group(String groupId) {
    byte[] row = store.get(Bytes.wrap(RowKey.group(groupId)));
    return row == null ? null : GroupCodec.decode(row);
  }

  void write(FailureGroup group) {
    store.put(Bytes.wrap(RowKey.group(group.id())), GroupCodec.encode(group));
  }

  Optional<CommandSeen> command(String commandId) {
    return Optional.ofNullable(store.get(Bytes.wrap(RowKey.command(commandId))))
        .map(CommandSeen::decode);
  }

  void remember(CommandSeen seen) {
    store.put(Bytes.wrap(RowKey.command(seen.answer().commandId())), seen.encode());
  }

  /** What became of the replay of one letter by its own command. */
  void journal(String runId, LetterId id, JournalLine line) {
    store.put(Bytes.wrap(RowKey.journal(runId, id)), JournalRow.encode(line));
  }

  /** Forgets what has a memory that has ended; of a command, also what became of its replay. */
  void forget(byte[] row, long now) {
    byte[] seen = store.get(Bytes.wrap(row));
    if (seen == null || Deadline.of(seen) > now) {
      return;
    }
    store.delete(Bytes.wrap(row));
    if (row[0] == RowKey.COMMAND) {
      Answer answer = CommandSeen.decode(seen).answer();
      if (answer.letter() != null && answer.runId() != null) {
        store.delete(Bytes.wrap(RowKey.journal(answer.runId(), answer.letter())));
      }
    }
  }

  private void keepMark(DeadLetterPosition position) {
    if (position.exists()) {
      Bytes key = Bytes.wrap(RowKey.mark(position));
      // Reading a mark gives the highest that any row carries; writing it makes it a row.
      store.put(key, store.get(key));
    }
  }

  private static boolean samePartition(DeadLetterPosition one, DeadLetterPosition other) {
    return one.partition() == other.partition() && one.topicId().equals(other.topicId());
  }
}
