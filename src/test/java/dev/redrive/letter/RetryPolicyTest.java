// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import static dev.redrive.letter.Letters.NOW;
import static dev.redrive.letter.Letters.back;
import static dev.redrive.letter.Letters.facts;
import static dev.redrive.letter.Letters.pending;
import static dev.redrive.letter.Letters.retrying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.letter.LetterState.Parked;
import dev.redrive.letter.LetterState.Pending;
import dev.redrive.letter.LetterState.Status;
import dev.redrive.letter.Step.Write;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryPolicyTest {
  private static final LetterId ID = LetterId.of("billing", "r-1");
  private static final RetryPolicy POLICY =
      new RetryPolicy(List.of(Duration.ofMinutes(1), Duration.ofMinutes(10)), 4, 0);

  @Test
  void failureMakesTheLetterDueAfterTheDelayOfItsAttempt() {
    assertThat(dueAfter(Transitions.failed(null, facts("billing", "r-1"), NOW)))
        .hasValue(NOW + 60_000);
    assertThat(dueAfter(Transitions.failed(retrying(1), back(1), NOW))).hasValue(NOW + 600_000);
  }

  @Test
  void lastDelayStandsForAllOthers() {
    assertThat(dueAfter(counted(3))).hasValue(NOW + 600_000);
  }

  @Test
  void jitterIsBoundedSpreadAndAlwaysTheSame() {
    RetryPolicy jittered = new RetryPolicy(List.of(Duration.ofSeconds(100)), 4, 20);
    Set<Long> times =
        IntStream.range(0, 1_000)
            .mapToObj(i -> LetterId.of("billing", "r-" + i))
            .map(id -> jittered.scheduled(id, counted(1), NOW).retryAt().orElseThrow() - NOW)
            .collect(Collectors.toSet());

    assertThat(times).allMatch(time -> time >= 80_000 && time <= 120_000).hasSizeGreaterThan(900);
    assertThat(times).anyMatch(time -> time < 84_000).anyMatch(time -> time > 116_000);
    assertThat(jittered.scheduled(ID, counted(1), NOW))
        .isEqualTo(jittered.scheduled(ID, counted(1), NOW));
    assertThat(jittered.scheduled(ID, counted(1), NOW).retryAt())
        .isNotEqualTo(jittered.scheduled(ID, counted(2), NOW).retryAt());
  }

  @Test
  void silenceMakesNothingDueSinceTheReplayMayHaveWorked() {
    Write silent = (Write) Transitions.due(retrying(1), false, NOW + 1_000).orElseThrow();

    assertThat(dueAfter(silent)).isEmpty();
  }

  @Test
  void additionAndNewsThatCountsNothingMakeNothingDue() {
    LetterHead settled = Transitions.failed(retrying(1), back(1), NOW).head();

    assertThat(dueAfter(Transitions.failed(settled, back(1), NOW))).isEmpty();
    assertThat(dueAfter((Write) Transitions.add(ID, null, facts("billing", "r-1"), true, NOW)))
        .isEmpty();
  }

  @Test
  void newsThatCountsNothingLeavesTheTimeAsItWas() {
    LetterHead settled = POLICY.scheduled(ID, Transitions.failed(retrying(1), back(1), NOW), NOW);

    assertThat(dueAfter(Transitions.failed(settled, back(1), NOW + 5))).hasValue(NOW + 600_000);
  }

  @Test
  void failureWhileAReplayIsOutMakesNothingDueAndParksNothing() {
    LetterHead out = retrying(1);
    for (int i = 0; i < 9; i++) {
      out = Transitions.failed(out, facts("billing", "r-1"), NOW).head();
    }

    assertThat(out.status()).isEqualTo(Status.RETRYING);
    assertThat(POLICY.parking(out, LetterEvent.FAILED_AGAIN, NOW)).isEmpty();
  }

  @Test
  void lastAttemptIsNotDueButParked() {
    assertThat(POLICY.parking(counted(3).head(), LetterEvent.FAILED_AGAIN, NOW)).isEmpty();
    assertThat(dueAfter(counted(4))).isEmpty();

    Write parked =
        (Write) POLICY.parking(counted(4).head(), LetterEvent.FAILED_AGAIN, NOW).orElseThrow();

    assertThat(parked.told()).isEqualTo(LetterEvent.PARKED);
    assertThat(((Parked) parked.head().state()).reason()).contains("failed 4 times");
  }

  @Test
  void onlyAnotherFailureParksWhatWasPutBackByHand() {
    assertThat(POLICY.parking(counted(4).head(), LetterEvent.UNCONFIRMED, NOW)).isEmpty();
    assertThat(POLICY.parking(counted(4).head(), LetterEvent.NOT_SENT, NOW)).isEmpty();
  }

  @Test
  void refusalThatMayBeMendedIsTriedAgainAfterTheLongestDelay() {
    Refusal missing = new Refusal(Refusal.Code.TARGET_MISSING, "no such topic");

    Write held = (Write) POLICY.refused(pending(), missing, NOW);

    assertThat(held.head().state()).isEqualTo(new Pending(false, "no such topic", NOW + 600_000));
    assertThat(held.told()).isEqualTo(LetterEvent.NOT_SENT);
    assertThat(
            ((Write)
                    new RetryPolicy(List.of(Duration.ofSeconds(1)), 4, 0)
                        .refused(pending(), missing, NOW))
                .head()
                .retryAt())
        .as("no busier than a minute")
        .hasValue(NOW + 60_000);
  }

  @ParameterizedTest
  @EnumSource(
      value = Refusal.Code.class,
      names = {"NO_PAYLOAD", "ORIGINAL_GONE", "TARGET_UNKNOWN", "TARGET_IS_ERROR_TOPIC"})
  void refusalThatNothingWillMendParks(Refusal.Code code) {
    Write parked = (Write) POLICY.refused(pending(), new Refusal(code, "never"), NOW);

    assertThat(parked.head().state()).isEqualTo(new Parked("automatic retry gave up: never"));
  }

  @Test
  void policyWithoutDelaysIsNone() {
    assertThatThrownBy(() -> new RetryPolicy(List.of(), 3, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static OptionalLong dueAfter(Write change) {
    return POLICY.scheduled(ID, change, NOW).retryAt();
  }

  /** The last of so many failures that nobody replayed. */
  private static Write counted(int failures) {
    Write last = Transitions.failed(null, facts("billing", "r-1"), NOW);
    for (int i = 1; i < failures; i++) {
      last = Transitions.failed(last.head(), facts("billing", "r-1"), NOW);
    }
    return last;
  }
}
