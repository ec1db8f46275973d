// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.UnreadableBytesException;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.HttpFacts;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterState.Status;
import dev.redrive.letter.Origin;
import org.jspecify.annotations.Nullable;

/**
 * What an index row says of its letter, so that a filter does not fetch letters that it will drop.
 *
 * <p>Layout: version; flags; a hash of four bytes for each of pipeline, code, connection, group,
 * last run and source topic; where the letter is an HTTP delivery one for each of its filters; the
 * number of labels and a hash of each. A hash only rules letters out: who goes by it must look at
 * the letter. Rows of {@link LetterIndex#FAILED}, which the edges of statistics are counted from,
 * then say pipeline, code and group in full.
 */
record Listed(
    String pipelineId, @Nullable String errorCode, @Nullable String groupId, Status status) {
  static final int VERSION = 2;

  static final int FLAGS_AT = 1;
  static final int STATUS_BITS = 0x03;
  static final int MANUAL = 0x04;
  static final int VERIFICATION = 0x08;
  static final int HTTP = 0x10;

  static final int HASHES_AT = 2;
  static final int HASHES = 6;
  static final int HTTP_HASHES = 5;

  /** So many labels or more: only the letter knows them. */
  static final int MANY_LABELS = 32;

  /** What a row of {@link LetterIndex#FAILED} says beyond the others: for {@link #decode}. */
  static byte[] whole(byte[] brief, LetterHead head, KeyWriter out) {
    FailureFacts facts = head.facts();
    return out.raw(brief)
        .text(facts.pipelineId())
        .optional(facts.errorCode())
        .optional(facts.groupId())
        .done();
  }

  /** As the value of an index row. */
  static byte[] brief(LetterHead head, KeyWriter out) {
    FailureFacts facts = head.facts();
    HttpFacts http = facts.http();
    out.u8(VERSION)
        .u8(flags(head))
        .i32(hash(facts.pipelineId()))
        .i32(hash(facts.errorCode()))
        .i32(hash(facts.connectionId()))
        .i32(hash(facts.groupId()))
        .i32(hash(head.lastRunId()))
        .i32(hash(facts.sourceTopic()));
    if (http != null) {
      out.i32(hash(http.workflowRunId()))
          .i32(hash(http.workflowUrl()))
          .i32(hash(http.flowControlKey()))
          .i32(hash(http.callerIp()))
          .i32(hash(http.callbackState()));
    }
    int labels = Math.min(facts.labels().size(), MANY_LABELS);
    out.u8(labels);
    for (int i = 0; i < labels && labels < MANY_LABELS; i++) {
      out.i32(hash(facts.labels().get(i)));
    }
    return out.done();
  }

  /** Reads a row of {@link LetterIndex#FAILED}. */
  static Listed decode(byte[] value) {
    KeyReader in = new KeyReader(value);
    if (in.u8() != VERSION) {
      throw new UnreadableBytesException("an index row of an unknown layout");
    }
    int flags = in.u8();
    in.skip(Integer.BYTES * (HASHES + ((flags & HTTP) == 0 ? 0 : HTTP_HASHES)));
    int labels = in.u8();
    in.skip(labels < MANY_LABELS ? Integer.BYTES * labels : 0);
    return new Listed(in.text(), in.optional(), in.optional(), statusOfBits(flags & STATUS_BITS));
  }

  /** Under which name it is counted; null: it is not. */
  Counted.@Nullable Name name(Counted by) {
    return switch (by) {
      case CODE -> new Counted.Name(pipelineId, errorCode);
      case GROUP -> groupId == null ? null : new Counted.Name(pipelineId, groupId);
      case PIPELINE -> new Counted.Name(pipelineId, null);
    };
  }

  /** Never 0, which stands for a value that is not there. */
  static int hash(@Nullable String value) {
    if (value == null) {
      return 0;
    }
    int hash = value.hashCode();
    return hash == 0 ? 1 : hash;
  }

  static int bitsOf(Status status) {
    return switch (status) {
      case PENDING -> 0;
      case RETRYING -> 1;
      case PARKED -> 2;
    };
  }

  private static Status statusOfBits(int bits) {
    return switch (bits) {
      case 0 -> Status.PENDING;
      case 1 -> Status.RETRYING;
      case 2 -> Status.PARKED;
      default -> throw new UnreadableBytesException("an index row of an unknown status " + bits);
    };
  }

  private static int flags(LetterHead head) {
    FailureFacts facts = head.facts();
    return bitsOf(head.status())
        | (facts.origin() == Origin.MANUAL ? MANUAL : 0)
        | (facts.kind() == FailureKind.VERIFICATION ? VERIFICATION : 0)
        | (facts.http() != null ? HTTP : 0);
  }
}
