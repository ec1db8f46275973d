// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.letter.Coordinates;
import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.LetterId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.UUID;

/**
 * Keys of the store's rows: one byte for the kind, then what names the row. Kinds of later features
 * (run, share, journal, landing, effect) take other letters.
 */
public final class RowKey {
  /** A whole letter: {@link LetterRow}. */
  public static final byte LETTER = 'L';

  /**
   * A letter's head that is newer than the one in its {@link #LETTER} row, so that a change of
   * state does not write the payload again: {@link HeadCodec}.
   */
  public static final byte HEAD = 'H';

  /** A command that was answered: {@link CommandSeen}. */
  public static final byte COMMAND = 'C';

  /** The highest offset seen of an error topic's partition: {@link IntakeMark}. */
  public static final byte MARK = 'M';

  /** The number of the partition's last change: eight bytes. */
  public static final byte CHANGE = 'N';

  /** Work outside the stream threads that is not done yet: {@link Effect}. */
  public static final byte EFFECT = 'E';

  /** Where a replay landed: {@link Landing}; or who waits for that: {@link WaitingFailure}. */
  public static final byte LANDING = 'G';

  /** What is known of a failure group as a whole: {@link GroupCodec}. */
  public static final byte GROUP = 'F';

  /**
   * No row: reading this key counts a pipeline's letters in a failure group, as the reader's
   * transaction sees them, in eight bytes.
   */
  public static final byte GROUP_COUNT = 'f';

  private static final byte LANDED = 0;
  private static final byte WAITING = 1;

  /** A run in its coordinator's partition: {@link RunRow}. */
  public static final byte RUN = 'R';

  /** A partition's share of a run: {@link ShareRow}. */
  public static final byte SHARE = 'S';

  /** What became of one letter in a run: {@link JournalRow}. */
  public static final byte JOURNAL = 'J';

  /** The run that has a pipeline's slot: its id. */
  public static final byte SLOT = 'P';

  /** How many replays a pipeline had in the last hour: {@link HourlyCount}. */
  public static final byte REPLAYS = 'T';

  /** Which row of a run or of a share: what was asked, or how far it is. */
  public static final byte SPEC = 0;

  public static final byte PROGRESS = 1;

  /** Of a run: what is known of one partition. Of a share: that it is being forgotten. */
  public static final byte REST = 2;

  private static final int ID_SIZE = 16;

  private RowKey() {}

  public static byte[] letter(LetterId id) {
    return ofId(LETTER, id);
  }

  public static byte[] head(LetterId id) {
    return ofId(HEAD, id);
  }

  /** Command ids are of any length, so the row is named by their hash. */
  public static byte[] command(String commandId) {
    return ofText(COMMAND, commandId, 0).array();
  }

  /** What a run was asked to do. */
  public static byte[] runSpec(String runId) {
    return ofText(RUN, runId, 1).put(SPEC).array();
  }

  public static byte[] runProgress(String runId) {
    return ofText(RUN, runId, 1).put(PROGRESS).array();
  }

  public static byte[] runPart(String runId, int partition) {
    return ofText(RUN, runId, 5).put(REST).putInt(partition).array();
  }

  public static byte[] shareSpec(String runId) {
    return ofText(SHARE, runId, 1).put(SPEC).array();
  }

  public static byte[] shareProgress(String runId) {
    return ofText(SHARE, runId, 1).put(PROGRESS).array();
  }

  public static byte[] shareForgetting(String runId) {
    return ofText(SHARE, runId, 1).put(REST).array();
  }

  public static byte[] slot(String pipelineId) {
    return ofText(SLOT, pipelineId, 0).array();
  }

  public static byte[] replays(String pipelineId) {
    return ofText(REPLAYS, pipelineId, 0).array();
  }

  /** What all lines of a run's journal start with. */
  public static byte[] journal(String runId) {
    return ofText(JOURNAL, runId, 0).array();
  }

  public static byte[] journal(String runId, LetterId letter) {
    return ofText(JOURNAL, runId, ID_SIZE).putLong(letter.high()).putLong(letter.low()).array();
  }

  /** The letter that a {@link #JOURNAL} row is of. */
  public static LetterId journalLetter(byte[] key) {
    if (key.length != 1 + 2 * ID_SIZE) {
      throw new UnreadableBytesException("a journal line's key of " + key.length + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.wrap(key, 1 + ID_SIZE, ID_SIZE);
    return new LetterId(buffer.getLong(), buffer.getLong());
  }

  /** Which row of a {@link #RUN} or {@link #SHARE} it is. */
  public static byte part(byte[] key) {
    return key.length > 1 + ID_SIZE ? key[1 + ID_SIZE] : -1;
  }

  public static byte[] mark(DeadLetterPosition position) {
    return mark(position.topicId(), position.partition());
  }

  public static byte[] mark(UUID topicId, int partition) {
    return ByteBuffer.allocate(1 + 16 + 4)
        .put(MARK)
        .putLong(topicId.getMostSignificantBits())
        .putLong(topicId.getLeastSignificantBits())
        .putInt(partition)
        .array();
  }

  public static byte[] group(String groupId) {
    byte[] id = groupId.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + id.length).put(GROUP).put(id).array();
  }

  public static byte[] groupCount(String pipelineId, String groupId) {
    byte[] pipeline = pipelineId.getBytes(StandardCharsets.UTF_8);
    byte[] group = groupId.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + Integer.BYTES + pipeline.length + group.length)
        .put(GROUP_COUNT)
        .putInt(pipeline.length)
        .put(pipeline)
        .put(group)
        .array();
  }

  /** The pipeline and the group that a {@link #GROUP_COUNT} key is of. */
  public static Map.Entry<String, String> counted(byte[] key) {
    ByteBuffer buffer = ByteBuffer.wrap(key, 1, key.length - 1);
    byte[] pipeline = new byte[buffer.getInt()];
    buffer.get(pipeline);
    byte[] group = new byte[buffer.remaining()];
    buffer.get(group);
    return Map.entry(
        new String(pipeline, StandardCharsets.UTF_8), new String(group, StandardCharsets.UTF_8));
  }

  public static byte[] change() {
    return new byte[] {CHANGE};
  }

  public static byte[] effect(EffectId id) {
    byte[] prefix = effects(id.owner(), id.kind());
    return ByteBuffer.allocate(prefix.length + Long.BYTES).put(prefix).putLong(id.number()).array();
  }

  /** What the keys of all of a letter's effects of a kind begin with. */
  public static byte[] effects(LetterId owner, EffectId.Kind kind) {
    return ByteBuffer.allocate(1 + ID_SIZE + 1)
        .put(EFFECT)
        .putLong(owner.high())
        .putLong(owner.low())
        .put((byte) kind.stored())
        .array();
  }

  /** Landings of one topic's partition lie in the order of their offsets. */
  public static byte[] landing(Coordinates place) {
    return atPlace(LANDED, place);
  }

  /** Whether a {@link #LANDING} row is of a failure that waits for one. */
  public static boolean isWaiting(byte[] key) {
    return key[0] == LANDING && key[1] == WAITING;
  }

  /** What the keys of all failures begin with that wait for a landing. */
  public static byte[] waiting() {
    return new byte[] {LANDING, WAITING};
  }

  /** What the keys of all failures begin with that wait for a landing at this place. */
  public static byte[] waiting(Coordinates place) {
    return atPlace(WAITING, place);
  }

  /** One failure that waits for a landing at this place. */
  public static byte[] waiting(Coordinates place, DeadLetterPosition position) {
    byte[] prefix = waiting(place);
    return ByteBuffer.allocate(prefix.length + 16 + 4 + 8 + 4)
        .put(prefix)
        .putLong(position.topicId().getMostSignificantBits())
        .putLong(position.topicId().getLeastSignificantBits())
        .putInt(position.partition())
        .putLong(position.offset())
        .putInt(position.part())
        .array();
  }

  private static byte[] atPlace(byte what, Coordinates place) {
    byte[] topic = place.topic().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 + 2 + topic.length + 4 + 8)
        .put(LANDING)
        .put(what)
        .putShort((short) topic.length)
        .put(topic)
        .putInt(place.partition())
        .putLong(place.offset())
        .array();
  }

  /** The letter that a {@link #LETTER} or {@link #HEAD} row is of. */
  public static LetterId letterId(byte[] key) {
    if (key.length != 1 + ID_SIZE) {
      throw new UnreadableBytesException("a letter's key of " + key.length + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.wrap(key, 1, ID_SIZE);
    return new LetterId(buffer.getLong(), buffer.getLong());
  }

  private static ByteBuffer ofText(byte kind, String text, int more) {
    byte[] hash;
    try {
      hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    return ByteBuffer.allocate(1 + ID_SIZE + more).put(kind).put(hash, 0, ID_SIZE);
  }

  private static byte[] ofId(byte kind, LetterId id) {
    return ByteBuffer.allocate(1 + ID_SIZE).put(kind).putLong(id.high()).putLong(id.low()).array();
  }
}
