// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import dev.redrive.command.Command;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunOptions;
import dev.redrive.command.RunTarget;
import dev.redrive.filter.LetterFilter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * A coordinator and its partitions in memory, with everything they say arriving late, and time that
 * the test moves. Letters settle after a while, as well or badly as told.
 */
final class SimulatedRun {
  private static final int TICK = 100;

  final Random random;
  final int delayAtMost;
  Run run;
  long now = 1_000_000;
  final Share[] shares;
  final boolean[] silent;
  final List<Long> sentAt = new ArrayList<>();
  final Deque<Sent> out = new ArrayDeque<>();
  double failures;
  int settleAfter = 300;
  long mostInFlight;
  private final List<Deque<Late<Allowance>>> toShares = new ArrayList<>();
  private final Deque<Late<ShareReport>> toCoordinator = new ArrayDeque<>();

  private record Late<T>(long at, T what) {}

  record Sent(long at, int partition) {}

  /** Letters in each partition. */
  SimulatedRun(RunOptions options, int delayAtMost, long seed, long... letters) {
    this.random = new Random(seed);
    this.delayAtMost = delayAtMost;
    Command.Meta meta = new Command.Meta("c", "q", null, null, null);
    RunCommand command =
        new RunCommand(
            RunCommand.Action.REPLAY, meta, new RunTarget.Matching(LetterFilter.ALL), options);
    RunSpec spec = new RunSpec("run_1", command, now, options.rate(), letters.length);
    run = Run.accepted(spec, now);
    silent = new boolean[letters.length];
    shares =
        Arrays.stream(letters)
            .mapToObj(count -> Share.selected(0).matched(count).countedAll(false))
            .toArray(Share[]::new);
    for (int i = 0; i < shares.length; i++) {
      toShares.add(new ArrayDeque<>());
      report(i);
    }
  }

  void runFor(long millis) {
    long end = now + millis;
    while (now < end) {
      step();
    }
  }

  /** The greatest error of the rate over any ten seconds, once it had a second to begin. */
  double rateError(double rate) {
    double worst = 0;
    long first = sentAt.get(0) + 1_000;
    long last = sentAt.get(sentAt.size() - 1) - 10_000;
    for (long from = first; from < last; from += 250) {
      long start = from;
      long count = sentAt.stream().filter(at -> at >= start && at < start + 10_000).count();
      worst = Math.max(worst, Math.abs(count - rate * 10) / (rate * 10));
    }
    return worst;
  }

  private void step() {
    now += TICK;
    while (!toCoordinator.isEmpty() && toCoordinator.peek().at <= now) {
      run = run.reported(toCoordinator.poll().what, now);
    }
    Pacing.Told told = Pacing.tick(run, now);
    run = told.run();
    told.allowances().forEach((partition, what) -> toShares.get(partition).add(late(what)));
    for (int i = 0; i < shares.length; i++) {
      if (!silent[i]) {
        share(i);
      }
    }
    mostInFlight =
        Math.max(mostInFlight, Arrays.stream(shares).mapToLong(s -> s.sums().outstanding()).sum());
  }

  private void share(int i) {
    Deque<Late<Allowance>> inbox = toShares.get(i);
    while (!inbox.isEmpty() && inbox.peek().at <= now) {
      shares[i] = shares[i].told(inbox.poll().what, now);
    }
    long permitted = Math.min(Math.min(5_000, shares[i].permitted(now)), shares[i].sums().left());
    for (long n = 0; n < permitted; n++) {
      shares[i] = shares[i].sent();
      sentAt.add(now);
      out.add(new Sent(now, i));
    }
    if (shares[i].sums().left() == 0 && !shares[i].walked()) {
      shares[i] = shares[i].walkedAll();
    }
    settle(i);
    shares[i] = shares[i].lapsed(now);
    report(i);
  }

  private void settle(int i) {
    out.removeIf(
        sent -> {
          boolean due = sent.partition == i && sent.at + settleAfter <= now;
          if (due) {
            LetterOutcome outcome =
                random.nextDouble() < failures ? LetterOutcome.FAILED : LetterOutcome.SUCCEEDED;
            shares[i] = shares[i].settled(LetterOutcome.OUTSTANDING, outcome, false);
          }
          return due;
        });
  }

  private void report(int i) {
    toCoordinator.add(late(shares[i].report(i, new TreeMap<>())));
  }

  private <T> Late<T> late(T what) {
    return new Late<>(now + (delayAtMost == 0 ? 0 : random.nextInt(delayAtMost)), what);
  }
}
