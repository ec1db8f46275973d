// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.letter.LetterId;

/**
 * Names a piece of work outside the stream threads.
 *
 * @param owner the letter that it is for, in whose partition it is kept
 * @param number tells several of a kind for one owner apart; 0 where there is one at a time
 */
public record EffectId(LetterId owner, Kind kind, long number) {

  /** What kind of work. Its byte is stored and never changes. */
  public enum Kind {
    FETCH('F'),
    CALLBACK('C');

    private final int stored;

    Kind(int stored) {
      this.stored = stored;
    }

    int stored() {
      return stored;
    }

    static Kind of(int stored) {
      for (Kind kind : values()) {
        if (kind.stored == stored) {
          return kind;
        }
      }
      throw new UnreadableBytesException("unknown kind of effect " + stored);
    }
  }

  /** The reading of a letter's original: one at a time. */
  public static EffectId fetch(LetterId letter) {
    return new EffectId(letter, Kind.FETCH, 0);
  }

  /**
   * The calls of a letter's failure callback.
   *
   * @param number of the partition's change that began them, so that no two have the same
   */
  public static EffectId callback(LetterId letter, long number) {
    return new EffectId(letter, Kind.CALLBACK, number);
  }

  void write(ByteWriter out) {
    out.fixed(owner.high()).fixed(owner.low()).u8(kind.stored()).number(number);
  }

  static EffectId read(ByteReader in) {
    return new EffectId(new LetterId(in.fixed(), in.fixed()), Kind.of(in.u8()), in.number());
  }
}
