// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.command.Answer;
import dev.redrive.command.Command;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunControl;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Refusal;
import dev.redrive.run.JournalLine;
import dev.redrive.run.LetterOutcome;
import dev.redrive.run.PlanCell;
import dev.redrive.run.Run;
import dev.redrive.run.RunSpec;
import dev.redrive.run.ShareReport;
import dev.redrive.run.Sums;
import dev.redrive.store.RunLetters;
import dev.redrive.store.RunLettersQuery;
import dev.redrive.store.RunQuery;
import dev.redrive.store.RunsQuery;
import dev.redrive.topology.LedgerPartitioner;
import dev.redrive.topology.RunIds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.streams.query.Query;

/** Runs of a {@link MemoryLedger}: they are counted at once, find nothing, and go on when told. */
final class MemoryRuns {
  private final int partitions;
  private final Map<String, Run> runs = new LinkedHashMap<>();
  final Map<LetterId, JournalLine> journal = new TreeMap<>();
  private final Map<String, RunLetters.Entry> singles = new HashMap<>();

  MemoryRuns(int partitions) {
    this.partitions = partitions;
  }

  void put(Run run) {
    runs.put(run.id(), run);
  }

  /** A letter's replay by its own command was sent. */
  void single(String runId, LetterId letter) {
    singles.put(
        runId,
        new RunLetters.Entry(
            letter, new JournalLine(LetterOutcome.OUTSTANDING, 1, 1, null, false)));
  }

  Sent send(Command command) {
    if (command instanceof RunControl control) {
      Run run = runs.get(control.runId());
      Run next = control.verb() == RunControl.Verb.CANCEL ? run.cancelled(9) : run.resumed(9);
      if (next == null) {
        return answer(
            command, new Refusal(Refusal.Code.RUN_NOT_HALTED, "it is not halted"), run.id());
      }
      runs.put(run.id(), next);
      return answer(command, null, run.id());
    }
    RunCommand start = (RunCommand) command;
    String id = "run_" + command.meta().commandId();
    if (runs.containsKey(id)) {
      Answer first = ((Sent.Done) answer(command, null, id)).answer();
      return new Sent.Done(
          new Answer(first.commandId(), first.requestId(), null, true, null, id, null));
    }
    Optional<Run> busy =
        runs.values().stream()
            .filter(run -> !run.state().ended() && run.spec().slot().isPresent())
            .filter(run -> start.takesSlot())
            .filter(run -> run.spec().slot().equals(start.target().onlyPipeline()))
            .findFirst();
    if (busy.isPresent()) {
      return answer(
          command, new Refusal(Refusal.Code.RUN_IN_PROGRESS, "it is running"), busy.get().id());
    }
    Run run =
        Run.accepted(
            new RunSpec(id, start, runs.size() + 1, start.options().rate(), partitions), 1);
    for (int partition = 0; partition < partitions; partition++) {
      TreeMap<PlanCell, Long> plan = new TreeMap<>();
      if (start.options().dryRun()) {
        plan.put(new PlanCell("a", "c", "redrive-retry", null), 1L);
      }
      Sums sums = new Sums(2, new TreeMap<>(Map.of("changed", 1L)), 0, 0, 0, 0, 0, 0);
      run =
          run.reported(new ShareReport(partition, true, false, sums, 0, plan, new TreeMap<>()), 2);
    }
    runs.put(id, run);
    return answer(command, null, id);
  }

  private static Sent answer(Command command, Refusal refusal, String runId) {
    return new Sent.Done(
        new Answer(
            command.meta().commandId(),
            command.meta().requestId(),
            refusal,
            false,
            null,
            runId,
            null));
  }

  /** Empty where the query is about something else. */
  Optional<Object> answer(Query<?> query, int partition) {
    if (query instanceof RunQuery one) {
      return Optional.of(
          Optional.ofNullable(runs.get(one.runId())).filter(run -> isHome(run, partition)));
    }
    if (query instanceof RunsQuery wanted) {
      List<Run> found =
          new ArrayList<>(
              runs.values().stream()
                  .filter(run -> isHome(run, partition))
                  .filter(
                      run ->
                          wanted.status().isEmpty() || wanted.status().contains(run.state().word()))
                  .filter(
                      run ->
                          wanted.pipelines().isEmpty()
                              || run.spec()
                                  .command()
                                  .target()
                                  .onlyPipeline()
                                  .filter(wanted.pipelines()::contains)
                                  .isPresent())
                  .filter(
                      run ->
                          wanted.before() == null
                              || RunsQuery.Position.of(run).compareTo(wanted.before()) > 0)
                  .sorted(Comparator.comparing(RunsQuery.Position::of))
                  .toList());
      return Optional.of(found.subList(0, Math.min(wanted.limit(), found.size())));
    }
    if (query instanceof RunLettersQuery wanted && singles.containsKey(wanted.runId())) {
      RunLetters.Entry only = singles.get(wanted.runId());
      boolean here = LedgerPartitioner.partition(only.id(), partitions) == partition;
      return Optional.of(new RunLetters(here ? List.of(only) : List.of(), false));
    }
    if (query instanceof RunLettersQuery wanted) {
      List<RunLetters.Entry> entries =
          journal.entrySet().stream()
              .filter(e -> LedgerPartitioner.partition(e.getKey(), partitions) == partition)
              .filter(e -> wanted.after() == null || e.getKey().compareTo(wanted.after()) > 0)
              .filter(e -> wanted.outcome() == null || e.getValue().outcome() == wanted.outcome())
              .map(e -> new RunLetters.Entry(e.getKey(), e.getValue()))
              .toList();
      int shown = Math.min(wanted.limit(), entries.size());
      return Optional.of(new RunLetters(entries.subList(0, shown), shown < entries.size()));
    }
    return Optional.empty();
  }

  private boolean isHome(Run run, int partition) {
    return RunIds.partition(run.id(), partitions) == partition;
  }
}
