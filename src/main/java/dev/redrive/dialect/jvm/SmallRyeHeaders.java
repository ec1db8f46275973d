// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.jvm;

import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Strip;
import dev.redrive.dialect.header.HeaderNames;
import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.Hops;
import dev.redrive.dialect.header.MetadataText;
import dev.redrive.dialect.header.Places;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.RawRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The headers that both of SmallRye's conventions write under different prefixes, and those of a
 * record that could not be deserialised.
 */
final class SmallRyeHeaders {
  /**
   * Both conventions' headers and those of deserialisation, whichever was recognised: a left-over
   * count or first time sends a replay straight to the dead letters, and left-over data of a failed
   * deserialisation is written in place of the payload when the replay fails again.
   */
  static final Strip STRIP =
      Strip.prefixes("delayed-retry-", "deserialization-failure-")
          .andNames(
              "dead-letter-exception-class-name",
              "dead-letter-cause-class-name",
              "dead-letter-reason",
              "dead-letter-cause",
              "dead-letter-topic",
              "dead-letter-partition",
              "dead-letter-offset");

  final HeaderName reason;
  private final Places places;
  private final HeaderName exception;
  private final HeaderName causeClass;
  private final HeaderName cause;
  private final HeaderName deserializer;
  private final List<HeaderName> own;

  /**
   * @param prefix {@code dead-letter-} or {@code delayed-retry-}
   */
  SmallRyeHeaders(HeaderNames names, String prefix) {
    places = new Places(names, prefix + "topic", prefix + "partition", prefix + "offset");
    reason = names.of(prefix + "reason");
    exception = names.of(prefix + "exception-class-name");
    causeClass = names.of(prefix + "cause-class-name");
    cause = names.of(prefix + "cause");
    deserializer = names.of("deserialization-failure-deserializer");
    own = List.of(exception, reason, causeClass, cause, places.topic());
  }

  HeaderName topic() {
    return places.topic();
  }

  /**
   * What it wrote stands before what was there: where a header of its own is the very first, it
   * wrote last of all.
   */
  int lastWritten(HeaderScan scan) {
    int first = Integer.MAX_VALUE;
    for (HeaderName name : own) {
      if (scan.has(name)) {
        first = Math.min(first, scan.first(name));
      }
    }
    return first == 0 ? scan.headers().size() : Dialect.lastOf(scan, own);
  }

  Hops hops(HeaderScan scan, @Nullable Long timestamp) {
    return places.hopsNewestFirst(scan, timestamp, null);
  }

  /** The newest: a cause is optional, and that of an older trip stands after the next exception. */
  FailureError error(HeaderScan scan) {
    int end = scan.headers().size();
    List<Integer> blocks = scan.all(exception);
    int next = blocks.size() > 1 ? blocks.get(1) : end;
    return new FailureError(
        null,
        scan.text(scan.first(reason)),
        scan.text(scan.first(exception)),
        scan.text(scan.firstIn(causeClass, 0, next)),
        null);
  }

  @Nullable String metadata(HeaderScan scan) {
    int end = scan.headers().size();
    List<Integer> blocks = scan.all(exception);
    int next = blocks.size() > 1 ? blocks.get(1) : end;
    return new MetadataText(scan.warnings())
        .put("cause", scan.text(scan.firstIn(cause, 0, next)))
        .put("deserializer", scan.text(scan.first(deserializer)))
        .json();
  }

  /** What could not be deserialised is written as it came. */
  Fidelity fidelity(HeaderScan scan, RawRecord raw) {
    return raw.value() == null || scan.has(deserializer)
        ? Fidelity.ORIGINAL
        : Fidelity.RESERIALIZED;
  }
}
