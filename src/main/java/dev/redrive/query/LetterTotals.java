// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.letter.LetterState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many letters there are, over all partitions; cells without letters are left out. */
public record LetterTotals(Map<Cell, Long> counts) {

  /** What is counted together; a null code: the producers gave none. */
  public record Cell(String pipelineId, @Nullable String errorCode, LetterState.Status status) {}

  public LetterTotals {
    counts = Map.copyOf(counts);
  }
}
