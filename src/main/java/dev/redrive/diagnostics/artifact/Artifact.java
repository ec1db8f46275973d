// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

import java.util.Comparator;

/**
 * A file that is there whole.
 *
 * @param expiresAt epoch milliseconds; from then on it is as if it were not there
 */
public record Artifact(Label label, long sizeBytes, long expiresAt) {

  /** The newest first; as lists show them. */
  public static final Comparator<Artifact> NEWEST_FIRST =
      Comparator.comparingLong((Artifact one) -> -one.label.createdAt())
          .thenComparing(one -> one.label.id());

  public String id() {
    return label.id();
  }

  boolean expired(long now) {
    return now >= expiresAt;
  }
}
