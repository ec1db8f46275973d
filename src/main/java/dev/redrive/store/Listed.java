// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.UnreadableBytesException;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterState.Status;
import dev.redrive.letter.Origin;
import org.jspecify.annotations.Nullable;

/**
 * What an index row says of its letter, so that a filter does not fetch letters that it will drop.
 */
record Listed(
    String pipelineId,
    @Nullable String errorCode,
    Status status,
    @Nullable String connectionId,
    Origin origin,
    FailureKind kind) {
  private static final int VERSION = 1;

  static byte[] encode(LetterHead head, KeyWriter out) {
    FailureFacts facts = head.facts();
    return out.u8(VERSION)
        .u8(byteOf(head.status()))
        .u8(facts.origin() == Origin.PIPELINE ? 'P' : 'M')
        .u8(facts.kind() == FailureKind.EXCEPTION ? 'E' : 'V')
        .text(facts.pipelineId())
        .optional(facts.errorCode())
        .optional(facts.connectionId())
        .done();
  }

  static Listed decode(byte[] value) {
    KeyReader in = new KeyReader(value);
    if (in.u8() != VERSION) {
      throw new UnreadableBytesException("an index row of an unknown layout");
    }
    Status status = statusOf(in.u8());
    Origin origin = in.u8() == 'P' ? Origin.PIPELINE : Origin.MANUAL;
    FailureKind kind = in.u8() == 'E' ? FailureKind.EXCEPTION : FailureKind.VERIFICATION;
    return new Listed(in.text(), in.optional(), status, in.optional(), origin, kind);
  }

  static int byteOf(Status status) {
    return switch (status) {
      case PENDING -> 'P';
      case RETRYING -> 'R';
      case PARKED -> 'K';
    };
  }

  static Status statusOf(int value) {
    return switch (value) {
      case 'P' -> Status.PENDING;
      case 'R' -> Status.RETRYING;
      case 'K' -> Status.PARKED;
      default -> throw new UnreadableBytesException("unknown status " + value);
    };
  }
}
