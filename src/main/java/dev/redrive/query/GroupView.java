// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.letter.FailureGroup;
import dev.redrive.letter.FailureGroup.State;
import dev.redrive.letter.LetterId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A failure group as a reader sees it.
 *
 * @param known what is known of it as a whole; null: not yet, its letters came just now
 * @param counts letters by pipeline, of those that the reader sees
 * @param lastSeen time of the last failure in it, epoch milliseconds
 * @param sample the letter that failed last; null: there is none
 */
public record GroupView(
    String id,
    @Nullable FailureGroup known,
    Map<String, Long> counts,
    long lastSeen,
    @Nullable LetterId sample) {

  public GroupView {
    counts = Map.copyOf(counts);
  }

  public long count() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Epoch milliseconds. */
  public long firstSeen() {
    return known == null ? lastSeen : known.firstSeen();
  }

  /**
   * How to call it.
   *
   * @param shortTime how long it is news, milliseconds
   */
  public State state(long now, long shortTime) {
    return known == null ? State.NEW : known.state(now, shortTime);
  }
}
