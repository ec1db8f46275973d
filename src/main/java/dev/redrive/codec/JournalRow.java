// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.run.JournalLine;
import dev.redrive.run.LetterOutcome;

/** A line of a run's journal as a row. */
public final class JournalRow {
  private static final int VERSION = 1;

  private JournalRow() {}

  public static byte[] encode(JournalLine line) {
    return new ByteWriter(24)
        .u8(VERSION)
        .u8(byteOf(line.outcome()))
        .number(line.attempt())
        .number(line.at())
        .text(line.reason())
        .flag(line.inferred())
        .done();
  }

  public static JournalLine decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version("a journal line", VERSION);
    JournalLine line =
        new JournalLine(
            outcomeOf(in.u8()), in.integer(), in.number(), in.optionalText(), in.flag());
    in.end("a journal line");
    return line;
  }

  private static int byteOf(LetterOutcome outcome) {
    return switch (outcome) {
      case OUTSTANDING -> 'O';
      case SUCCEEDED -> 'S';
      case FAILED -> 'F';
      case UNCONFIRMED -> 'U';
      case DISCARDED -> 'D';
      case REFUSED -> 'R';
    };
  }

  private static LetterOutcome outcomeOf(int value) {
    return switch (value) {
      case 'O' -> LetterOutcome.OUTSTANDING;
      case 'S' -> LetterOutcome.SUCCEEDED;
      case 'F' -> LetterOutcome.FAILED;
      case 'U' -> LetterOutcome.UNCONFIRMED;
      case 'D' -> LetterOutcome.DISCARDED;
      case 'R' -> LetterOutcome.REFUSED;
      default -> throw new UnreadableBytesException("unknown outcome in a journal " + value);
    };
  }
}
