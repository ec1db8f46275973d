// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.RunEntry;
import dev.redrive.filter.DetailView;
import dev.redrive.filter.LetterMatcher;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState.Retrying;
import dev.redrive.run.Allowance;
import dev.redrive.run.Share;
import dev.redrive.run.ShareSpec;
import dev.redrive.run.Sums;
import dev.redrive.topology.LedgerRows.Stored;
import dev.redrive.topology.ShareBook.Held;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Works through this partition's shares of runs, a bounded step at a time, several in turn. */
final class ShareDesk {
  /** More rounds than this make no step, whatever the clock says. */
  private static final int MAX_ROUNDS = 50;

  private static final int FORGOTTEN_PER_STEP = 500;

  /** Of the thread's time, for all its tasks in one of the steps that come every 20 ms. */
  private static final long ROUND_MS = 12;

  private final ShareBook book;
  private final RunRows rows;
  private final LedgerRows letters;
  private final LedgerOutput output;
  private final ShareWork work;
  private final DetailView masked;
  private final int partition;
  private final Set<String> forgetting = new HashSet<>();
  private int turn;

  /**
   * Begins for one init of a task.
   *
   * @param masked what a filter looks at whose asker may not see through masks
   */
  ShareDesk(
      ShareBook book,
      RunRows rows,
      LedgerRows letters,
      LedgerOutput output,
      ShareWork work,
      DetailView masked,
      int partition) {
    this.book = book;
    this.rows = rows;
    this.letters = letters;
    this.output = output;
    this.work = work;
    this.masked = masked;
    this.partition = partition;
    for (ShareSpec spec : rows.shares()) {
      if (rows.isForgotten(spec.runId())) {
        forgetting.add(spec.runId());
      }
    }
  }

  /** A run begins: from here on what changes is no longer in its set. */
  void select(ShareSpec spec, long now) {
    if (rows.shareSpec(spec.runId()).isPresent()) {
      return;
    }
    Share share = Share.selected(letters.lastChange());
    List<LetterId> picked = spec.picked();
    if (picked == null) {
      book.begin(spec, share);
      return;
    }
    LetterMatcher matcher = LetterMatcher.of(spec.command().target().filter(), masked);
    List<Ordered> found = new ArrayList<>();
    List<LetterId> unknown = new ArrayList<>();
    List<LetterId> busy = new ArrayList<>();
    for (LetterId id : picked) {
      Stored stored = letters.letter(id);
      if (stored == null
          || !matcher.fits(stored.head())
          || (matcher.needsDetail() && !matcher.fits(stored.head(), stored.detail()))) {
        unknown.add(id);
      } else if (stored.head().state() instanceof Retrying) {
        busy.add(id);
      } else {
        found.add(new Ordered(id, stored.head()));
      }
    }
    found.sort(Ordered.OLDEST_FIRST);
    if (spec.command().options().newestFirst()) {
      Collections.reverse(found);
    }
    ShareSpec ordered =
        new ShareSpec(spec.runId(), spec.command(), found.stream().map(Ordered::id).toList());
    Share counted =
        share
            .matchedButSkipped(Sums.UNKNOWN, unknown.size())
            .matchedButSkipped(Sums.IN_OTHER_RUN, busy.size());
    // A dry run looks at each of them in its steps.
    counted = spec.dryRun() ? counted : counted.matched(found.size()).countedAll(false);
    Held held = book.begin(ordered, counted);
    unknown.forEach(id -> book.refused(held, id, Sums.UNKNOWN, now));
    busy.forEach(id -> book.refused(held, id, Sums.IN_OTHER_RUN, now));
  }

  /** The coordinator has spoken. */
  void allowed(RunEntry.Allowed entry, long now) {
    Held held = book.find(entry.runId());
    if (held == null) {
      return;
    }
    if (entry.allowance() instanceof Allowance.Forget) {
      rows.beginForgetting(entry.runId());
      book.drop(entry.runId());
      forgetting.add(entry.runId());
      return;
    }
    book.update(held, held.share().told(entry.allowance(), now));
    book.save(held);
  }

  /** One step: as long as there is time and something to do. */
  void step(long now) {
    forgetSome();
    if (book.isIdle()) {
      return;
    }
    StepTime time = StepTime.ofThread();
    if (time.begin(this, now, ROUND_MS)) {
      work.begin(now);
      List<Held> turns = inTurn();
      boolean more = true;
      for (int round = 0; more && round < MAX_ROUNDS; round++) {
        more = round(turns, now, time);
      }
      time.end(this);
    }
  }

  /** Whether there is anything to do in steps. */
  boolean isIdle() {
    return book.isIdle() && forgetting.isEmpty();
  }

  /** Gives each of the highest rank that has something to do one chunk; true: there may be more. */
  private boolean round(List<Held> turns, long now, StepTime time) {
    int rank = Integer.MIN_VALUE;
    boolean more = false;
    for (Held held : turns) {
      if (held.spec().rank() < rank && more) {
        return true;
      }
      rank = held.spec().rank();
      // A run that finds the step used up must not be touched: its row would be written for
      // nothing, or with what it has not done.
      more |= work.chunk(held, now);
      if (time.isOver()) {
        return false;
      }
    }
    return more;
  }

  /** The task is closed: the others of its thread have more time. */
  void close() {
    StepTime.ofThread().forget(this);
  }

  private List<Held> inTurn() {
    List<Held> turns = book.open();
    Collections.rotate(turns, -(turn++ % Math.max(1, turns.size())));
    turns.sort(Comparator.comparingInt((Held held) -> -held.spec().rank()));
    return turns;
  }

  /** Tells the coordinators what has changed since they were told. */
  void report(long now) {
    for (Held held : book.open()) {
      book.update(held, held.share().lapsed(now));
      book.save(held);
      if (book.takeUnreported(held)) {
        output.run(
            RunIds.home(held.runId()),
            new RunEntry.Reported(held.runId(), held.share().report(partition, held.heldUp())),
            now);
      }
    }
  }

  private void forgetSome() {
    if (!forgetting.isEmpty()) {
      String runId = forgetting.iterator().next();
      if (rows.forget(runId, FORGOTTEN_PER_STEP)) {
        forgetting.remove(runId);
      }
    }
  }

  /** A letter where it stands in the order. */
  private record Ordered(LetterId id, LetterHead head) {
    static final Comparator<Ordered> OLDEST_FIRST =
        Comparator.<Ordered>comparingLong(o -> o.head.facts().failedAt())
            .thenComparing(Ordered::id);
  }
}
