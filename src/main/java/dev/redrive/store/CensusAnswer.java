// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.Effect;
import dev.redrive.codec.RowKey;
import dev.redrive.codec.RunRow;
import dev.redrive.letter.LetterState.Status;
import dev.redrive.run.RunState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the counters of all time, the last row of the pending letters' list, how runs are, and what
 * is under way outside the stream.
 */
final class CensusAnswer {
  private final View view;

  private CensusAnswer(View view) {
    this.view = view;
  }

  static Census of(View view) {
    CensusAnswer answer = new CensusAnswer(view);
    return new Census(
        answer.letters(),
        answer.groups(),
        answer.oldestPending(),
        answer.runs(),
        answer.callbacks());
  }

  private Map<Census.Kept, Long> letters() {
    Map<Census.Kept, Long> letters = new HashMap<>();
    WindowCounts.ofAll(
        view,
        Counted.PIPELINE,
        (name, counts) -> {
          for (Status status : Status.values()) {
            if (counts[Listed.bitsOf(status)] != 0) {
              letters.put(
                  new Census.Kept(name.pipelineId(), status), counts[Listed.bitsOf(status)]);
            }
          }
        });
    return letters;
  }

  private Set<Census.FailureGroup> groups() {
    Set<Census.FailureGroup> groups = new HashSet<>();
    WindowCounts.ofAll(
        view,
        Counted.GROUP,
        (name, counts) -> {
          if (groups.size() < Census.MOST_GROUPS) {
            String group = Objects.requireNonNull(name.value(), "a group's id");
            groups.add(new Census.FailureGroup(name.pipelineId(), group));
          }
        });
    return groups;
  }

  private @Nullable Long oldestPending() {
    byte[] prefix = LetterIndex.STATUS.prefix("pending");
    @Nullable Long[] oldest = {null};
    view.scan(
        Family.INDEX,
        prefix,
        KeyRange.afterAll(prefix),
        true,
        (key, value) -> {
          oldest[0] = LetterIndex.positionIn(key, prefix.length).failedAt();
          return false;
        });
    return oldest[0];
  }

  private int callbacks() {
    int[] found = {0};
    view.scan(
        Family.ROWS,
        new byte[] {RowKey.EFFECT},
        new byte[] {RowKey.EFFECT + 1},
        false,
        (key, value) -> {
          if (Effect.decode(value).work() instanceof Effect.Callback) {
            found[0]++;
          }
          return found[0] < Census.MOST_CALLBACKS;
        });
    return found[0];
  }

  private Map<String, Long> runs() {
    Map<String, Long> runs = new HashMap<>();
    view.scan(
        Family.ROWS,
        new byte[] {RowKey.RUN},
        new byte[] {RowKey.RUN + 1},
        false,
        (key, value) -> {
          if (RowKey.part(key) == RowKey.PROGRESS) {
            RunState state = RunRow.decodeProgress(value).state();
            if (!state.ended()) {
              runs.merge(state.word(), 1L, Long::sum);
            }
          }
          return true;
        });
    return runs;
  }
}
