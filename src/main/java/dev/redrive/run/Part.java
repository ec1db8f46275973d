// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the coordinator knows of one partition's share.
 *
 * @param order what the partition was last told
 * @param granted how many replays it was ever allowed one by one
 * @param consumed how many of those it has said are sent or void
 * @param waitingSince when it was first allowed something that it has not reported on yet, epoch
 *     milliseconds; null: it owes nothing
 * @param heldUp as of the last {@link ShareReport}
 */
public record Part(
    int partition,
    boolean counted,
    boolean walked,
    Sums sums,
    Order order,
    long granted,
    long consumed,
    @Nullable Long waitingSince,
    SortedMap<PlanCell, Long> plan,
    SortedMap<String, Long> heldUp) {

  /** After so long without a report the others go on alone. */
  static final long SILENT_MS = 3_000;

  /** What a partition was told last. */
  public enum Order {
    HOLD,
    SOME,
    UNLIMITED,
    STOP
  }

  /** Of a partition that has not reported yet. */
  public static Part unheard(int partition) {
    return new Part(
        partition,
        false,
        false,
        Sums.NONE,
        Order.HOLD,
        0,
        0,
        null,
        new TreeMap<>(),
        new TreeMap<>());
  }

  /** Replays that may be out: known ones, and those that it may be sending now. */
  long inFlight() {
    return sums.outstanding() + pending();
  }

  /** What it may send and has not reported on. */
  long pending() {
    return granted - consumed;
  }

  boolean silent(long now) {
    return waitingSince != null && now - waitingSince > SILENT_MS;
  }

  Part granted(long more, long now) {
    Long since = pending() == 0 || waitingSince == null ? (Long) now : waitingSince;
    return new Part(
        partition,
        counted,
        walked,
        sums,
        Order.SOME,
        granted + more,
        consumed,
        since,
        plan,
        heldUp);
  }

  Part told(Order what) {
    return new Part(
        partition, counted, walked, sums, what, granted, consumed, waitingSince, plan, heldUp);
  }

  Part reported(ShareReport report, long now) {
    boolean owes = granted > report.consumed();
    boolean moved = report.consumed() > consumed;
    Long since = owes ? (moved || waitingSince == null ? (Long) now : waitingSince) : null;
    return new Part(
        partition,
        report.counted(),
        report.walked(),
        report.sums(),
        order,
        granted,
        Math.max(consumed, report.consumed()),
        since,
        report.plan(),
        report.heldUp());
  }
}
