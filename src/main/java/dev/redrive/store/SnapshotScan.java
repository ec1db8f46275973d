// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.filter.DetailView;
import dev.redrive.filter.LetterMatcher;
import dev.redrive.letter.Letter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/**
 * Letters of one snapshot of the store. The database closes it, if nobody did, before it closes
 * itself.
 */
final class SnapshotScan implements LetterScan {
  /** Bytes of rows that are read together, unless one row alone is larger. */
  private static final long BYTES_TOGETHER = 256 * 1024;

  private static final int MOST_TOGETHER = 64;

  /** Index rows that are looked at in one go where hardly a letter fits. */
  private static final int ROWS_TOGETHER = 10_000;

  private final View view;
  private final LetterMatcher matcher;
  private final RowFilter rowFilter;
  private final IndexRows rows;
  private final long until;
  private final Consumer<SnapshotScan> onClose;
  private int together = 1;
  private boolean ended;
  private boolean closed;

  /**
   * Takes over the view.
   *
   * @param masked what a filter that is masked looks at
   * @param onClose called once
   */
  SnapshotScan(View view, ScanQuery query, DetailView masked, Consumer<SnapshotScan> onClose) {
    this.view = view;
    this.until = query.until();
    this.onClose = onClose;
    try {
      this.matcher = LetterMatcher.of(query.filter(), masked);
      Plan plan = Plan.of(view, query.filter(), false, null);
      this.rowFilter = new RowFilter(query.filter(), plan.list());
      this.rows = new IndexRows(view, plan.ranges(), false);
    } catch (RuntimeException e) {
      view.close();
      throw e;
    }
  }

  @Override
  public synchronized List<Letter> next() {
    if (closed) {
      throw new InvalidStateStoreException(
          "The letters are not readable any more: the partition moved, or reading took too long");
    }
    List<PagePosition> candidates = new ArrayList<>(together);
    int before = rows.visited();
    while (candidates.size() < together && rows.visited() - before < ROWS_TOGETHER) {
      if (!rows.next()) {
        ended = true;
        break;
      }
      PagePosition position = rows.position();
      if (position != null && rowFilter.mayFit(rows.value())) {
        candidates.add(position);
      }
    }
    List<Fitting> fitting = Fitting.among(view, candidates, matcher);
    adapt(fitting);
    return fitting.stream().map(Fitting::letter).toList();
  }

  @Override
  public synchronized boolean ended() {
    return ended;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      rows.close();
      view.close();
      onClose.accept(this);
    }
  }

  boolean isOverdue(long now) {
    return now >= until;
  }

  private void adapt(List<Fitting> read) {
    long bytes = read.stream().mapToLong(Fitting::size).sum();
    if (bytes > BYTES_TOGETHER) {
      together = Math.max(1, (int) (together * BYTES_TOGETHER / bytes));
    } else if (bytes * 2 < BYTES_TOGETHER) {
      together = Math.min(MOST_TOGETHER, together * 2);
    }
  }
}
