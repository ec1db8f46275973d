// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import dev.redrive.command.RunCommand;
import dev.redrive.command.RunOptions;
import dev.redrive.command.RunOptions.Canary;
import dev.redrive.command.RunOptions.FailureLimit;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A run as its coordinator has it, and how it goes on with each piece of news.
 *
 * <p>{@link Pacing} decides who may send how much; here is decided whether anything may be sent at
 * all: nothing before all partitions have counted, only a few before the canary has succeeded,
 * nothing after a halt or the end.
 *
 * @param parts by partition
 */
public record Run(RunSpec spec, Progress progress, List<Part> parts) {

  public Run {
    parts = List.copyOf(parts);
  }

  /** A run that was just accepted. */
  public static Run accepted(RunSpec spec, long now) {
    List<Part> parts = new ArrayList<>();
    for (int partition = 0; partition < spec.partitions(); partition++) {
      parts.add(Part.unheard(partition));
    }
    return new Run(spec, Progress.started(now), parts);
  }

  public String id() {
    return spec.id();
  }

  public RunState state() {
    return progress.state();
  }

  public RunOptions options() {
    return spec.command().options();
  }

  /** Of all partitions, as far as they have reported. */
  public Sums sums() {
    return parts.stream().map(Part::sums).reduce(Sums.NONE, Sums::plus);
  }

  /** What a dry run has found. */
  public SortedMap<PlanCell, Long> plan() {
    TreeMap<PlanCell, Long> all = new TreeMap<>();
    parts.forEach(part -> part.plan().forEach((cell, count) -> all.merge(cell, count, Long::sum)));
    return all;
  }

  /** Pipelines whose letters wait for the limit per hour, and when the next of them may go. */
  public SortedMap<String, Long> heldUp() {
    TreeMap<String, Long> all = new TreeMap<>();
    if (!state().ended()) {
      parts.forEach(part -> part.heldUp().forEach((id, until) -> all.merge(id, until, Math::min)));
    }
    return all;
  }

  /** Why it sends nothing, or not all that it could, for a person; null where it does. */
  public @Nullable String reason() {
    if (state() instanceof RunState.Halted halted) {
      return halted.reason();
    }
    SortedMap<String, Long> heldUp = heldUp();
    return heldUp.isEmpty()
        ? null
        : "letters of "
            + String.join(", ", heldUp.keySet())
            + " wait, since the pipeline has had the replays that it is allowed in an hour"
            + " (max-replays-per-hour); the next may go after "
            + Instant.ofEpochMilli(Collections.min(heldUp.values()))
                .truncatedTo(ChronoUnit.SECONDS);
  }

  /** Partitions that something is awaited from: their count, or a report long due. */
  public List<Integer> waitsFor(long now) {
    if (state().ended()) {
      return List.of();
    }
    boolean selecting = state() instanceof RunState.Selecting;
    return parts.stream()
        .filter(part -> selecting ? !part.counted() : part.silent(now))
        .map(Part::partition)
        .toList();
  }

  /** Letters done per second, lately; empty where nothing is known of it. */
  public @Nullable Double pace() {
    List<Progress.Sample> samples = progress.samples();
    if (samples.size() < 2 || state().ended()) {
      return null;
    }
    Progress.Sample first = samples.get(0);
    Progress.Sample last = samples.get(samples.size() - 1);
    return (last.done() - first.done()) * 1_000.0 / (last.at() - first.at());
  }

  /** When everything will be sent at that pace, epoch milliseconds. */
  public OptionalLong sentBy(long now) {
    Double pace = pace();
    return pace == null || pace <= 0
        ? OptionalLong.empty()
        : OptionalLong.of(now + (long) (sums().left() / pace * 1_000));
  }

  /** A partition has reported. */
  public Run reported(ShareReport report, long now) {
    if (report.partition() >= parts.size()) {
      return this;
    }
    Part before = parts.get(report.partition());
    Part after = before.reported(report, now);
    List<Part> all = new ArrayList<>(parts);
    all.set(report.partition(), after);
    long used = after.sums().replayed() - before.sums().replayed();
    long unused = Math.max(0, after.consumed() - before.consumed() - used);
    Progress told = progress.with(progress.bucket().returned(unused));
    FailureLimit limit = options().failureLimit();
    if (limit != null && state() instanceof RunState.Running) {
      long bad = bad(after.sums()) - bad(before.sums());
      long settled = after.sums().settled() - before.sums().settled();
      told = told.with(told.window().plus(Math.max(0, bad), Math.max(0, settled), limit));
    }
    return new Run(spec, told, all).decided(now);
  }

  /** What follows from what is known, and from time passing. */
  public Run decided(long now) {
    RunState state = state();
    if (state.ended()) {
      return this;
    }
    if (state instanceof RunState.Selecting) {
      return parts.stream().allMatch(Part::counted) ? selected(now) : this;
    }
    if (isFinished()) {
      return in(new RunState.Completed(), now);
    }
    if (state instanceof RunState.Canary canary) {
      return canaryDecided(canary, now);
    }
    FailureLimit limit = options().failureLimit();
    if (state instanceof RunState.Running && limit != null && progress.window().exceeds(limit)) {
      return in(new RunState.Halted(tooManyFailed(limit)), now);
    }
    return this;
  }

  /** Null where it can't be: it has ended. Cancelling twice is cancelling once. */
  public @Nullable Run cancelled(long now) {
    if (state() instanceof RunState.Cancelled) {
      return this;
    }
    return state().ended() ? null : in(new RunState.Cancelled(), now);
  }

  /** Null where it can't be: it is not halted. */
  public @Nullable Run resumed(long now) {
    if (!(state() instanceof RunState.Halted)) {
      return null;
    }
    Progress fresh = progress.with(FailureWindow.EMPTY).with(new Bucket(0, now));
    return new Run(spec, fresh.in(new RunState.Running(), now), parts);
  }

  private Run selected(long now) {
    Run selected = new Run(spec, progress.selected(now), parts);
    if (options().dryRun() || selected.isFinished()) {
      return selected.in(new RunState.Completed(), now);
    }
    boolean tries =
        options().canary() != null && spec.command().action() == RunCommand.Action.REPLAY;
    return selected.in(tries ? new RunState.Canary(null) : new RunState.Running(), now);
  }

  private Run canaryDecided(RunState.Canary state, long now) {
    Canary canary = options().canary();
    if (canary == null) {
      return in(new RunState.Running(), now);
    }
    Sums sums = sums();
    boolean all = parts.stream().allMatch(Part::walked);
    long tried = all ? sums.replayed() : canary.size();
    long needed = Math.min(canary.minSuccess(), tried);
    if (sums.succeeded() >= needed) {
      return in(new RunState.Running(), now);
    }
    if (bad(sums) > tried - needed) {
      return in(new RunState.Halted(canaryFailed(canary, sums, "")), now);
    }
    Long sentAt = state.sentAt();
    if (sentAt == null) {
      return sums.replayed() >= tried ? in(new RunState.Canary(now), now) : this;
    }
    return now - sentAt >= canary.waitFor().toMillis()
        ? in(new RunState.Halted(canaryFailed(canary, sums, " in time")), now)
        : this;
  }

  private boolean isFinished() {
    return parts.stream().allMatch(Part::walked) && sums().outstanding() == 0;
  }

  private Run in(RunState next, long now) {
    return new Run(spec, progress.in(next, now), parts);
  }

  private static long bad(Sums sums) {
    return sums.failed() + sums.unconfirmed();
  }

  private static String canaryFailed(Canary canary, Sums sums, String when) {
    return String.format(
        Locale.ROOT,
        "of the first %d letters %d succeeded%s, and %d had to; %d failed, %d told nothing",
        sums.replayed(),
        sums.succeeded(),
        when,
        canary.minSuccess(),
        sums.failed(),
        sums.unconfirmed() + sums.outstanding());
  }

  private String tooManyFailed(FailureLimit limit) {
    FailureWindow window = progress.window();
    return String.format(
        Locale.ROOT,
        "of the last %d replays %d failed or told nothing, and at most %.1f %% may",
        window.all(),
        window.bad(),
        limit.share() * 100);
  }
}
