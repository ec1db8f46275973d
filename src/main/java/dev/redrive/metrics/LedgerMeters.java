// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import dev.redrive.topology.LedgerFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/** What the ledger and its intakes did since the process started. */
final class LedgerMeters {

  private LedgerMeters() {}

  static void register(MeterRegistry registry, LedgerFigures figures) {
    count(registry, "redrive.failures", "Failed records taken in", figures.failures);
    count(
        registry,
        "redrive.redeliveries",
        "Failed records that were delivered again and passed over",
        figures.redeliveries);
    count(registry, "redrive.replays", "Records sent to a retry topic", figures.replays);
    count(registry, "redrive.replays.succeeded", "Replays that worked", figures.succeeded);
    count(
        registry,
        "redrive.replays.inferred",
        "Replays that worked as far as anybody knows: nobody told",
        figures.inferred);
    count(registry, "redrive.replays.failed", "Replays that failed again", figures.failedAgain);
    count(registry, "redrive.replays.unconfirmed", "Replays without any news", figures.unconfirmed);
    count(
        registry,
        "redrive.automatic.replays",
        "Replays that automatic retry sent",
        figures.automaticReplays);
    count(
        registry, "redrive.letters.parked", "Letters that automatic retry gave up", figures.parked);
    count(
        registry,
        "redrive.letters.expired",
        "Letters that were kept for as long as their pipeline keeps them",
        figures.expired);
    count(registry, "redrive.runs.started", "Runs begun", figures.runsStarted);
    count(registry, "redrive.runs.completed", "Runs that came to their end", figures.runsCompleted);
    count(registry, "redrive.runs.halted", "Runs that halted themselves", figures.runsHalted);
    count(registry, "redrive.runs.cancelled", "Runs that were cancelled", figures.runsCancelled);
    count(
        registry,
        "redrive.runs.letters.refused",
        "Letters that a run could not send",
        figures.runLettersRefused);
    count(
        registry,
        "redrive.callback.calls",
        "Calls of failure callbacks that have ended",
        figures.callbackCalls);
    count(
        registry,
        "redrive.callbacks.succeeded",
        "Failure callbacks that worked",
        figures.callbacksSucceeded);
    count(
        registry,
        "redrive.callbacks.failed",
        "Failure callbacks that will not be called any more",
        figures.callbacksFailed);
    count(
        registry,
        "redrive.callbacks.canceled",
        "Failure callbacks that a command gave up",
        figures.callbacksCanceled);
    count(registry, "redrive.commands.accepted", "Commands done", figures.commandsAccepted);
    count(registry, "redrive.commands.rejected", "Commands refused", figures.commandsRejected);
    count(
        registry,
        "redrive.outcomes.unreadable",
        "Records of the outcome topic that told nothing",
        figures.outcomesUnreadable);
    count(
        registry,
        "redrive.failure.groups.new",
        "Failure groups that were not known",
        figures.groupsAppeared);
    count(
        registry,
        "redrive.failure.groups.regressed",
        "Failure groups that had no letters any more and came back",
        figures.groupsRegressed);
    originals(registry, "found", figures.originalsFound);
    originals(registry, "gone", figures.originalsGone);
    originals(registry, "failed", figures.originalsFailed);
    count(
        registry,
        "redrive.offset.resets",
        "Source partitions whose records were deleted before they were read",
        figures.offsetResets);
  }

  private static void originals(MeterRegistry registry, String result, LongAdder adder) {
    FunctionCounter.builder("redrive.originals.read", adder, LongAdder::sum)
        .tag("result", result)
        .description("Records read from where they lie, since the letter has not all of them")
        .register(registry);
  }

  private static void count(MeterRegistry registry, String name, String help, LongAdder adder) {
    FunctionCounter.builder(name, adder, LongAdder::sum).description(help).register(registry);
  }
}
