// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.RunEntry;
import dev.redrive.command.Command;
import dev.redrive.run.Allowance;
import dev.redrive.run.Pacing;
import dev.redrive.run.Part;
import dev.redrive.run.Progress;
import dev.redrive.run.Run;
import dev.redrive.run.RunState;
import dev.redrive.run.Sums;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs whose coordinator is this partition: takes the partitions' reports and tells them what
 * they may do. {@link Run} and {@link Pacing} decide.
 */
final class Coordinator {
  private static final Logger LOGGER = LoggerFactory.getLogger(Coordinator.class);
  private static final long FORGET_EVERY_MS = 10_000;
  private static final int FORGOTTEN_AT_ONCE = 20;
  private static final long SAID_AGAIN_MS = 600_000;

  private final LedgerParts parts;
  private final RunRows rows;
  private final LedgerRows letters;
  private final LedgerOutput output;
  private final Map<String, Run> active = new LinkedHashMap<>();
  private final Map<String, Long> ended = new HashMap<>();
  private long lastForgotten;

  /** Begins for one init of a task, with what is stored. */
  Coordinator(LedgerParts parts, RunRows rows, LedgerRows letters, LedgerOutput output) {
    this.parts = parts;
    this.rows = rows;
    this.letters = letters;
    this.output = output;
    for (Run run : rows.runs()) {
      keep(run);
    }
  }

  Optional<Run> find(String runId) {
    Run run = active.get(runId);
    return run == null ? rows.run(runId) : Optional.of(run);
  }

  /** Says again which runs stand: whoever had them before may have gone before anybody looked. */
  void sayStanding(long now) {
    ended.forEach(
        (runId, at) -> {
          if (now - at <= SAID_AGAIN_MS) {
            parts.standingRuns().accept(runId);
          }
        });
    active.values().stream()
        .filter(run -> run.state() instanceof RunState.Halted)
        .forEach(run -> parts.standingRuns().accept(run.id()));
  }

  void begin(Run run) {
    rows.write(run.spec());
    rows.write(run.id(), run.progress());
    active.put(run.id(), run);
    parts.figures().runsStarted.increment();
  }

  void reported(RunEntry.Reported entry, long now) {
    find(entry.runId())
        .ifPresent(run -> changed(run, run.reported(entry.report(), now), null, now));
  }

  /** Has each partition told what it may do until the next time. */
  void tick(long now) {
    for (Run run : new ArrayList<>(active.values())) {
      changed(run, run, null, now);
    }
    if (now - lastForgotten >= FORGET_EVERY_MS) {
      lastForgotten = now;
      forget(now);
    }
  }

  /**
   * A run goes on from here.
   *
   * @param by who wanted it; null: nobody did, it came so
   */
  void changed(Run before, Run news, Command.@Nullable Meta by, long now) {
    Pacing.Told told = Pacing.tick(news, now);
    Run after = told.run();
    write(before, after, !told.allowances().isEmpty());
    told.allowances()
        .forEach(
            (partition, allowance) ->
                output.run(partition, new RunEntry.Allowed(after.id(), allowance), now));
    keep(after);
    tell(before, news, by, now);
    tell(news, after, by, now);
  }

  private void keep(Run run) {
    Long endedAt = run.progress().endedAt();
    if (endedAt == null) {
      active.put(run.id(), run);
    } else {
      active.remove(run.id());
      ended.put(run.id(), endedAt);
    }
  }

  /** Only what changed; that time has passed is no change. */
  private void write(Run before, Run after, boolean allowed) {
    if (allowed || !sameButPace(before.progress(), after.progress())) {
      rows.write(after.id(), after.progress());
    }
    for (int i = 0; i < after.parts().size(); i++) {
      Part part = after.parts().get(i);
      if (!part.equals(before.parts().get(i))) {
        rows.write(after.id(), part);
      }
    }
  }

  private static boolean sameButPace(Progress one, Progress other) {
    return one.state().equals(other.state())
        && one.window().equals(other.window())
        && one.samples().equals(other.samples())
        && Objects.equals(one.selectedAt(), other.selectedAt());
  }

  private void tell(Run before, Run after, Command.@Nullable Meta by, long now) {
    if (before.progress().selectedAt() == null && after.progress().selectedAt() != null) {
      output.run("selected", after, by, letters.markChange(), now);
      output.selected(after, now);
    }
    if (before.heldUp().isEmpty() && !after.heldUp().isEmpty()) {
      output.run("held_up", after, by, letters.markChange(), now);
    }
    if (after.state().word().equals(before.state().word())) {
      return;
    }
    output.run(word(before.state(), after.state()), after, by, letters.markChange(), now);
    Sums sums = after.sums();
    LOGGER
        .atInfo()
        .addKeyValue("run_id", after.id())
        .addKeyValue("status", after.state().word())
        .addKeyValue("matched", sums.matched())
        .addKeyValue("replayed", sums.replayed())
        .addKeyValue("succeeded", sums.succeeded())
        .addKeyValue("failed", sums.failed())
        .log("a run goes on");
    if (after.state().ended() || after.state() instanceof RunState.Halted) {
      parts.standingRuns().accept(after.id());
    }
    if (after.state() instanceof RunState.Halted) {
      parts.figures().runsHalted.increment();
    }
    if (after.state().ended()) {
      after.spec().slot().ifPresent(pipeline -> rows.freeSlot(pipeline, after.id()));
      (after.state() instanceof RunState.Cancelled
              ? parts.figures().runsCancelled
              : parts.figures().runsCompleted)
          .increment();
    }
  }

  private static String word(RunState before, RunState after) {
    if (after instanceof RunState.Running) {
      return before instanceof RunState.Halted ? "resumed" : "started";
    }
    return after instanceof RunState.Canary ? "canary_started" : after.word();
  }

  private void forget(long now) {
    long before = now - parts.pipelines().runHistory().toMillis();
    List<String> old =
        ended.entrySet().stream()
            .filter(run -> run.getValue() <= before)
            .map(Map.Entry::getKey)
            .limit(FORGOTTEN_AT_ONCE)
            .toList();
    for (String runId : old) {
      ended.remove(runId);
      rows.run(runId)
          .ifPresent(
              run -> {
                rows.remove(run);
                run.parts()
                    .forEach(
                        part ->
                            output.run(
                                part.partition(),
                                new RunEntry.Allowed(runId, new Allowance.Forget()),
                                now));
              });
    }
  }
}
