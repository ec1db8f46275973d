// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.effects;

import dev.redrive.letter.Original;

/** Reads originals from where they lie. Blocks; called by many threads at once. */
@FunctionalInterface
public interface Originals {

  /**
   * Reads one.
   *
   * @throws NotReadException where it may be found at another time
   */
  Fetched read(Original original) throws NotReadException;

  /** The brokers did not answer, or not in time; the message says so, for a person. */
  final class NotReadException extends Exception {
    private static final long serialVersionUID = 1L;

    public NotReadException(String message, Throwable cause) {
      super(message, cause);
    }

    public NotReadException(String message) {
      super(message);
    }
  }
}
