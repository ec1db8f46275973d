// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

/** What a replay counts as of which nothing was heard in time. */
public enum Silence {
  /** The letter is pending again. */
  UNCONFIRMED,
  /** It worked, as far as anybody knows, and the letter is removed. */
  SUCCEEDED
}
