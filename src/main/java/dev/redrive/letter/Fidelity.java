// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

/** How faithful the kept payload is to the record that failed. */
public enum Fidelity {
  ORIGINAL,
  /** Written again from the deserialised object: the same meaning, maybe other bytes. */
  RESERIALIZED,
  /** Taken out of an envelope. */
  EXTRACTED,
  /** Only a printed form is left; it can't be replayed. */
  TEXT_ONLY,
  /** There is none; it can't be replayed, except by reference. */
  MISSING
}
