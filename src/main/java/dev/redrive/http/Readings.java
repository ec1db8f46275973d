// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.query.Reading;
import dev.redrive.query.Reading.Read;
import dev.redrive.query.Reading.Unavailable;
import java.util.List;
import java.util.SortedMap;

/** What reading the ledger gave, or the problem that it means for the caller. */
public final class Readings {
  private Readings() {}

  /**
   * The answer; where a standby gave it, the response will say so.
   *
   * @throws Problem 503 where there is none
   */
  public static <T> Read<T> require(Reading<T> reading) {
    if (reading instanceof Read<T> read) {
      Staleness.saw(read.behind());
      return read;
    }
    throw unavailable(((Unavailable<T>) reading).missing());
  }

  private static Problem unavailable(SortedMap<Integer, String> missing) {
    List<Problem.Detail> details =
        missing.entrySet().stream()
            .map(entry -> new Problem.Detail("partition " + entry.getKey(), entry.getValue()))
            .toList();
    return Problem.unavailable(
        "part of the ledger does not answer now; try again, or see what is there with"
            + " allow_partial=true where the request takes it",
        details);
  }
}
