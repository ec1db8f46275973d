// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.DetailCodec;
import dev.redrive.codec.LetterRow;
import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterState;
import dev.redrive.letter.Origin;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.util.List;
import java.util.UUID;

/** Makes letters for tests. */
final class Letters {
  static final UUID ERRORS = new UUID(7, 7);

  /** 2026-01-05T10:00:00Z, a whole hour. */
  static final long MONDAY = 1_767_607_200_000L;

  private Letters() {}

  static Letter letter(String pipeline, String record, long failedAt) {
    return letter(pipeline, record, failedAt, "timeout", 1, 1);
  }

  static Letter letter(
      String pipeline, String record, long failedAt, String code, long offset, long change) {
    FailureFacts facts =
        new FailureFacts(
            pipeline,
            record,
            Origin.PIPELINE,
            FailureKind.EXCEPTION,
            "connection-1",
            code,
            code == null ? null : "group-" + code,
            null,
            failedAt,
            failedAt,
            failedAt,
            null,
            List.of("label"),
            "orders",
            Fidelity.ORIGINAL,
            new DeadLetterPosition(ERRORS, "errors", 0, offset, 0, failedAt),
            null,
            null);
    LetterHead head =
        new LetterHead(
            facts,
            failedAt,
            failedAt,
            failedAt,
            1,
            0,
            List.of(),
            null,
            LetterState.Pending.PLAIN,
            change);
    return new Letter(facts.letterId(), head, detail("value of " + record));
  }

  static Letter inState(Letter letter, LetterState state, long change) {
    LetterHead old = letter.head();
    LetterHead head =
        new LetterHead(
            old.facts(),
            old.createdAt(),
            old.updatedAt() + 1,
            old.firstFailedAt(),
            old.attemptCount(),
            old.attempt() + 1,
            old.awaited(),
            old.lastRunId(),
            state,
            change);
    return new Letter(letter.id(), head, letter.detail());
  }

  static LetterState.Retrying retrying(long until) {
    return new LetterState.Retrying("run_1", 1, until - 1_000, until, "retry");
  }

  static byte[] row(Letter letter) {
    return LetterRow.encode(letter.head(), DetailCodec.encode(letter.detail()));
  }

  private static FailureDetail detail(String value) {
    return new FailureDetail(
        new RawRecord(RawBytes.utf8("key"), RawBytes.utf8(value), List.of()),
        "native",
        List.of("native"),
        new FailureError("timeout", "it took too long", null, null, null),
        new Source("orders", 0, 1L, 1L, null),
        null,
        null,
        List.of(),
        null);
  }
}
