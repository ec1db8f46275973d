// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.filter;

import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.RawRecord;
import java.util.List;

/** What of a detail somebody sees who may not see through masks. */
@FunctionalInterface
public interface DetailView {

  /**
   * Nothing that a mask could be for: what a masked filter is asked of where no rules are known.
   */
  DetailView BLIND = (pipelineId, detail) -> blind(detail);

  FailureDetail masked(String pipelineId, FailureDetail detail);

  private static FailureDetail blind(FailureDetail detail) {
    return new FailureDetail(
        new RawRecord(null, null, List.of()),
        detail.dialect(),
        detail.conventions(),
        FailureError.UNKNOWN,
        detail.source(),
        null,
        null,
        List.of(),
        detail.cut());
  }
}
