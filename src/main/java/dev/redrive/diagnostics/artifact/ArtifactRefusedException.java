// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

/** An artifact can't be kept; the message says why and what to do. */
public final class ArtifactRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Why. */
  public enum Reason {
    /** It is larger than {@code diagnostics.max-size}. */
    TOO_LARGE,
    /** There is not enough room on the disk, or too much is under way. */
    NO_ROOM
  }

  ArtifactRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
