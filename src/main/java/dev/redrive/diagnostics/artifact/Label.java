// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an artifact before it is made.
 *
 * @param type such as {@code log_bundle}
 * @param createdAt epoch milliseconds
 * @param fileName under which it is downloaded; never a path, and no name of a file here
 * @param instance where it was made or uploaded
 * @param scope ids of the pipelines that it tells of; empty: of any, so nobody limited to some
 *     pipelines sees it
 * @param requestedBy name of the key that asked for it; null: nobody did
 */
public record Label(
    String id,
    String type,
    @Nullable String pipelineId,
    @Nullable String runId,
    long createdAt,
    String fileName,
    String instance,
    Set<String> scope,
    Audience audience,
    @Nullable String requestedBy) {

  public Label {
    scope = Set.copyOf(scope);
  }

  /**
   * Whether somebody may see it. What they may not see is to them as if it were not there.
   *
   * @param pipelines that they are limited to; empty: all
   * @param reveals whether they may see through masks
   */
  public boolean isFor(Set<String> pipelines, boolean reveals, boolean admin) {
    boolean within = pipelines.isEmpty() || (!scope.isEmpty() && pipelines.containsAll(scope));
    return within
        && switch (audience) {
          case VIEWERS -> true;
          case REVEALING -> reveals;
          case ADMINS -> admin && pipelines.isEmpty();
        };
  }
}
