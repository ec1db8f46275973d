// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

/** How a letter came to be. */
public enum Origin {
  /** A pipeline failed the record. */
  PIPELINE,
  /** A command added it. */
  MANUAL
}
