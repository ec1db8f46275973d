// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import java.util.Locale;

/** How one letter of a run fared, so far. */
public enum LetterOutcome {
  /** Sent, and its outcome is awaited. */
  OUTSTANDING,
  SUCCEEDED,
  FAILED,
  /** Nothing was heard of it in time. Later news still counts. */
  UNCONFIRMED,
  /** The run was to remove it, and did. */
  DISCARDED,
  /** It could not be sent, or there is no such letter. */
  REFUSED;

  /** The word for it in JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether news of it may still come. */
  public boolean open() {
    return this == OUTSTANDING || this == UNCONFIRMED;
  }
}
