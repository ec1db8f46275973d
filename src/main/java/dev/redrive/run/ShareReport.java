// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a partition says about its share of a run: sums since its start, so that the newest report
 * says all.
 *
 * @param counted whether it knows how many letters match
 * @param walked whether it has tried all of them, or was stopped
 * @param consumed how much of what it was ever allowed is used or void
 * @param plan what a dry run found
 * @param heldUp pipelines whose letters wait since they have had their replays of the hour, and
 *     when the next may go, epoch milliseconds
 */
public record ShareReport(
    int partition,
    boolean counted,
    boolean walked,
    Sums sums,
    long consumed,
    SortedMap<PlanCell, Long> plan,
    SortedMap<String, Long> heldUp) {

  public ShareReport {
    plan = Collections.unmodifiableSortedMap(new TreeMap<>(plan));
    heldUp = Collections.unmodifiableSortedMap(new TreeMap<>(heldUp));
  }
}
