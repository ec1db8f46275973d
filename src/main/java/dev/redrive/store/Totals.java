// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.LetterState;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer to a {@link TotalsQuery}; cells without letters are left out. */
public record Totals(Map<Cell, Long> counts) {

  /** What is counted together; a null code: the producers gave none. */
  public record Cell(String pipelineId, @Nullable String errorCode, LetterState.Status status) {}

  public Totals {
    // Not Map.copyOf: it probes one place after the other, and keys like these hash side by side.
    counts = Collections.unmodifiableMap(new HashMap<>(counts));
  }
}
