// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.RawBytes;
import java.util.List;

/** The answer to a {@link RowsQuery}. */
public record Rows(List<Row> rows) {

  public Rows {
    rows = List.copyOf(rows);
  }

  /** A stored row. */
  public record Row(RawBytes key, RawBytes value) {}
}
