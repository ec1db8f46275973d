// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import dev.redrive.dialect.convention.About;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.dialect.convention.Told;
import dev.redrive.dialect.convention.Told.Ids;
import dev.redrive.dialect.convention.Told.Times;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Source;
import java.util.List;

/** Any other record: kept as it is, and replayed as it is. */
final class UnknownDialect implements Dialect {
  static final String NAME = "unknown";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return true;
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return -1;
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    return List.of(
        Told.of(
            Ids.NONE,
            FailureError.UNKNOWN,
            Source.UNKNOWN,
            null,
            Times.at(inbound.writtenAt()),
            null,
            Fidelity.ORIGINAL));
  }

  @Override
  public boolean strips(String header) {
    return false;
  }

  @Override
  public About about() {
    return About.of("any other producer", "")
        .proof("none of these")
        .fills("Nothing: the record is kept as it is.")
        .silent("Error and origin.")
        .setUp(
            "A header `redrive-record-id` makes repeated failures one letter; the headers of"
                + " Redrive's own dialect make it a full one.");
  }
}
