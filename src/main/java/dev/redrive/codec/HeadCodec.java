// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterState;
import dev.redrive.letter.LetterState.Parked;
import dev.redrive.letter.LetterState.Pending;
import dev.redrive.letter.LetterState.Retrying;

/**
 * {@link LetterHead} as bytes: version, facts, counts, state. Version 2 also says when automatic
 * retry replays a pending letter. A head that has no such time is written as version 1, so that an
 * older instance can read it while an update is rolled out.
 */
public final class HeadCodec {
  private static final int VERSION = 2;
  private static final int PENDING = 0;
  private static final int RETRYING = 1;
  private static final int PARKED = 2;

  private HeadCodec() {}

  public static byte[] encode(LetterHead head) {
    ByteWriter out = new ByteWriter(256);
    write(out, head);
    return out.done();
  }

  public static LetterHead decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    LetterHead head = read(in);
    in.end("a letter's head");
    return head;
  }

  static void write(ByteWriter out, LetterHead head) {
    boolean retried = head.retryAt().isPresent();
    out.u8(retried ? VERSION : 1);
    FactsCodec.write(out, head.facts());
    out.number(head.createdAt())
        .number(head.updatedAt())
        .number(head.firstFailedAt())
        .number(head.attemptCount())
        .number(head.attempt())
        .list(head.awaited(), (w, attempt) -> w.number(attempt))
        .text(head.lastRunId());
    writeState(out, head.state());
    if (retried) {
      out.number(head.retryAt().getAsLong());
    }
    out.number(head.change());
  }

  static LetterHead read(ByteReader in) {
    boolean retried = in.version("a letter's head", VERSION) > 1;
    FailureFacts facts = FactsCodec.read(in);
    return new LetterHead(
        facts,
        in.number(),
        in.number(),
        in.number(),
        in.integer(),
        in.integer(),
        in.list(ByteReader::integer),
        in.optionalText(),
        readState(in, retried),
        in.number());
  }

  private static void writeState(ByteWriter out, LetterState state) {
    if (state instanceof Retrying retrying) {
      out.u8(RETRYING)
          .text(retrying.runId())
          .number(retrying.attempt())
          .number(retrying.since())
          .number(retrying.until())
          .text(retrying.target());
    } else if (state instanceof Parked parked) {
      out.u8(PARKED).text(parked.reason());
    } else {
      Pending pending = (Pending) state;
      out.u8(PENDING).flag(pending.unconfirmed()).text(pending.reason());
    }
  }

  private static LetterState readState(ByteReader in, boolean retried) {
    int state = in.u8();
    return switch (state) {
      case PENDING ->
          new Pending(in.flag(), in.optionalText(), retried ? (Long) in.number() : null);
      case RETRYING -> new Retrying(in.text(), in.integer(), in.number(), in.number(), in.text());
      case PARKED -> new Parked(in.text());
      default -> throw new UnreadableBytesException("unknown letter state " + state);
    };
  }
}
