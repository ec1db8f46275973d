// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.diagnostics;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.config.Role;
import dev.redrive.diagnostics.artifact.Artifact;
import dev.redrive.diagnostics.artifact.Label;
import dev.redrive.diagnostics.artifact.Task;
import dev.redrive.http.Caller;
import dev.redrive.http.IsoTime;

/** Artifacts as the desk shows them, and to whom. */
final class ArtifactView {

  private ArtifactView() {}

  static boolean sees(Caller caller, Label label) {
    return label.isFor(caller.pipelines(), caller.reveals(), caller.role() == Role.ADMIN);
  }

  /** One that is there. */
  static ObjectNode write(Artifact artifact) {
    return write(artifact.label())
        .put("size_bytes", artifact.sizeBytes())
        .put("expires_at", IsoTime.write(artifact.expiresAt()))
        .put("status", "ready")
        .putNull("error");
  }

  /** One that is being made, or could not be. */
  static ObjectNode write(Task task) {
    return write(task.label())
        .putNull("size_bytes")
        .putNull("expires_at")
        .put("status", task.running() ? "running" : "failed")
        .put("error", task.error());
  }

  private static ObjectNode write(Label label) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", label.id())
        .put("type", label.type())
        .put("pipeline_id", label.pipelineId())
        .put("run_id", label.runId())
        .put("created_at", IsoTime.write(label.createdAt()))
        .put("file_name", label.fileName())
        .put("instance", label.instance())
        .put("requested_by", label.requestedBy());
  }
}
