// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.repartition;

import dev.redrive.codec.RowKey;
import dev.redrive.codec.RunRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** What is under way in a ledger and would be lost if it were left behind. */
final class Unfinished {
  private final Map<Bytes, Boolean> runs = new HashMap<>();
  private final Set<Bytes> effects = new HashSet<>();
  private final Set<Bytes> waiting = new HashSet<>();

  /** Each row is told, in the order of the changelog. */
  void row(byte[] key, byte @Nullable [] value) {
    Bytes row = Bytes.wrap(key);
    if (key[0] == RowKey.RUN && RowKey.part(key) == RowKey.PROGRESS) {
      if (value == null) {
        runs.remove(row);
      } else {
        runs.put(row, RunRow.decodeProgress(value).state().ended());
      }
    } else if (key[0] == RowKey.EFFECT) {
      told(effects, row, value);
    } else if (RowKey.isWaiting(key)) {
      told(waiting, row, value);
    }
  }

  /** Why it can't be moved now, for a person; empty: it can. */
  List<String> reasons() {
    List<String> reasons = new ArrayList<>();
    long open = runs.values().stream().filter(ended -> !ended).count();
    if (open > 0) {
      reasons.add(open + " runs have not ended; wait for them or cancel them");
    }
    if (!effects.isEmpty()) {
      reasons.add(effects.size() + " callbacks or look-ups are under way; wait for them");
    }
    if (!waiting.isEmpty()) {
      reasons.add(waiting.size() + " failures wait to be told apart; that takes ten seconds");
    }
    return reasons;
  }

  private static void told(Set<Bytes> rows, Bytes row, byte @Nullable [] value) {
    if (value == null) {
      rows.remove(row);
    } else {
      rows.add(row);
    }
  }
}
