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
import dev.redrive.letter.Source;
import java.util.List;

/**
 * Micronaut Kafka's dead-letter queue. Source: its main branch after 5.9.0, which has none yet.
 * Numbers are decimal text; each trip replaces all; headers and timestamp are the original's; key
 * and value are serialised again.
 */
public final class MicronautDialect implements Dialect {
  private static final String PREFIX = "micronaut-kafka-";
  private static final Strip STRIP = Strip.prefixes(PREFIX + "exception-", PREFIX + "original-");

  private final Places places;
  private final HeaderName exception;
  private final HeaderName message;

  public MicronautDialect(HeaderNames names) {
    places =
        new Places(
            names,
            PREFIX + "original-topic",
            PREFIX + "original-partition",
            PREFIX + "original-offset");
    exception = names.of(PREFIX + "exception-class");
    message = names.of(PREFIX + "exception-message");
  }

  @Override
  public String name() {
    return "micronaut";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(places.topic());
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return Math.max(
        Dialect.lastOf(scan, places.names()), Dialect.lastOf(scan, List.of(exception, message)));
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    Source source = places.last(scan, Hops.timestamp(inbound.timestamp()), null);
    boolean tombstone = inbound.raw().value() == null;
    return List.of(
        Told.of(
            Ids.NONE,
            new FailureError(null, scan.text(message), scan.text(exception), null, null),
            source,
            source.topic(),
            Times.at(inbound.arrivedAt()),
            null,
            tombstone ? Fidelity.ORIGINAL : Fidelity.RESERIALIZED));
  }

  @Override
  public boolean strips(String header) {
    return STRIP.matches(header);
  }

  @Override
  public About about() {
    return About.of("Micronaut Kafka", "its main branch after 5.9.0")
        .proof("`micronaut-kafka-original-topic`")
        .origin("`micronaut-kafka-original-*`")
        .failedAt(About.ARRIVAL)
        .fills("Error class and message; the original's timestamp.")
        .silent(
            "Stack trace, attempts and consumer group. A replay that fails again tells the retry"
                + " topic's place; our headers keep it the same letter. The value is the object,"
                + " serialised again.")
        .setUp("The dead-letter queue of a version that has one; 5.9.0 has none.")
        .strips(STRIP.texts());
  }
}
