// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.letter.DeadLetterPosition;

/**
 * How far a partition of an error topic was seen. What lies at or before it is a redelivery.
 *
 * @param offset the highest offset seen
 * @param part the last failure seen of that record, where it tells of several
 */
public record IntakeMark(long offset, int part) implements Comparable<IntakeMark> {
  private static final int VERSION = 1;

  public static IntakeMark of(DeadLetterPosition position) {
    return new IntakeMark(position.offset(), position.part());
  }

  public boolean covers(DeadLetterPosition position) {
    return of(position).compareTo(this) <= 0;
  }

  public byte[] encode() {
    return new ByteWriter(16).u8(VERSION).number(offset).number(part).done();
  }

  public static IntakeMark decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version("an intake mark", VERSION);
    IntakeMark mark = new IntakeMark(in.number(), in.integer());
    in.end("an intake mark");
    return mark;
  }

  @Override
  public int compareTo(IntakeMark other) {
    int byOffset = Long.compare(offset, other.offset);
    return byOffset != 0 ? byOffset : Integer.compare(part, other.part);
  }
}
