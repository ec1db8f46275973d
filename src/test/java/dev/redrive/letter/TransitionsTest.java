// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import static dev.redrive.letter.Letters.NOW;
import static dev.redrive.letter.Letters.back;
import static dev.redrive.letter.Letters.facts;
import static dev.redrive.letter.Letters.pending;
import static dev.redrive.letter.Letters.retrying;
import static dev.redrive.letter.Letters.unconfirmed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.LetterState.Parked;
import dev.redrive.letter.LetterState.Pending;
import dev.redrive.letter.LetterState.Retrying;
import dev.redrive.letter.Outcome.Result;
import dev.redrive.letter.Step.Detail;
import dev.redrive.letter.Step.Ignore;
import dev.redrive.letter.Step.Refuse;
import dev.redrive.letter.Step.Remove;
import dev.redrive.letter.Step.Write;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransitionsTest {
  private static final LetterId ID = LetterId.of("billing", "r-1");
  private static final long LATER = NOW + 120_000;

  @Nested
  class AFailure {
    @Test
    void makesTheLetter() {
      Write write = Transitions.failed(null, facts("billing", "r-1"), LATER);

      assertThat(write.told()).isEqualTo(LetterEvent.FAILED);
      assertThat(write.detail()).isEqualTo(Detail.REPLACE);
      assertThat(write.head().attemptCount()).isEqualTo(1);
      assertThat(write.head().attempt()).isZero();
      assertThat(write.head().createdAt()).isEqualTo(LATER);
      assertThat(write.head().lastRunId()).isEqualTo("run-of-theirs");
      assertThat(write.head().state()).isEqualTo(Pending.PLAIN);
    }

    @Test
    void ofAReplayWhoseLetterIsGoneCountsOnFromItsAttempt() {
      LetterHead head = Transitions.failed(null, back(4), LATER).head();

      assertThat(head.attemptCount()).isEqualTo(5);
      assertThat(head.attempt()).isEqualTo(4);
      assertThat(head.lastRunId()).isEqualTo("run_a");
    }

    @Test
    void ofTheReplayThatIsOutSettlesIt() {
      Write write = Transitions.failed(retrying(1), back(1), LATER);

      assertThat(write.told()).isEqualTo(LetterEvent.REPLAY_FAILED);
      assertThat(write.head().state()).isEqualTo(Pending.PLAIN);
      assertThat(write.head().attemptCount()).isEqualTo(2);
      assertThat(write.head().awaited()).isEmpty();
      assertThat(write.head().lastRunId()).isEqualTo("run_a");
      assertThat(write.head().createdAt()).isEqualTo(NOW);
      assertThat(write.head().firstFailedAt()).isEqualTo(NOW);
      assertThat(write.head().facts().failedAt()).isEqualTo(NOW + 60_000);
    }

    @Test
    void ofAnOlderReplayLeavesTheNewerOneOut() {
      Write write = Transitions.failed(retrying(2), back(1), LATER);

      assertThat(write.head().status()).isEqualTo(LetterState.Status.RETRYING);
      assertThat(write.head().awaited()).containsExactly(2);
      assertThat(write.head().attemptCount()).isEqualTo(2);
    }

    @Test
    void ofAReplayThatHadSettledOnlyAddsDetail() {
      LetterHead settled = Transitions.failed(retrying(1), back(1), LATER).head();

      Write again = Transitions.failed(settled, back(1), LATER + 1);

      assertThat(again.told()).isEqualTo(LetterEvent.LATE_NEWS);
      assertThat(again.head().attemptCount()).isEqualTo(2);
      assertThat(again.detail()).isEqualTo(Detail.REPLACE_BUT_SOURCE);
    }

    @Test
    void ofAReplayLeavesWhereTheRecordFirstCameFrom() {
      assertThat(Transitions.failed(retrying(1), back(1), LATER).detail())
          .isEqualTo(Detail.REPLACE_BUT_SOURCE);
      assertThat(Transitions.failed(pending(), back(6), LATER).detail())
          .isEqualTo(Detail.REPLACE_BUT_SOURCE);
    }

    @Test
    void afterTheTimeOutStillCountsAndConfirms() {
      Write write = Transitions.failed(unconfirmed(1), back(1), LATER);

      assertThat(write.head().state()).isEqualTo(Pending.PLAIN);
      assertThat(write.head().attemptCount()).isEqualTo(2);
    }

    @Test
    void withoutOurHeadersAlwaysCountsAndLeavesAReplayOut() {
      LetterHead pending =
          Transitions.failed(pending(), facts("billing", "r-1", LATER, null), LATER).head();
      LetterHead out =
          Transitions.failed(retrying(1), facts("billing", "r-1", LATER, null), LATER).head();

      assertThat(pending.attemptCount()).isEqualTo(2);
      assertThat(out.attemptCount()).isEqualTo(2);
      assertThat(out.status()).isEqualTo(LetterState.Status.RETRYING);
      assertThat(out.awaited()).containsExactly(1);
    }

    @Test
    void ofAnAttemptBeyondOursCountsFromIt() {
      LetterHead head = Transitions.failed(pending(), back(6), LATER).head();

      assertThat(head.attempt()).isEqualTo(6);
      assertThat(head.attemptCount()).isEqualTo(7);
    }

    @Test
    void keepsTheLettersIdentity() {
      FailureFacts renamed = facts("other", "x", LATER, new ReplayMark("run_a", 1));

      FailureFacts kept = Transitions.failed(retrying(1), renamed, LATER).head().facts();

      assertThat(kept.pipelineId()).isEqualTo("billing");
      assertThat(kept.recordId()).isEqualTo("r-1");
    }

    @Test
    void leavesAParkedLetterParked() {
      LetterHead parked = Letters.inState(pending(), new Parked("five attempts"));

      LetterHead head =
          Transitions.failed(parked, facts("billing", "r-1", LATER, null), LATER).head();

      assertThat(head.status()).isEqualTo(LetterState.Status.PARKED);
      assertThat(head.attemptCount()).isEqualTo(2);
    }
  }

  @Nested
  class AReplay {
    @Test
    void putsThePendingLetterOut() {
      Write write = (Write) replay(pending());

      assertThat(write.head().state())
          .isEqualTo(new Retrying("run_b", 1, LATER, LATER + 900, "retry"));
      assertThat(write.head().awaited()).containsExactly(1);
      assertThat(write.head().due()).hasValue(LATER + 900);
      assertThat(write.detail()).isEqualTo(Detail.KEEP);
      assertThat(write.head().attemptCount()).isEqualTo(1);
    }

    @Test
    void putsAParkedLetterOut() {
      Step step = replay(Letters.inState(pending(), new Parked("enough")));

      assertThat(((Write) step).head().status()).isEqualTo(LetterState.Status.RETRYING);
    }

    @Test
    void isRefusedWhileOneIsOut() {
      assertThat(refusal(replay(retrying(1)))).isEqualTo(Refusal.Code.RETRYING);
    }

    @Test
    void isRefusedForAnUnknownLetter() {
      assertThat(refusal(replay(null))).isEqualTo(Refusal.Code.UNKNOWN_LETTER);
    }

    @Test
    void remembersABoundedNumberOfUnansweredAttempts() {
      LetterHead head = unconfirmed(LetterHead.MAX_AWAITED + 5);

      assertThat(head.awaited()).hasSize(LetterHead.MAX_AWAITED).startsWith(6);
    }

    @Test
    void thatCouldNotBeSentLeavesTheReason() {
      Write write = (Write) Transitions.notSent(ID, pending(), "too large", LATER);

      assertThat(write.head().state()).isEqualTo(new Pending(false, "too large"));
      assertThat(write.head().awaited()).isEmpty();
      assertThat(write.told()).isEqualTo(LetterEvent.NOT_SENT);
    }
  }

  @Nested
  class AnOutcome {
    @Test
    void thatSucceededRemovesTheLetter() {
      assertThat(outcome(retrying(1), Result.SUCCEEDED, 1)).isInstanceOf(Remove.class);
      assertThat(outcome(retrying(1), Result.SUCCEEDED, null)).isInstanceOf(Remove.class);
      assertThat(outcome(unconfirmed(1), Result.SUCCEEDED, 1)).isInstanceOf(Remove.class);
    }

    @Test
    void ofAnOlderAttemptThatSucceededRemovesTheLetterAllTheSame() {
      assertThat(outcome(retrying(2), Result.SUCCEEDED, 1)).isInstanceOf(Remove.class);
    }

    @Test
    void thatContradictsASettledAttemptChangesNothing() {
      LetterHead settled = Transitions.failed(retrying(1), back(1), LATER).head();

      assertThat(outcome(settled, Result.SUCCEEDED, 1)).isInstanceOf(Ignore.class);
    }

    @Test
    void thatFailedMakesItPendingAndCounts() {
      Write write = (Write) outcome(retrying(1), Result.FAILED, 1);

      assertThat(write.head().state()).isEqualTo(Pending.PLAIN);
      assertThat(write.head().attemptCount()).isEqualTo(2);
      assertThat(write.head().facts().errorCode()).isEqualTo("refused");
      assertThat(write.head().facts().failedAt()).isEqualTo(LATER);
      assertThat(write.head().lastRunId()).isEqualTo("run_a");
      assertThat(write.detail()).isEqualTo(Detail.MERGE_ERROR);
    }

    @Test
    void thatFailedToldTwiceCountsOnce() {
      LetterHead once = ((Write) outcome(retrying(1), Result.FAILED, 1)).head();

      LetterHead twice = ((Write) outcome(once, Result.FAILED, 1)).head();

      assertThat(twice.attemptCount()).isEqualTo(2);
    }

    @Test
    void thatFailedBesideTheRecordComingBackCountsOnceInEitherOrder() {
      LetterHead toldFirst = ((Write) outcome(retrying(1), Result.FAILED, 1)).head();
      LetterHead recordFirst = Transitions.failed(retrying(1), back(1), LATER).head();

      assertThat(Transitions.failed(toldFirst, back(1), LATER).head().attemptCount()).isEqualTo(2);
      assertThat(((Write) outcome(recordFirst, Result.FAILED, 1)).head().attemptCount())
          .isEqualTo(2);
    }

    @Test
    void withoutAnAttemptIsAboutTheOneThatIsOut() {
      Write write = (Write) outcome(retrying(2), Result.FAILED, null);

      assertThat(write.head().awaited()).containsExactly(1);
      assertThat(write.head().status()).isEqualTo(LetterState.Status.PENDING);
    }

    @Test
    void ofAnUnknownLetterIsIgnored() {
      assertThat(outcome(null, Result.FAILED, 1)).isInstanceOf(Ignore.class);
    }
  }

  @Nested
  class Discarding {
    @Test
    void removesAPendingLetter() {
      assertThat(Transitions.discard(ID, pending())).isInstanceOf(Remove.class);
    }

    @Test
    void isRefusedWhileItIsOut() {
      assertThat(refusal(Transitions.discard(ID, retrying(1)))).isEqualTo(Refusal.Code.RETRYING);
    }

    @Test
    void isRefusedForAnUnknownLetter() {
      assertThat(refusal(Transitions.discard(ID, null))).isEqualTo(Refusal.Code.UNKNOWN_LETTER);
    }
  }

  @Nested
  class Adding {
    private final FailureFacts manual = manual();

    @Test
    void makesALetterThatNeverWasAttempted() {
      LetterHead head = ((Write) Transitions.add(ID, null, manual, true, LATER)).head();

      assertThat(head.attemptCount()).isZero();
      assertThat(head.facts().origin()).isEqualTo(Origin.MANUAL);
    }

    @Test
    void toAPendingLetterWithoutARecordKeepsItsPayload() {
      Write write = (Write) Transitions.add(ID, pending(), manual, false, LATER);

      assertThat(write.detail()).isEqualTo(Detail.MERGE_ERROR);
      assertThat(write.head().facts().origin()).isEqualTo(Origin.MANUAL);
      assertThat(write.head().facts().fidelity()).isEqualTo(Fidelity.ORIGINAL);
      assertThat(write.head().attemptCount()).isEqualTo(1);
      assertThat(write.head().createdAt()).isEqualTo(NOW);
    }

    @Test
    void isRefusedWhileItIsOut() {
      assertThat(refusal(Transitions.add(ID, retrying(1), manual, true, LATER)))
          .isEqualTo(Refusal.Code.RETRYING);
    }

    private static FailureFacts manual() {
      return facts("billing", "r-1")
          .manual(
              new FailureFacts(
                  "billing",
                  "r-1",
                  Origin.MANUAL,
                  FailureKind.EXCEPTION,
                  null,
                  null,
                  null,
                  null,
                  NOW,
                  NOW,
                  NOW,
                  null,
                  java.util.List.of(),
                  null,
                  Fidelity.MISSING,
                  DeadLetterPosition.NONE,
                  null,
                  null));
    }
  }

  @Nested
  class Silence {
    @Test
    void endsInPendingUnconfirmed() {
      Write write = (Write) Transitions.due(retrying(1), false, NOW + 1_000).orElseThrow();

      assertThat(write.head().state()).isEqualTo(Pending.UNCONFIRMED);
      assertThat(write.head().attemptCount()).isEqualTo(1);
      assertThat(write.head().awaited()).containsExactly(1);
    }

    @Test
    void beforeTheTimeOutChangesNothing() {
      assertThat(Transitions.due(retrying(1), false, NOW + 999)).isEmpty();
      assertThat(Transitions.due(pending(), false, LATER)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Refusal.Code.class)
  void everyRefusalHasAClientErrorStatus(Refusal.Code code) {
    assertThat(code.httpStatus()).isBetween(400, 409);
  }

  private static Step replay(@Nullable LetterHead stored) {
    return Transitions.replay(ID, stored, "run_b", "retry", LATER, LATER + 900);
  }

  private static Step outcome(
      @Nullable LetterHead stored, Result result, @Nullable Integer attempt) {
    FailureError error = new FailureError("refused", "no", null, null, null);
    return Transitions.outcome(stored, new Outcome(result, "run_a", attempt, error), LATER);
  }

  private static Refusal.Code refusal(Step step) {
    return ((Refuse) step).refusal().code();
  }
}
