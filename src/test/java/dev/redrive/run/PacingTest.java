// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.command.RunOptions;
import dev.redrive.command.RunOptions.Canary;
import dev.redrive.command.RunOptions.FailureLimit;
import java.time.Duration;
import java.util.Arrays;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One pace over many partitions, whose news all comes late. */
class PacingTest {

  @ParameterizedTest
  @ValueSource(doubles = {7, 50, 500, 5_000})
  void rateHoldsWithinFivePercentOverAnyTenSeconds(double rate) {
    long each = (long) (rate * 12);
    SimulatedRun simulated = new SimulatedRun(rate(rate), 500, 1, each, 10, each, each, 0, each);

    simulated.runFor(40_000);

    assertThat(simulated.sentAt).hasSizeGreaterThan((int) (rate * 35));
    assertThat(simulated.rateError(rate)).isLessThan(0.05);
  }

  @Test
  void slowRateSendsOneNowAndThen() {
    SimulatedRun simulated = new SimulatedRun(rate(0.5), 300, 2, 20, 20);

    simulated.runFor(20_000);

    assertThat(simulated.sentAt.size()).isBetween(8, 10);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 300})
  void inFlightNeverPassesItsLimit(int limit) {
    RunOptions options = options(null, limit, null, null);
    SimulatedRun simulated = new SimulatedRun(options, 700, 3, 400, 3, 900, 100);
    simulated.settleAfter = 150;

    simulated.runFor(60_000);

    assertThat(simulated.mostInFlight).isLessThanOrEqualTo(limit).isPositive();
    assertThat(simulated.sentAt.size()).isGreaterThan(Math.min(1_403, limit * 20) - 1);
  }

  @Test
  void withoutLimitAllIsSentAndTheRunCompletes() {
    SimulatedRun simulated = new SimulatedRun(options(null, null, null, null), 400, 4, 900, 20, 0);

    simulated.runFor(5_000);

    assertThat(simulated.sentAt).hasSize(920);
    assertThat(simulated.run.state()).isEqualTo(new RunState.Completed());
  }

  @Test
  void partitionThatSaysNothingIsWaitedForAndTheOthersGoOn() {
    SimulatedRun simulated = new SimulatedRun(rate(100), 200, 5, 3_000, 3_000);
    simulated.runFor(2_000);
    simulated.silent[0] = true;
    simulated.runFor(15_000);
    long before = simulated.sentAt.size();

    simulated.runFor(10_000);

    assertThat(simulated.sentAt.size() - before).isBetween(950L, 1_050L);
    assertThat(simulated.run.waitsFor(simulated.now)).containsExactly(0);
    // What it was allowed before is void when it wakes: no burst.
    simulated.silent[0] = false;
    long asleep = simulated.sentAt.size();
    simulated.runFor(1_000);
    assertThat(simulated.sentAt.size() - asleep).isLessThan(400);
    simulated.runFor(60_000);
    assertThat(simulated.sentAt).hasSize(6_000);
    assertThat(simulated.run.state()).isEqualTo(new RunState.Completed());
  }

  @Test
  void lapsedGrantIsVoidAndCountsNoLongerAsInFlight() {
    Share share =
        Share.selected(0).matched(10).countedAll(false).told(new Allowance.Some(5), 1_000).sent();

    assertThat(share.permitted(1_500)).isEqualTo(4);
    assertThat(share.permitted(2_000)).isZero();
    Part part = Part.unheard(0).granted(5, 1_000).reported(share.report(0, new TreeMap<>()), 1_600);
    assertThat(part.inFlight()).isEqualTo(5);
    part = part.reported(share.lapsed(2_000).report(0, new TreeMap<>()), 2_100);
    assertThat(part.inFlight()).isEqualTo(1);
  }

  @Test
  void lostReportIsMadeGoodByTheNext() {
    Share first = Share.selected(0).matched(9).countedAll(false).told(new Allowance.Some(5), 0);
    Share last =
        first.sent().sent().settled(LetterOutcome.OUTSTANDING, LetterOutcome.FAILED, false);
    Part part = Part.unheard(0).granted(5, 0);

    assertThat(
            part.reported(first.sent().report(0, new TreeMap<>()), 1)
                .reported(last.report(0, new TreeMap<>()), 2)
                .sums())
        .isEqualTo(part.reported(last.report(0, new TreeMap<>()), 2).sums());
  }

  @Test
  void canaryThatFailsStopsAfterItsFew() {
    RunOptions options = options(1_000.0, null, new Canary(10, Duration.ofSeconds(5), 6), null);
    SimulatedRun simulated = new SimulatedRun(options, 300, 6, 500, 500, 500);
    simulated.failures = 1;

    simulated.runFor(30_000);

    assertThat(simulated.sentAt).hasSize(10);
    assertThat(simulated.run.state().word()).isEqualTo("halted");
    assertThat(simulated.run.sums().left()).isEqualTo(1_490);
  }

  @Test
  void canaryThatSucceedsGoesOn() {
    RunOptions options = options(null, null, new Canary(10, Duration.ofSeconds(5), 10), null);
    SimulatedRun simulated = new SimulatedRun(options, 300, 7, 50, 50, 50);

    simulated.runFor(10_000);

    assertThat(simulated.run.state()).isEqualTo(new RunState.Completed());
    assertThat(simulated.sentAt).hasSize(150);
  }

  @Test
  void canaryOfMoreThanThereIsNeedsOnlyWhatThereIs() {
    RunOptions options = options(null, null, new Canary(10, Duration.ofSeconds(5), 10), null);
    SimulatedRun simulated = new SimulatedRun(options, 300, 8, 2, 1);

    simulated.runFor(5_000);

    assertThat(simulated.run.state()).isEqualTo(new RunState.Completed());
  }

  @Test
  void tooManyFailuresHaltAndResumeGoesOn() {
    RunOptions options = options(200.0, null, null, new FailureLimit(0.3, 50));
    SimulatedRun simulated = new SimulatedRun(options, 300, 9, 1_000, 1_000);
    simulated.runFor(3_000);
    assertThat(simulated.run.state().word()).isEqualTo("running");

    simulated.failures = 0.9;
    simulated.runFor(5_000);
    assertThat(simulated.run.state().word()).isEqualTo("halted");
    long sent = simulated.sentAt.size();
    simulated.runFor(5_000);
    assertThat(simulated.sentAt.size()).isEqualTo((int) sent);

    simulated.failures = 0;
    simulated.run = simulated.run.resumed(simulated.now);
    simulated.runFor(20_000);
    assertThat(simulated.run.state()).isEqualTo(new RunState.Completed());
    assertThat(simulated.sentAt).hasSize(2_000);
  }

  @Test
  void cancelStopsAllAndCountsWhatIsLeft() {
    SimulatedRun simulated = new SimulatedRun(rate(100), 300, 10, 1_000, 1_000);
    simulated.runFor(3_000);

    simulated.run = simulated.run.cancelled(simulated.now);
    simulated.runFor(1_000);
    int sent = simulated.sentAt.size();
    simulated.runFor(5_000);

    assertThat(simulated.sentAt).hasSize(sent);
    Sums sums = simulated.run.sums();
    assertThat(sums.left()).isZero();
    assertThat(sums.skipped()).containsEntry(Sums.CANCELLED, 2_000L - sent);
    assertThat(sums.outstanding()).isZero();
  }

  @Test
  void amountsAreSplitByNeedAndNeverMoreThanThat() {
    assertThat(Grants.split(10, new long[] {100, 0, 100})).containsExactly(5, 0, 5);
    assertThat(Grants.split(10, new long[] {1, 2, 3})).containsExactly(1, 2, 3);
    assertThat(Arrays.stream(Grants.split(7, new long[] {9, 9, 9, 1})).sum()).isEqualTo(7);
    assertThat(Grants.split(0, new long[] {5})).containsExactly(0);
  }

  private static RunOptions rate(double rate) {
    return options(rate, null, null, null);
  }

  private static RunOptions options(
      Double rate, Integer maxInFlight, Canary canary, FailureLimit limit) {
    return new RunOptions(rate, maxInFlight, canary, limit, false, null, false, null, null);
  }
}
