// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.LetterHead;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What letters are counted by together, by the time of their last failure. As a key: the kind's
 * byte, the hour or day since 1970 in ascending order, then the attributes. The value is the count
 * in eight bytes; a cell at zero has no row.
 */
sealed interface CounterCell {
  long HOUR = TimeUnit.HOURS.toMillis(1);
  int HOURS_A_DAY = 24;

  byte[] key(KeyWriter out);

  static Hour hourOf(LetterHead head) {
    long hour = Math.floorDiv(head.facts().failedAt(), HOUR);
    return new Hour(
        hour, new Totals.Cell(head.facts().pipelineId(), head.facts().errorCode(), head.status()));
  }

  static @Nullable Group groupOf(LetterHead head) {
    String group = head.facts().groupId();
    long day = Math.floorDiv(head.facts().failedAt(), HOURS_A_DAY * HOUR);
    return group == null ? null : new Group(day, head.facts().pipelineId(), group);
  }

  /** One hour's letters of a pipeline with an error code in a status. */
  record Hour(long hour, Totals.Cell cell) implements CounterCell {
    static final int KIND = 'h';

    Day day() {
      return new Day(Math.floorDiv(hour, HOURS_A_DAY), cell);
    }

    @Override
    public byte[] key(KeyWriter out) {
      return joint(out.u8(KIND).ascending(hour), cell);
    }
  }

  /** The same for a day. */
  record Day(long day, Totals.Cell cell) implements CounterCell {
    static final int KIND = 'd';

    @Override
    public byte[] key(KeyWriter out) {
      return joint(out.u8(KIND).ascending(day), cell);
    }
  }

  /** One day's letters of a pipeline in a failure group. */
  record Group(long day, String pipelineId, String groupId) implements CounterCell {
    static final int KIND = 'g';

    @Override
    public byte[] key(KeyWriter out) {
      return out.u8(KIND).ascending(day).text(pipelineId).text(groupId).done();
    }
  }

  /** Where the cells of a kind begin, for an hour or day. */
  static byte[] from(int kind, long bucket) {
    return new KeyWriter().u8(kind).ascending(bucket).done();
  }

  /** The attributes of an {@link Hour} or {@link Day} cell. */
  static Totals.Cell cell(byte[] key) {
    KeyReader in = new KeyReader(key, 1 + Long.BYTES);
    return new Totals.Cell(in.text(), in.optional(), Listed.statusOf(in.u8()));
  }

  private static byte[] joint(KeyWriter out, Totals.Cell cell) {
    return out.text(cell.pipelineId())
        .optional(cell.errorCode())
        .u8(Listed.byteOf(cell.status()))
        .done();
  }
}
