// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import dev.redrive.letter.LetterState.Pending;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Letters and failures for tests: plausible ones, varied by what a test is about. */
public final class Letters {
  public static final UUID TOPIC_ID = new UUID(7, 7);
  public static final long NOW = 1_790_000_000_000L;

  private Letters() {}

  public static FailureFacts facts(String pipeline, String record) {
    return facts(pipeline, record, NOW, null);
  }

  public static FailureFacts facts(
      String pipeline, String record, long failedAt, @Nullable ReplayMark replay) {
    return new FailureFacts(
        pipeline,
        record,
        Origin.PIPELINE,
        FailureKind.EXCEPTION,
        "conn-1",
        "source_timeout",
        "grp_1_abc",
        "run-of-theirs",
        failedAt,
        failedAt,
        failedAt,
        3,
        List.of("blue"),
        "orders",
        Fidelity.ORIGINAL,
        new DeadLetterPosition(TOPIC_ID, "redrive-errors", 0, 12, 0, failedAt),
        replay,
        null);
  }

  public static FailureFacts back(int attempt) {
    return facts("billing", "r-1", NOW + 60_000, new ReplayMark("run_a", attempt));
  }

  public static FailureDetail detail(String value) {
    return new FailureDetail(
        new RawRecord(
            RawBytes.utf8("key"),
            RawBytes.utf8(value),
            List.of(Header.utf8("trace", "t-1"), new Header("empty", null))),
        "native",
        List.of("native"),
        new FailureError("source_timeout", "took too long", "java.lang.Exception", null, null),
        new Source("orders", 3, 77L, NOW - 1_000, null),
        "{\"batch\":1}",
        null,
        List.of(),
        null);
  }

  /** A letter that failed once. */
  public static LetterHead pending() {
    return Transitions.failed(null, facts("billing", "r-1"), NOW).head();
  }

  /** A letter that failed once and whose replays up to {@code attempt} were sent. */
  public static LetterHead retrying(int attempt) {
    LetterHead head = pending();
    for (int i = 1; i <= attempt; i++) {
      Step step =
          Transitions.replay(
              LetterId.of("billing", "r-1"), head, "run_a", "retry", NOW + i, NOW + 1_000);
      head = ((Step.Write) step).head();
      if (i < attempt) {
        head = ((Step.Write) Transitions.due(head, false, NOW + 1_000).orElseThrow()).head();
      }
    }
    return head;
  }

  public static LetterHead inState(LetterHead head, LetterState state) {
    return new LetterHead(
        head.facts(),
        head.createdAt(),
        head.updatedAt(),
        head.firstFailedAt(),
        head.attemptCount(),
        head.attempt(),
        head.awaited(),
        head.lastRunId(),
        state,
        head.change());
  }

  public static LetterHead unconfirmed(int attempts) {
    return inState(retrying(attempts), Pending.UNCONFIRMED);
  }
}
