// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

/** How a letter's failure callback stands. */
public enum CallbackState {
  /** It is being called, or will be again. */
  INPROGRESS,
  /** It answered with a status of 2xx. */
  SUCCESS,
  /** It was called as often as it may be, or may not be called at all. */
  FAIL,
  /** Somebody gave it up. */
  CANCELED;

  /** The word for it in filters, JSON and envelopes. */
  public String word() {
    return "CALLBACK_" + name();
  }
}
