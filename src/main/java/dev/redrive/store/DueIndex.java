// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.Deadline;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import java.util.List;

/**
 * Deadlines, the earliest first. A row's key is the list's byte, the deadline and the key of the
 * row that has it (a letter is named by its {@link RowKey#LETTER} row); its value is empty.
 */
final class DueIndex {
  private static final int ID = 'D';
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
  }

  /** Whether rows of this kind have a deadline that stands in their value. */
  static boolean has(byte kind) {
    return kind == RowKey.COMMAND
        || kind == RowKey.EFFECT
        || kind == RowKey.LANDING
        || kind == RowKey.GROUP;
  }

  static DerivedRow ofRow(byte[] rowKey, byte[] value, KeyWriter out) {
    return row(Deadline.of(value), rowKey, out);
  }

  static Due.Entry entry(byte[] key) {
    KeyReader in = new KeyReader(key, 1);
    long deadline = in.ascending();
    return Due.Entry.of(deadline, in.rest());
  }

  private static DerivedRow row(long deadline, byte[] rowKey, KeyWriter out) {
    return new DerivedRow(out.u8(ID).ascending(deadline).raw(rowKey).done(), NOTHING);
  }
}
