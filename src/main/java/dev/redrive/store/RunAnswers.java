// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.JournalRow;
import dev.redrive.codec.RowKey;
import dev.redrive.codec.RunRow;
import dev.redrive.filter.Attribute;
import dev.redrive.run.JournalLine;
import dev.redrive.run.Part;
import dev.redrive.run.Run;
import dev.redrive.run.RunSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Answers queries about runs from one consistent state. */
final class RunAnswers {

  private RunAnswers() {}

  static Optional<Run> run(View view, String runId) {
    byte[] spec = view.get(Family.ROWS, RowKey.runSpec(runId));
    return spec == null ? Optional.empty() : run(view, RunRow.decodeSpec(spec));
  }

  static List<Run> runs(View view, RunsQuery query) {
    List<Run> runs = new ArrayList<>();
    view.scan(
        Family.ROWS,
        new byte[] {RowKey.RUN},
        new byte[] {RowKey.RUN + 1},
        false,
        (key, value) -> {
          if (RowKey.part(key) == RowKey.SPEC) {
            run(view, RunRow.decodeSpec(value))
                .filter(run -> wanted(run, query))
                .ifPresent(runs::add);
          }
          return true;
        });
    runs.sort(Comparator.comparing(RunsQuery.Position::of));
    return new ArrayList<>(runs.subList(0, Math.min(query.limit(), runs.size())));
  }

  static RunLetters letters(View view, RunLettersQuery query) {
    byte[] prefix = RowKey.journal(query.runId());
    byte[] from =
        query.after() == null
            ? prefix
            : KeyRange.after(RowKey.journal(query.runId(), query.after()));
    List<RunLetters.Entry> letters = new ArrayList<>();
    boolean[] more = {false};
    view.scan(
        Family.ROWS,
        from,
        KeyRange.afterAll(prefix),
        false,
        (key, value) -> {
          JournalLine line = JournalRow.decode(value);
          if (query.outcome() == null || query.outcome() == line.outcome()) {
            more[0] = letters.size() == query.limit();
            if (!more[0]) {
              letters.add(new RunLetters.Entry(RowKey.journalLetter(key), line));
            }
          }
          return !more[0];
        });
    return new RunLetters(letters, more[0]);
  }

  private static boolean wanted(Run run, RunsQuery query) {
    RunsQuery.Position before = query.before();
    Set<String> about = run.spec().command().target().filter().values(Attribute.PIPELINE);
    boolean within =
        query.pipelines().isEmpty() || (!about.isEmpty() && query.pipelines().containsAll(about));
    return within
        && (query.status().isEmpty() || query.status().contains(run.state().word()))
        && (before == null || RunsQuery.Position.of(run).compareTo(before) > 0);
  }

  private static Optional<Run> run(View view, RunSpec spec) {
    byte[] progress = view.get(Family.ROWS, RowKey.runProgress(spec.id()));
    if (progress == null) {
      return Optional.empty();
    }
    List<Part> parts = new ArrayList<>();
    for (int partition = 0; partition < spec.partitions(); partition++) {
      byte[] part = view.get(Family.ROWS, RowKey.runPart(spec.id(), partition));
      parts.add(part == null ? Part.unheard(partition) : RunRow.decodePart(part));
    }
    return Optional.of(new Run(spec, RunRow.decodeProgress(progress), parts));
  }
}
