// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.LetterHead;

/**
 * The stored row of a whole letter: version, length of the head, head, detail. The head comes first
 * and has its length, so that reading it does not touch the payload.
 */
public final class LetterRow {
  private static final int VERSION = 1;

  private LetterRow() {}

  /**
   * Builds the row.
   *
   * @param detail as {@link DetailCodec} wrote it
   */
  public static byte[] encode(LetterHead head, byte[] detail) {
    byte[] headBytes = HeadCodec.encode(head);
    return new ByteWriter(headBytes.length + 8)
        .u8(VERSION)
        .unsigned(headBytes.length)
        .tail(headBytes, 0, headBytes.length)
        .doneWith(detail);
  }

  public static LetterHead head(byte[] row) {
    ByteReader in = new ByteReader(row);
    in.version("a letter", VERSION);
    in.unsigned();
    return HeadCodec.read(in);
  }

  public static FailureDetail detail(byte[] row) {
    ByteReader in = afterHead(row);
    FailureDetail detail = DetailCodec.read(in);
    in.end("a letter");
    return detail;
  }

  /** The detail without reading it. */
  public static byte[] detailBytes(byte[] row) {
    return afterHead(row).rest();
  }

  private static ByteReader afterHead(byte[] row) {
    ByteReader in = new ByteReader(row);
    in.version("a letter", VERSION);
    in.skip(in.unsigned());
    return in;
  }
}
