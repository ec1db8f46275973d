// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import dev.redrive.letter.LetterId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One partition's part in a run: what it has counted, tried and heard, and what it may still do.
 *
 * <p>The set is frozen by {@code cut}, the number of the partition's last change when it learned of
 * the run: a letter with a higher number has changed since. So the walk needs no list of letters,
 * only the place that it has got to, and a letter that the run itself has sent is never met as
 * unchanged again.
 *
 * @param counted whether all that match are counted; only then anything is sent
 * @param walked whether all were tried, or the run was cancelled
 * @param cursor how far the walk has got; null: at the start
 * @param met letters that another run had when their turn came
 * @param allowed how many replays were ever allowed
 * @param consumed how many of those are sent or void
 * @param lapsesAt when what is allowed is void, epoch milliseconds
 * @param deferred letters whose retry topic is being looked up
 * @param plan what a dry run has found so far
 */
public record Share(
    long cut,
    boolean counted,
    boolean walked,
    @Nullable Place cursor,
    Sums sums,
    long met,
    long allowed,
    long consumed,
    long lapsesAt,
    boolean unlimited,
    List<LetterId> deferred,
    SortedMap<PlanCell, Long> plan) {

  /** What is allowed is for one slice of time. */
  public static final long SLICE_MS = 1_000;

  /** More letters than this are not put off: the walk waits. */
  public static final int MAX_DEFERRED = 200;

  public Share {
    deferred = List.copyOf(deferred);
    plan = Collections.unmodifiableSortedMap(new TreeMap<>(plan));
  }

  /** A share that knows nothing yet but where its partition stands. */
  public static Share selected(long cut) {
    return new Share(
        cut, false, false, null, Sums.NONE, 0, 0, 0, 0, false, List.of(), new TreeMap<>());
  }

  /** Whether it has something to do without being allowed anything. */
  public boolean counting() {
    return !counted && !walked;
  }

  /** Whether nothing will happen any more but late news. */
  public boolean done() {
    return walked && sums.outstanding() == 0;
  }

  /** How many replays it may send now. */
  public long permitted(long now) {
    if (!counted || walked) {
      return 0;
    }
    if (unlimited) {
      return Long.MAX_VALUE;
    }
    return now >= lapsesAt ? 0 : allowed - consumed;
  }

  /** So many letters more belong to the set. */
  public Share matched(long count) {
    return with(sums.matched(count));
  }

  /** So many letters are meant, but are skipped. */
  public Share matchedButSkipped(String reason, long count) {
    return with(sums.matched(count).skipped(reason, count));
  }

  /** A letter that a dry run has looked at. */
  public Share planned(PlanCell cell) {
    TreeMap<PlanCell, Long> more = new TreeMap<>(plan);
    more.merge(cell, 1L, Long::sum);
    Share matched = matched(1);
    return matched.copy(
        matched.cursor, matched.sums, met, consumed, matched.deferred, more, counted, walked);
  }

  /**
   * All that match are counted.
   *
   * @param dryRun counting was all there is to do
   */
  public Share countedAll(boolean dryRun) {
    boolean all = dryRun || sums.left() == 0;
    return copy(null, sums, met, all ? allowed : consumed, deferred, plan, true, all);
  }

  /** The walk has got past this letter. */
  public Share at(Place place) {
    return copy(place, sums, met, consumed, deferred, plan, counted, walked);
  }

  /** Sent to its retry topic. */
  public Share sent() {
    return copy(
        cursor,
        sums.replayed(1),
        met,
        unlimited ? consumed : consumed + 1,
        deferred,
        plan,
        counted,
        walked);
  }

  public Share discarded() {
    return with(sums.by(LetterOutcome.DISCARDED, 1));
  }

  public Share refused(String reason) {
    return with(sums.skipped(reason, 1));
  }

  /** Another run had it at its turn. */
  public Share metOther() {
    return copy(cursor, sums, met + 1, consumed, deferred, plan, counted, walked);
  }

  /** Its retry topic is being looked up; the others go on. */
  public Share putOff(LetterId letter) {
    List<LetterId> more = new ArrayList<>(deferred);
    more.add(letter);
    return withDeferred(more);
  }

  public Share withDeferred(List<LetterId> letters) {
    return copy(cursor, sums, met, consumed, letters, plan, counted, walked);
  }

  /** What has changed since it was counted is known only at the end: it is what was not met. */
  public Share walkedAll() {
    long missing = Math.max(0, sums.left());
    long others = Math.min(met, missing);
    Sums all = sums.skipped(Sums.IN_OTHER_RUN, others).skipped(Sums.CHANGED, missing - others);
    return copy(cursor, all, met, allowed, List.of(), plan, true, true);
  }

  /**
   * News of a letter that was sent.
   *
   * @param inferred whether nobody told it
   */
  public Share settled(LetterOutcome before, LetterOutcome now, boolean inferred) {
    Sums moved = sums.moved(before, now);
    return with(inferred && now == LetterOutcome.SUCCEEDED ? moved.inferredOne() : moved);
  }

  /** The coordinator has spoken. */
  public Share told(Allowance allowance, long now) {
    Share current = lapsed(now);
    if (allowance instanceof Allowance.Some some) {
      return new Share(
          cut,
          counted,
          walked,
          cursor,
          sums,
          met,
          current.allowed + some.count(),
          walked ? current.allowed + some.count() : current.consumed,
          now + SLICE_MS,
          false,
          deferred,
          plan);
    }
    if (allowance instanceof Allowance.Stop) {
      return walked ? this : stopped();
    }
    return new Share(
        cut,
        counted,
        walked,
        cursor,
        sums,
        met,
        allowed,
        allowed,
        0,
        allowance instanceof Allowance.Unlimited,
        deferred,
        plan);
  }

  /** The same where what was allowed has not lapsed; else it is void. */
  public Share lapsed(long now) {
    return now < lapsesAt || consumed == allowed
        ? this
        : copy(cursor, sums, met, allowed, deferred, plan, counted, walked);
  }

  /**
   * What the coordinator is told.
   *
   * @param heldUp as of {@link ShareReport}
   */
  public ShareReport report(int partition, SortedMap<String, Long> heldUp) {
    return new ShareReport(partition, counted, walked, sums, consumed, plan, heldUp);
  }

  private Share stopped() {
    Sums all = sums.skipped(Sums.CANCELLED, Math.max(0, sums.left()));
    return copy(cursor, all, met, allowed, List.of(), plan, counted, true);
  }

  private Share with(Sums changed) {
    return copy(cursor, changed, met, consumed, deferred, plan, counted, walked);
  }

  private Share copy(
      @Nullable Place place,
      Sums counts,
      long others,
      long used,
      List<LetterId> letters,
      SortedMap<PlanCell, Long> cells,
      boolean isCounted,
      boolean isWalked) {
    return new Share(
        cut, isCounted, isWalked, place, counts, others, allowed, used, lapsesAt, unlimited,
        letters, cells);
  }
}
