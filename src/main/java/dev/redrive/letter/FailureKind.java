// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

/** Why the pipeline gave the record up. */
public enum FailureKind {
  /** Processing threw. */
  EXCEPTION,
  /** Processing ended, and its result was found wrong. */
  VERIFICATION
}
