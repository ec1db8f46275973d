// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.jvm;

import dev.redrive.dialect.convention.About;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.dialect.convention.Strip;
import dev.redrive.dialect.convention.Told;
import dev.redrive.dialect.convention.Told.Ids;
import dev.redrive.dialect.convention.Told.Times;
import dev.redrive.dialect.header.HeaderNames;
import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.Hops;
import dev.redrive.dialect.header.Places;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import java.util.List;

/**
 * Helidon MP Messaging with {@code nack-dlq}. Source: {@code KafkaNackHandler} of Helidon 4. Text
 * and decimal numbers; the original's headers first, then its own on each trip, beginning with the
 * error, so the last are the newest. What its key and value serializers write is the object again.
 */
public final class HelidonDialect implements Dialect {
  static final Strip STRIP =
      Strip.prefixes("dlq-orig-", "helidon_messaging_dead_letter_")
          .andNames("dlq-error", "dlq-error-msg");

  private final Places places;
  private final HeaderName error;
  private final HeaderName message;

  public HelidonDialect(HeaderNames names) {
    places = places(names);
    error = names.of("dlq-error");
    message = names.of("dlq-error-msg");
  }

  static Places places(HeaderNames names) {
    return new Places(names, "dlq-orig-topic", "dlq-orig-partition", "dlq-orig-offset");
  }

  @Override
  public String name() {
    return "helidon";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(places.topic()) && scan.has(error);
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return Dialect.lastOf(scan, List.of(error, message));
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    Hops hops = places.hops(scan, null, null);
    boolean tombstone = inbound.raw().value() == null;
    return List.of(
        Told.of(
            Ids.NONE,
            new FailureError(
                null,
                scan.text(
                    scan.lastIn(message, Math.max(0, scan.last(error)), scan.headers().size())),
                scan.text(error),
                null,
                null),
            hops.first(),
            hops.newest().topic(),
            Times.at(inbound.writtenAt()),
            null,
            tombstone ? Fidelity.ORIGINAL : Fidelity.RESERIALIZED));
  }

  @Override
  public boolean strips(String header) {
    return STRIP.matches(header);
  }

  @Override
  public About about() {
    return About.of("Helidon MP Messaging, `nack-dlq`", "`KafkaNackHandler` of Helidon 4")
        .proof("`dlq-orig-topic` and `dlq-error`")
        .origin("`dlq-orig-*`")
        .fills("Error class and message.")
        .silent(
            "Stack trace, attempts, consumer group and the original's timestamp. The value is the"
                + " object, serialised again.")
        .setUp("`nack-dlq` on the incoming channel.")
        .strips(STRIP.texts());
  }
}
