// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

/** What the letter store does to its log before a write counts as done. */
public enum WriteAheadLog {
  /** Written, left to the operating system to put on disk: survives a crash of the process. */
  ON,
  /** None: after a crash what was still in memory is restored from the changelog. */
  OFF,
  /** Written and put on disk: survives a crash of the machine. */
  FSYNC
}
