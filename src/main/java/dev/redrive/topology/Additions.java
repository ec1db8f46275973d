// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.command.Added;
import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Origin;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.util.List;

/** Makes the failure that stands for a record which somebody added by hand. */
final class Additions {
  /** Name of the dialect of a letter that lay on no error topic. */
  private static final String DIALECT = "manual";

  private Additions() {}

  /** The two parts of the addition. */
  record Addition(FailureFacts facts, FailureDetail detail) {}

  static Addition of(Added added, long now) {
    RawRecord brought = added.record();
    FailureFacts facts =
        new FailureFacts(
            added.pipelineId(),
            added.recordId(),
            Origin.MANUAL,
            FailureKind.EXCEPTION,
            null,
            added.error().code(),
            null,
            null,
            now,
            now,
            now,
            null,
            List.of(),
            null,
            brought == null ? Fidelity.MISSING : Fidelity.ORIGINAL,
            DeadLetterPosition.NONE,
            null,
            null);
    FailureDetail detail =
        new FailureDetail(
            brought == null ? new RawRecord(null, null, List.of()) : brought,
            DIALECT,
            List.of(),
            added.error(),
            Source.UNKNOWN,
            null,
            null,
            List.of(),
            null);
    return new Addition(facts, detail);
  }
}
