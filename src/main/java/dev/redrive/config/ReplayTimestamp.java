// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

/** Which timestamp a replayed record carries. */
public enum ReplayTimestamp {
  /** The one of the record that failed, where the dead letter tells it. */
  ORIGINAL,
  /** The time of the replay. */
  NOW
}
