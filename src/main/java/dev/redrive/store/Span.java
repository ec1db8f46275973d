// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.concurrent.TimeUnit;

/** The lengths of time that letters are counted over, the finest first. */
enum Span {
  SLOT('s', TimeUnit.MINUTES.toMillis(5)),
  HOUR('h', TimeUnit.HOURS.toMillis(1)),
  DAY('d', TimeUnit.DAYS.toMillis(1)),
  /** All time: one bucket. */
  ALL('a', 0);

  private final int id;
  private final long millis;

  Span(int id, long millis) {
    this.id = id;
    this.millis = millis;
  }

  /** In keys. */
  int id() {
    return id;
  }

  /** Length of a bucket; 0: without end. */
  long millis() {
    return millis;
  }

  /** The bucket that a time lies in. */
  long bucket(long time) {
    return millis == 0 ? 0 : Math.floorDiv(time, millis);
  }

  /** The bucket of this span that a bucket of the finest lies in. */
  long ofSlot(long slot) {
    return millis == 0 ? 0 : Math.floorDiv(slot, millis / SLOT.millis);
  }
}
