// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.diagnostics;

import dev.redrive.diagnostics.artifact.Label;
import dev.redrive.http.Caller;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Who did what with artifacts, as lines of the audit's logger: they are no part of the ledger. */
final class ArtifactAudit {
  private static final Logger LOGGER = LoggerFactory.getLogger("redrive-audit");

  private ArtifactAudit() {}

  /**
   * Tells it.
   *
   * @param event such as {@code artifact.downloaded}
   */
  static void told(String event, Label label, Caller caller) {
    LoggingEventBuilder line =
        LOGGER
            .atInfo()
            .addKeyValue("event", event)
            .addKeyValue("subject", label.id())
            .addKeyValue("type", label.type())
            .addKeyValue("requested_by", caller.name());
    if (label.pipelineId() != null) {
      line = line.addKeyValue("pipeline_id", label.pipelineId());
    }
    if (label.runId() != null) {
      line = line.addKeyValue("run_id", label.runId());
    }
    line.log("audit");
  }
}
