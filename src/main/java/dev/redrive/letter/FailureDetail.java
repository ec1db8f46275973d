// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The large part of a failure: the record verbatim and everything that is only shown.
 *
 * @param raw the record as it lies on the error topic
 * @param dialect name of the newest convention that wrote it, such as {@code spring}
 * @param conventions every convention found on it, the newest first: what a replay strips
 * @param metadata a JSON object as text, or null
 * @param warnings what could not be read as it should have been, for a person
 * @param cut what did not fit the limits, or null
 */
public record FailureDetail(
    RawRecord raw,
    String dialect,
    List<String> conventions,
    FailureError error,
    Source source,
    @Nullable String metadata,
    @Nullable HttpDelivery http,
    List<String> warnings,
    @Nullable Cut cut) {

  /**
   * What was left out to fit, in bytes as they were before; 0 means not cut.
   *
   * @param valueBytes size of the record's value; its first bytes are kept
   * @param traceBytes size of the stack trace
   * @param headerBytes size of all headers; the first that fit are kept
   */
  public record Cut(long valueBytes, long traceBytes, long headerBytes) {
    /** Whether what a replay sends must be read from the error topic again. */
    public boolean payload() {
      return valueBytes > 0 || headerBytes > 0;
    }
  }

  public FailureDetail {
    conventions = List.copyOf(conventions);
    warnings = List.copyOf(warnings);
  }

  /** The same failure of a record that came from there first. */
  public FailureDetail from(Source first) {
    return new FailureDetail(
        raw, dialect, conventions, error, first, metadata, http, warnings, cut);
  }

  /** The same failure with what its failure callback answered. */
  public FailureDetail calledBack(HttpDelivery.Response answer) {
    return http == null
        ? this
        : new FailureDetail(
            raw,
            dialect,
            conventions,
            error,
            source,
            metadata,
            http.calledBack(answer),
            warnings,
            cut);
  }

  public FailureDetail withError(FailureError newer) {
    return new FailureDetail(
        raw, dialect, conventions, newer.over(error), source, metadata, http, warnings, cut);
  }
}
