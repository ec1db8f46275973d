// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.convention;

/** Says what is wrong with an envelope and where; never leaves this package. */
public final class BrokenEnvelopeException extends Exception {
  private static final long serialVersionUID = 1L;

  public BrokenEnvelopeException(String where, String what) {
    super(where + ": " + what, null, false, false);
  }

  public String text() {
    return String.valueOf(getMessage());
  }
}
