// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Somebody had an artifact made, gave, took or deleted one.
 *
 * @param artifactType such as {@code heap_dump}
 * @param pipelineId null where it tells of several, or of none
 * @param requestedBy the key's name
 */
public record ArtifactUse(
    What what,
    String artifactId,
    String artifactType,
    @Nullable String pipelineId,
    @Nullable String runId,
    String requestedBy)
    implements Audited {

  /** What was done. */
  public enum What {
    REQUESTED,
    UPLOADED,
    DOWNLOADED,
    DELETED;

    /** As in the type of its event, {@code dev.redrive.artifact.WORD.v1}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
