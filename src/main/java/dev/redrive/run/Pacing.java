// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import dev.redrive.command.RunOptions.Canary;
import dev.redrive.run.Part.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who may send how much. One pace holds over all partitions, because each is allowed a little at a
 * time, and what it was allowed and has not reported on counts as sent. A partition that does not
 * report is waited for a moment, then the others go on.
 */
public final class Pacing {

  private Pacing() {}

  /**
   * What is to be told now.
   *
   * @param run as it is once that was told
   * @param allowances by partition
   */
  public record Told(Run run, SortedMap<Integer, Allowance> allowances) {}

  /** Decides and allows; to be asked about ten times a second, and at once when a state changes. */
  public static Told tick(Run before, long now) {
    Run run = before.decided(now);
    RunState state = run.state();
    if (state instanceof RunState.Cancelled) {
      return all(run, Order.STOP, new Allowance.Stop());
    }
    if (state instanceof RunState.Halted) {
      return all(run, Order.HOLD, new Allowance.Hold());
    }
    if (!(state instanceof RunState.Canary || state instanceof RunState.Running)) {
      return new Told(run, new TreeMap<>());
    }
    boolean limited =
        state instanceof RunState.Canary
            || run.spec().rate() != null
            || run.options().maxInFlight() != null;
    Told told =
        limited && !run.spec().discards()
            ? some(run, now)
            : all(run, Order.UNLIMITED, new Allowance.Unlimited());
    Sums sums = told.run.sums();
    Progress sampled = told.run.progress().sampled(now, sums.replayed() + sums.discarded());
    return new Told(new Run(run.spec(), sampled, told.run.parts()), told.allowances);
  }

  /** Tells the same to all that were not told it yet. */
  private static Told all(Run run, Order order, Allowance allowance) {
    List<Part> parts = new ArrayList<>(run.parts());
    SortedMap<Integer, Allowance> allowances = new TreeMap<>();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (part.order() != order && !part.walked()) {
        parts.set(i, part.told(order));
        allowances.put(part.partition(), allowance);
      }
    }
    return new Told(new Run(run.spec(), run.progress(), parts), allowances);
  }

  private static Told some(Run run, long now) {
    Double rate = run.spec().rate();
    Bucket bucket = run.progress().bucket();
    long amount = Math.min(untried(run), notInFlight(run));
    if (rate != null) {
      bucket = bucket.refilled(rate, now);
      amount = Math.min(amount, (long) bucket.tokens());
    }
    List<Part> parts = new ArrayList<>(run.parts());
    SortedMap<Integer, Allowance> allowances = new TreeMap<>();
    long[] shares = Grants.split(Math.max(0, amount), needs(run, now));
    for (int i = 0; i < shares.length; i++) {
      if (shares[i] > 0) {
        Part part = parts.get(i);
        parts.set(i, part.granted(shares[i], now));
        allowances.put(part.partition(), new Allowance.Some(shares[i]));
        bucket = bucket.taken(rate == null ? 0 : shares[i]);
      }
    }
    return new Told(new Run(run.spec(), run.progress().with(bucket), parts), allowances);
  }

  private static long[] needs(Run run, long now) {
    return run.parts().stream()
        .mapToLong(
            part ->
                part.walked() || part.silent(now)
                    ? 0
                    : Math.max(0, part.sums().left() - part.pending()))
        .toArray();
  }

  /** What a canary leaves to try. */
  private static long untried(Run run) {
    Canary canary = run.options().canary();
    if (canary == null || !(run.state() instanceof RunState.Canary)) {
      return Long.MAX_VALUE;
    }
    return canary.size() - tried(run);
  }

  private static long tried(Run run) {
    return run.parts().stream().mapToLong(part -> part.sums().replayed() + part.pending()).sum();
  }

  private static long notInFlight(Run run) {
    @Nullable Integer most = run.options().maxInFlight();
    return most == null
        ? Long.MAX_VALUE
        : most - run.parts().stream().mapToLong(Part::inFlight).sum();
  }
}
