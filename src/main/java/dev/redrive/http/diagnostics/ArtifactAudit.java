// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.diagnostics;

import dev.redrive.codec.ArtifactUse;
import dev.redrive.diagnostics.artifact.Label;
import dev.redrive.http.Caller;
import dev.redrive.http.Views;
import io.javalin.http.Context;

/** Tells the audit who does what with artifacts: they are no part of the ledger. */
final class ArtifactAudit {

  private ArtifactAudit() {}

  static void told(Context request, ArtifactUse.What what, Label label) {
    Views.tell(
        request,
        new ArtifactUse(
            what,
            label.id(),
            label.type(),
            label.pipelineId(),
            label.runId(),
            Caller.of(request).name()));
  }
}
