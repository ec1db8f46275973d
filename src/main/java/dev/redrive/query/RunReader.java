// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.letter.LetterId;
import dev.redrive.run.LetterOutcome;
import dev.redrive.run.Run;
import dev.redrive.store.RunLetters;
import dev.redrive.store.RunLettersQuery;
import dev.redrive.store.RunQuery;
import dev.redrive.store.RunsQuery;
import dev.redrive.topology.RunIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads runs and their journals from the partitions that have them, and merges what they say. */
public final class RunReader {
  private final Partitions partitions;
  private final Duration wait;

  /**
   * @param wait how long a partition that is moving or being restored is waited for
   */
  public RunReader(Partitions partitions, Duration wait) {
    this.partitions = partitions;
    this.wait = wait;
  }

  /** The run of this id; empty: there is none. */
  public Reading<Optional<Run>> run(String runId) {
    Gathering gathering = new Gathering(partitions, wait);
    int owner = RunIds.partition(runId, partitions.count());
    List<Optional<Run>> answers = gathering.ask(new RunQuery(runId), Set.of(owner));
    return gathering.reading(answers);
  }

  /**
   * Runs, the newest first.
   *
   * @param status only those in one of these states, by word; empty: any
   * @param pipelines only those that are about these pipelines alone; empty: any
   * @param after where the page before ended; null: from the start
   */
  public Reading<List<Run>> runs(
      Set<String> status,
      Set<String> pipelines,
      RunsQuery.@Nullable Position after,
      int limit,
      boolean allowPartial) {
    Gathering gathering = new Gathering(partitions, wait);
    List<Run> all = new ArrayList<>();
    gathering.ask(new RunsQuery(status, pipelines, after, limit), all()).forEach(all::addAll);
    all.sort(Comparator.comparing(RunsQuery.Position::of));
    List<Run> shown = List.copyOf(all.subList(0, Math.min(limit, all.size())));
    return gathering.reading(shown, allowPartial);
  }

  /**
   * What became of a run's letters, by ascending id.
   *
   * @param outcome only letters with this outcome; null: any
   * @param after only letters with a higher id; null: from the start
   */
  public Reading<RunLetters> letters(
      String runId,
      @Nullable LetterOutcome outcome,
      @Nullable LetterId after,
      int limit,
      boolean allowPartial) {
    Gathering gathering = new Gathering(partitions, wait);
    List<RunLetters.Entry> entries = new ArrayList<>();
    boolean more = false;
    for (RunLetters part :
        gathering.ask(new RunLettersQuery(runId, outcome, after, limit), all())) {
      entries.addAll(part.letters());
      more |= part.more();
    }
    entries.sort(Comparator.comparing(RunLetters.Entry::id));
    RunLetters shown =
        new RunLetters(
            entries.subList(0, Math.min(limit, entries.size())), more || entries.size() > limit);
    return gathering.reading(shown, allowPartial);
  }

  private Set<Integer> all() {
    return IntStream.range(0, partitions.count()).boxed().collect(Collectors.toSet());
  }
}
