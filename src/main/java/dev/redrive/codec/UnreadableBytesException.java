// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

/** Bytes that Redrive should have written itself are not in a layout that it knows. */
public final class UnreadableBytesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnreadableBytesException(String message) {
    super(message);
  }
}
