// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.command;

import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.LetterId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which letters a run is about. Of all of these only those that fit {@link #filter}. */
public sealed interface RunTarget {

  /** More letters than this are not named one by one. */
  int MAX_PICKED = 10_000;

  LetterFilter filter();

  /** Letters that are named one by one; none twice. */
  record Picked(List<LetterId> letters, LetterFilter filter) implements RunTarget {
    public Picked {
      letters = List.copyOf(new LinkedHashSet<>(letters));
    }
  }

  /** All letters that fit. */
  record Matching(LetterFilter filter) implements RunTarget {}

  /**
   * All letters that fit; where the filter itself names pipelines and records, those letters, so
   * that nothing has to be searched.
   */
  static RunTarget of(LetterFilter filter) {
    Set<String> pipelines = filter.values(Attribute.PIPELINE);
    Set<String> records = filter.values(Attribute.RECORD);
    long pairs = (long) pipelines.size() * records.size();
    if (pairs == 0 || pairs > MAX_PICKED) {
      return new Matching(filter);
    }
    List<LetterId> letters = new ArrayList<>();
    pipelines.forEach(
        pipeline -> records.forEach(record -> letters.add(LetterId.of(pipeline, record))));
    return new Picked(letters, filter);
  }

  /** The pipeline of all these letters, where it is certain that there is only one. */
  default Optional<String> onlyPipeline() {
    Set<String> pipelines = filter().values(Attribute.PIPELINE);
    return pipelines.size() == 1 ? pipelines.stream().findFirst() : Optional.empty();
  }

  /** Whether it is all that one pipeline has to replay. */
  default boolean isWholePipeline() {
    Set<String> status = filter().values(Attribute.STATUS);
    return this instanceof Matching
        && onlyPipeline().isPresent()
        && (status.isEmpty() || status.contains("pending"))
        && filter().with(Attribute.PIPELINE, Set.of()).with(Attribute.STATUS, Set.of()).all();
  }
}
