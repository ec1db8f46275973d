// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.CommandSeen;
import dev.redrive.codec.RunEntry;
import dev.redrive.command.Answer;
import dev.redrive.command.Answer.Seen;
import dev.redrive.command.Command;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunControl;
import dev.redrive.command.RunTarget;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Refusal;
import dev.redrive.letter.Refusal.Code;
import dev.redrive.run.Run;
import dev.redrive.run.RunSpec;
import dev.redrive.run.ShareSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides commands on runs whose coordinator is this partition. All runs of one pipeline are
 * decided here, so of two callers at one moment exactly one gets the pipeline's slot.
 */
final class RunDesk {
  private static final Logger LOGGER = LoggerFactory.getLogger(RunDesk.class);

  /** How long a command's answer is remembered, so that doing it twice does it once. */
  private static final Duration MEMORY = Duration.ofHours(24);

  private final LedgerParts parts;
  private final LedgerRows letters;
  private final RunRows rows;
  private final Coordinator coordinator;
  private final LedgerOutput output;
  private final int partition;

  RunDesk(
      LedgerParts parts,
      LedgerRows letters,
      RunRows rows,
      Coordinator coordinator,
      LedgerOutput output,
      int partition) {
    this.parts = parts;
    this.letters = letters;
    this.rows = rows;
    this.coordinator = coordinator;
    this.output = output;
    this.partition = partition;
  }

  void start(RunCommand command, long now) {
    if (answeredBefore(command, now)) {
      return;
    }
    String pipeline = command.target().onlyPipeline().orElse(null);
    String runId = RunIds.of(command.meta().commandId(), pipeline);
    if (coordinator.find(runId).isPresent()) {
      // Its answer is forgotten, but the run is not: doing it again would send letters twice.
      answer(command, null, runId, now);
      return;
    }
    if (command.takesSlot() && pipeline != null) {
      Optional<Run> running = rows.slot(pipeline).flatMap(coordinator::find);
      if (running.isPresent()) {
        answer(command, inProgress(pipeline, running.get()), running.get().id(), now);
        return;
      }
      rows.takeSlot(pipeline, runId);
    }
    RunSpec spec =
        new RunSpec(
            runId, command, now, parts.pipelines().rate(command), parts.pipelines().partitions());
    coordinator.begin(Run.accepted(spec, now));
    answer(command, null, runId, now);
    for (int to = 0; to < spec.partitions(); to++) {
      output.run(to, new RunEntry.Select(share(runId, command, to)), now);
    }
  }

  void control(RunControl command, long now) {
    if (answeredBefore(command, now)) {
      return;
    }
    Run run = coordinator.find(command.runId()).orElse(null);
    if (run == null) {
      answer(
          command, new Refusal(Code.UNKNOWN_RUN, "there is no run " + command.runId()), null, now);
      return;
    }
    boolean cancel = command.verb() == RunControl.Verb.CANCEL;
    Run next = cancel ? run.cancelled(now) : run.resumed(now);
    if (next == null) {
      answer(command, cancel ? ended(run) : notHalted(run), run.id(), now);
      return;
    }
    if (cancel) {
      parts.cancelled().add(run.id(), now);
    }
    answer(command, null, run.id(), now);
    coordinator.changed(run, next, command.meta(), now);
  }

  /** What one partition is told: of letters that are named, its own only. */
  private ShareSpec share(String runId, RunCommand command, int to) {
    RunTarget target = command.target();
    if (!(target instanceof RunTarget.Picked picked)) {
      return new ShareSpec(runId, command, null);
    }
    int partitions = parts.pipelines().partitions();
    List<LetterId> own = new ArrayList<>();
    for (LetterId letter : picked.letters()) {
      if (LedgerPartitioner.partition(letter, partitions) == to) {
        own.add(letter);
      }
    }
    return new ShareSpec(runId, command.on(new RunTarget.Matching(target.filter())), own);
  }

  private boolean answeredBefore(Command command, long now) {
    Optional<CommandSeen> before = letters.command(command.meta().commandId());
    if (before.isEmpty() || before.get().forgetAt() <= now) {
      return false;
    }
    Answer first = before.get().answer();
    output.result(
        new Answer(
            first.commandId(),
            command.meta().requestId(),
            first.refusal(),
            true,
            first.letter(),
            first.runId(),
            first.seen()),
        now);
    return true;
  }

  private void answer(
      Command command, @Nullable Refusal refusal, @Nullable String runId, long now) {
    Seen seen = refusal == null ? new Seen(partition, letters.markChange()) : null;
    Answer answer =
        new Answer(
            command.meta().commandId(),
            command.meta().requestId(),
            refusal,
            false,
            null,
            runId,
            seen);
    letters.remember(new CommandSeen(answer, now + MEMORY.toMillis()));
    (refusal == null ? parts.figures().commandsAccepted : parts.figures().commandsRejected)
        .increment();
    output.answer(answer, command, null, now);
    LOGGER
        .atInfo()
        .addKeyValue("command_id", answer.commandId())
        .addKeyValue("run_id", runId == null ? "none" : runId)
        .addKeyValue("type", command.word())
        .addKeyValue("answer", refusal == null ? "accepted" : refusal.code())
        .log("a command on a run is answered");
  }

  private static Refusal inProgress(String pipeline, Run running) {
    return new Refusal(
        Code.RUN_IN_PROGRESS,
        "run "
            + running.id()
            + " of pipeline "
            + pipeline
            + " is "
            + running.state().word()
            + "; wait for its end, or cancel it");
  }

  private static Refusal ended(Run run) {
    return new Refusal(
        Code.RUN_ENDED, "run " + run.id() + " is " + run.state().word() + " already");
  }

  private static Refusal notHalted(Run run) {
    return new Refusal(
        Code.RUN_NOT_HALTED,
        "run " + run.id() + " is " + run.state().word() + "; only a halted run is resumed");
  }
}
