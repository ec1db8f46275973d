// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of a set of letters, counted. It adds up: what matches is replayed, discarded or
 * skipped for some reason, or is still to come.
 *
 * @param matched letters that fit the run's filter when the set was frozen
 * @param skipped letters that were neither replayed nor discarded, by the reason's word
 * @param inferred so many of the succeeded did by inference only
 */
public record Sums(
    long matched,
    SortedMap<String, Long> skipped,
    long replayed,
    long succeeded,
    long failed,
    long unconfirmed,
    long discarded,
    long inferred) {

  /** Another run or a single replay had it. */
  public static final String IN_OTHER_RUN = "in_other_run";

  /** It failed again, was settled, changed or removed before its turn. */
  public static final String CHANGED = "changed";

  /** No such letter, or none of the caller's. */
  public static final String UNKNOWN = "unknown_letter";

  /** The run was cancelled before its turn. */
  public static final String CANCELLED = "cancelled";

  public static final Sums NONE = new Sums(0, new TreeMap<>(), 0, 0, 0, 0, 0, 0);

  public Sums {
    skipped = Collections.unmodifiableSortedMap(new TreeMap<>(skipped));
  }

  /** Replays whose outcome is awaited. */
  public long outstanding() {
    return replayed - succeeded - failed - unconfirmed;
  }

  public long allSkipped() {
    return skipped.values().stream().mapToLong(Long::longValue).sum();
  }

  /** What is still to be tried. */
  public long left() {
    return matched - replayed - discarded - allSkipped();
  }

  public long settled() {
    return succeeded + failed + unconfirmed;
  }

  public Sums plus(Sums other) {
    TreeMap<String, Long> all = new TreeMap<>(skipped);
    other.skipped.forEach((reason, count) -> all.merge(reason, count, Long::sum));
    return new Sums(
        matched + other.matched,
        all,
        replayed + other.replayed,
        succeeded + other.succeeded,
        failed + other.failed,
        unconfirmed + other.unconfirmed,
        discarded + other.discarded,
        inferred + other.inferred);
  }

  Sums matched(long more) {
    return new Sums(
        matched + more, skipped, replayed, succeeded, failed, unconfirmed, discarded, inferred);
  }

  Sums skipped(String reason, long more) {
    if (more == 0) {
      return this;
    }
    TreeMap<String, Long> all = new TreeMap<>(skipped);
    all.merge(reason, more, Long::sum);
    return new Sums(matched, all, replayed, succeeded, failed, unconfirmed, discarded, inferred);
  }

  /** One letter's outcome becomes another. */
  Sums moved(LetterOutcome from, LetterOutcome to) {
    return by(from, -1).by(to, 1);
  }

  Sums by(LetterOutcome outcome, long delta) {
    return switch (outcome) {
      case SUCCEEDED -> settled(delta, 0, 0, 0);
      case FAILED -> settled(0, delta, 0, 0);
      case UNCONFIRMED -> settled(0, 0, delta, 0);
      case DISCARDED ->
          new Sums(
              matched,
              skipped,
              replayed,
              succeeded,
              failed,
              unconfirmed,
              discarded + delta,
              inferred);
      case OUTSTANDING, REFUSED -> this;
    };
  }

  /** One that succeeded did so by inference. */
  Sums inferredOne() {
    return settled(0, 0, 0, 1);
  }

  Sums replayed(long more) {
    return new Sums(
        matched, skipped, replayed + more, succeeded, failed, unconfirmed, discarded, inferred);
  }

  private Sums settled(long well, long badly, long silently, long unheard) {
    return new Sums(
        matched,
        skipped,
        replayed,
        succeeded + well,
        failed + badly,
        unconfirmed + silently,
        discarded,
        inferred + unheard);
  }
}
