// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.effects;

import dev.redrive.letter.RawRecord;

/** What was found where an original should lie. */
public sealed interface Fetched {

  /**
   * A record.
   *
   * @param timestamp of the record, epoch milliseconds; negative: it has none
   */
  record Found(RawRecord record, long timestamp) implements Fetched {}

  /** There is no such topic or partition. */
  record NoSuchPlace() implements Fetched {}

  /**
   * The record can't be had, now or later.
   *
   * @param why for a person
   */
  record Gone(String why) implements Fetched {}
}
