// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import org.jspecify.annotations.Nullable;

/**
 * The news, told by the pipeline, of how a replayed record fared.
 *
 * @param attempt which replay it is about, from 1; null where it does not say
 * @param error only with a failure
 */
public record Outcome(
    Result result, @Nullable String runId, @Nullable Integer attempt, FailureError error) {

  public enum Result {
    SUCCEEDED,
    FAILED
  }
}
