// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.store.LetterPage;
import dev.redrive.store.LetterQuery;
import dev.redrive.store.PageQuery;
import dev.redrive.store.Totals;
import dev.redrive.store.TotalsQuery;
import dev.redrive.topology.LedgerPartitioner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reads letters from the partitions that have them and merges what they say. A partition that does
 * not answer is asked again until the wait is over; what is missing even then is named.
 */
public final class LetterReader {
  /** What all partitions together may do for a page; one instance may have them all. */
  private static final int WORK = 4 * PageQuery.DEFAULT_WORK;

  private static final int LEAST_WORK = PageQuery.DEFAULT_WORK / 10;

  private final Partitions partitions;
  private final Duration wait;

  /**
   * @param wait how long a partition that is moving or being restored is waited for
   */
  public LetterReader(Partitions partitions, Duration wait) {
    this.partitions = partitions;
    this.wait = wait;
  }

  /** The letter of this id; empty: there is none. */
  public Reading<Optional<Letter>> letter(LetterId id) {
    Gathering gathering = new Gathering(partitions, wait);
    int owner = LedgerPartitioner.partition(id, partitions.count());
    List<Optional<Letter>> answers = gathering.ask(new LetterQuery(id), Set.of(owner));
    return gathering.reading(answers);
  }

  /**
   * A page of letters in the walk's order, and where the walk goes on.
   *
   * @param limit letters at most, from 1
   * @param allowPartial whether partitions may be missing from the answer, though not all of them
   */
  public Reading<LetterList> page(LetterFilter filter, Walk walk, int limit, boolean allowPartial) {
    Gathering gathering = new Gathering(partitions, wait);
    List<LetterPage> pages = gathering.ask(query(filter, walk, limit), all());
    return gathering.reading(PageMerge.of(pages, walk, limit), allowPartial);
  }

  /**
   * A page of letters that are wanted for one reason or another, each once.
   *
   * @param limit letters at most, from 1
   */
  public Reading<LetterList> page(Wanted wanted, Walk walk, int limit) {
    Gathering gathering = new Gathering(partitions, wait);
    List<LetterPage> pages = new ArrayList<>();
    for (LetterFilter filter : wanted.anyOf()) {
      pages.addAll(gathering.ask(query(filter, walk, limit), all()));
    }
    for (LetterId id : wanted.named()) {
      int owner = LedgerPartitioner.partition(id, partitions.count());
      gathering.ask(new LetterQuery(id), Set.of(owner)).stream()
          .flatMap(Optional::stream)
          .filter(walk::reaches)
          .forEach(letter -> pages.add(new LetterPage(List.of(letter), null)));
    }
    return gathering.reading(PageMerge.of(pages, walk, limit), false);
  }

  /**
   * How many letters fit the filter.
   *
   * @param allowPartial whether partitions may be missing from the answer, though not all of them
   */
  public Reading<LetterTotals> totals(LetterFilter filter, boolean allowPartial) {
    Gathering gathering = new Gathering(partitions, wait);
    List<Totals> parts = gathering.ask(new TotalsQuery(filter.since(), filter.until()), all());
    return gathering.reading(sum(parts, filter.values(Attribute.PIPELINE)), allowPartial);
  }

  private PageQuery query(LetterFilter filter, Walk walk, int limit) {
    return new PageQuery(
        filter.between(filter.since(), walk.until(filter.until())),
        walk.oldestFirst(),
        walk.after(),
        limit,
        Math.max(LEAST_WORK, WORK / partitions.count()));
  }

  private Set<Integer> all() {
    return IntStream.range(0, partitions.count()).boxed().collect(Collectors.toSet());
  }

  private static LetterTotals sum(List<Totals> parts, Set<String> pipelines) {
    Map<LetterTotals.Cell, Long> sums = new HashMap<>();
    for (Totals part : parts) {
      part.counts()
          .forEach(
              (cell, count) -> {
                if (pipelines.isEmpty() || pipelines.contains(cell.pipelineId())) {
                  var key =
                      new LetterTotals.Cell(cell.pipelineId(), cell.errorCode(), cell.status());
                  sums.merge(key, count, Long::sum);
                }
              });
    }
    return new LetterTotals(sums);
  }
}
