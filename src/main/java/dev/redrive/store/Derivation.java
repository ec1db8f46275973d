// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects what follows from changed rows: index rows and counters. */
final class Derivation {
  private final Batch batch;
  private final Set<String> arrivals;
  private final KeyWriter out = new KeyWriter();
  private final CounterChanges counters = new CounterChanges();
  private final IndexChanges index = new IndexChanges();
  private long letters;

  /**
   * Begins.
   *
   * @param arrivals the pipelines of the {@link ArrivalIndex}
   */
  Derivation(Batch batch, Set<String> arrivals) {
    this.batch = batch;
    this.arrivals = arrivals;
  }

  void letter(LetterId id, @Nullable LetterHead before, @Nullable LetterHead after) {
    index.letter(id, before, after);
    replace(datedOf(id, before), datedOf(id, after));
    if (before != null) {
      count(before, -1);
    }
    if (after != null) {
      count(after, 1);
    }
  }

  /** A row that {@link DueIndex#has} a deadline. */
  void dated(byte[] key, byte @Nullable [] before, byte @Nullable [] after) {
    replace(
        before == null ? List.of() : List.of(DueIndex.ofRow(key, before, out)),
        after == null ? List.of() : List.of(DueIndex.ofRow(key, after, out)));
  }

  /** By how much the number of letters changed. */
  long letters() {
    return letters;
  }

  /** Adds the lists' rows to the batch, once all letters were told. */
  void writeIndex() {
    index.writeTo(batch);
  }

  /**
   * Adds the counters that changed to the batch, once all rows were told.
   *
   * @param stored reads a counter row as it is on disk
   */
  void writeCounters(CounterNames names, Function<byte[], byte @Nullable []> stored) {
    counters.writeTo(batch, names, stored);
  }

  private List<DerivedRow> datedOf(LetterId id, @Nullable LetterHead head) {
    if (head == null) {
      return List.of();
    }
    List<DerivedRow> rows = new ArrayList<>();
    DueIndex.rowsOf(id, head, out, rows);
    ArrivalIndex.rowsOf(id, head, arrivals, out, rows);
    return rows;
  }

  /** What stays the same is not written again. */
  private void replace(List<DerivedRow> before, List<DerivedRow> after) {
    for (DerivedRow old : before) {
      if (find(old, after) == null) {
        batch.delete(Family.INDEX, old.key());
      }
    }
    for (DerivedRow row : after) {
      DerivedRow old = find(row, before);
      if (old == null || !old.sameValue(row)) {
        batch.put(Family.INDEX, row.key(), row.value());
      }
    }
  }

  private static @Nullable DerivedRow find(DerivedRow like, List<DerivedRow> rows) {
    for (DerivedRow row : rows) {
      if (row.sameKey(like)) {
        return row;
      }
    }
    return null;
  }

  private void count(LetterHead head, int by) {
    letters += by;
    counters.count(head, by);
  }
}
