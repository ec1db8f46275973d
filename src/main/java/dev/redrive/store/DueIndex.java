// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.Deadline;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import java.util.ArrayList;
import java.util.List;

/**
 * Deadlines, the earliest first. A row's key is the list's byte, the deadline and the key of the
 * row that has it (a letter is named by its {@link RowKey#LETTER} row); its value is empty.
 *
 * <p>Letters that wait for automatic retry are in a list for each pipeline: those of one that may
 * not send now, or that is switched off, would stand in the way of everything else that is due. The
 * keys there are the list's byte, the pipeline, the time and the letter's id.
 */
final class DueIndex {
  private static final int ID = 'D';
  private static final int RETRIES = 'A';
  private static final byte[] NOTHING = new byte[0];

  private DueIndex() {}

  static byte[] prefix() {
    return new byte[] {ID};
  }

  /** The first key past all that is due at this time. */
  static byte[] after(long time) {
    KeyWriter out = new KeyWriter().u8(ID);
    return time == Long.MAX_VALUE ? new byte[] {ID + 1} : out.ascending(time + 1).done();
  }

  static void rowsOf(LetterId id, LetterHead head, KeyWriter out, List<DerivedRow> rows) {
    if (head.due().isPresent()) {
      rows.add(row(head.due().getAsLong(), RowKey.letter(id), out));
    }
    if (head.retryAt().isPresent()) {
      out.u8(RETRIES).text(head.facts().pipelineId()).ascending(head.retryAt().getAsLong()).id(id);
      rows.add(new DerivedRow(out.done(), NOTHING));
    }
  }

  /** Whether rows of this kind have a deadline that stands in their value. */
  static boolean has(byte kind) {
    return kind == RowKey.COMMAND
        || kind == RowKey.EFFECT
        || kind == RowKey.LANDING
        || kind == RowKey.GROUP
        || kind == RowKey.REPLAYS;
  }

  static DerivedRow ofRow(byte[] rowKey, byte[] value, KeyWriter out) {
    return row(Deadline.of(value), rowKey, out);
  }

  static Due.Entry entry(byte[] key) {
    KeyReader in = new KeyReader(key, 1);
    long deadline = in.ascending();
    return Due.Entry.of(deadline, in.rest());
  }

  /** Letters that automatic retry has to replay by now. */
  static List<LetterId> retries(View view, RetriesQuery query) {
    byte[] prefix = new KeyWriter().u8(RETRIES).text(query.pipelineId()).done();
    byte[] to =
        query.until() == Long.MAX_VALUE
            ? KeyRange.afterAll(prefix)
            : new KeyWriter().raw(prefix).ascending(query.until() + 1).done();
    List<LetterId> found = new ArrayList<>();
    view.scan(
        Family.INDEX,
        prefix,
        to,
        false,
        (key, value) -> {
          KeyReader in = new KeyReader(key, prefix.length);
          in.ascending();
          found.add(in.id());
          return found.size() < query.limit();
        });
    return found;
  }

  private static DerivedRow row(long deadline, byte[] rowKey, KeyWriter out) {
    return new DerivedRow(out.u8(ID).ascending(deadline).raw(rowKey).done(), NOTHING);
  }
}
