// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong, in the producer's words. Null: it did not say.
 *
 * @param code of the producer's taxonomy, such as {@code source_timeout}
 * @param className fully qualified class of the exception as it was thrown, often a wrapper
 * @param rootCause class of the deepest cause
 */
public record FailureError(
    @Nullable String code,
    @Nullable String message,
    @Nullable String className,
    @Nullable String rootCause,
    @Nullable String stackTrace) {

  public static final FailureError UNKNOWN = new FailureError(null, null, null, null, null);

  /** These fields, and the older ones where this news is silent. */
  public FailureError over(FailureError older) {
    return new FailureError(
        code == null ? older.code : code,
        message == null ? older.message : message,
        className == null ? older.className : className,
        rootCause == null ? older.rootCause : rootCause,
        stackTrace == null ? older.stackTrace : stackTrace);
  }
}
