// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.LetterState.Status;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link CensusQuery}.
 *
 * @param letters how many, where there are any
 * @param groups failure groups that have letters, at most {@link #MOST_GROUPS}
 * @param oldestPending time of the last failure of the pending letter that waits longest, epoch
 *     milliseconds; null: none is pending
 * @param runs how many of those that the partition coordinates are in a state, by its word; ended
 *     ones left out
 * @param callbacks failure callbacks that have not ended, at most {@link #MOST_CALLBACKS}
 */
public record Census(
    Map<Kept, Long> letters,
    Set<FailureGroup> groups,
    @Nullable Long oldestPending,
    Map<String, Long> runs,
    int callbacks) {

  /** More than anybody looks at; without an end a bad grouping would fill the memory. */
  public static final int MOST_GROUPS = 10_000;

  /** They are counted one by one, so there is an end; nobody acts otherwise on more of them. */
  public static final int MOST_CALLBACKS = 10_000;

  /** Letters that are counted together. */
  public record Kept(String pipelineId, Status status) {}

  /** A failure group of one pipeline. */
  public record FailureGroup(String pipelineId, String groupId) {}

  public Census {
    letters = Map.copyOf(letters);
    groups = Set.copyOf(groups);
    runs = Map.copyOf(runs);
  }
}
