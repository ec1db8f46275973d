// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

/** Data or a schema could not be read; the message repeats nothing of the data. */
final class UnreadableDataException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableDataException(String why) {
    super(why, null, false, false);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
