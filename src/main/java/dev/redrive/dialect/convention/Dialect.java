// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.convention;

import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.letter.RawRecord;
import java.util.List;
import java.util.Optional;

/** How one kind of producer writes a dead letter. Implementations name the source they follow. */
public interface Dialect {

  /** As it is stored with letters and shown. It never changes. */
  String name();

  /** Whether the record carries this convention's proof. */
  boolean detects(HeaderScan scan);

  /**
   * Index of the last header that this convention alone writes: of several on one record, the one
   * that wrote last is the newest.
   */
  int lastWritten(HeaderScan scan);

  /**
   * What the record says, one for each failure it tells of.
   *
   * @throws BrokenEnvelopeException where its payload can't be told from its packing
   */
  List<Told> read(HeaderScan scan, Inbound inbound) throws BrokenEnvelopeException;

  /** Whether a replay leaves this header out. Exact names and prefixes only. */
  boolean strips(String header);

  /**
   * Whether the proof tells of a failure. One that only tells what the record is counts where
   * nothing else is found, and never takes a header off.
   */
  default boolean tellsOfFailures() {
    return true;
  }

  /**
   * Whether the dead letter has none of the failed record's headers, so none of a replay's either:
   * then only where the replay landed tells whose failure it is.
   */
  default boolean dropsHeaders() {
    return false;
  }

  /**
   * Whether its consumers put a record off to try it again later: then that they have gone past it
   * does not say that they are done with it.
   */
  default boolean retriesLater() {
    return false;
  }

  /** The facts for people. */
  About about();

  /** The record that failed, its convention's headers still on it; empty where there is none. */
  default Optional<RawRecord> unwrap(RawRecord raw) {
    return Optional.of(raw);
  }

  /** What a letter keeps of a record that tells of several failures; the whole by default. */
  default Optional<RawRecord> part(RawRecord raw, int number) {
    return Optional.of(raw);
  }

  static int lastOf(HeaderScan scan, List<HeaderName> names) {
    int last = -1;
    for (HeaderName name : names) {
      last = Math.max(last, scan.last(name));
    }
    return last;
  }
}
