// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.kafka;

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
import dev.redrive.dialect.header.MetadataText;
import dev.redrive.dialect.header.Places;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Source;
import java.util.List;

/**
 * A Kafka Streams application with bakdata's error-handling library. Source: {@code
 * ErrorHeaderProcessor} of kafka-error-handling. It shares its prefix with Kafka's own convention
 * (KIP-1034) and differs in the exception's headers, which prove it; each trip replaces all. A
 * message may be a null value. The value is written by the application's serializer again; the
 * timestamp is the source record's.
 */
public final class BakdataDialect implements Dialect {
  private static final Strip STRIP = Strip.prefixes(StreamsDialect.PREFIX);

  private final Places places;
  private final HeaderName exception;
  private final HeaderName message;
  private final HeaderName stackTrace;
  private final HeaderName description;

  public BakdataDialect(HeaderNames names) {
    places = StreamsDialect.places(names);
    exception = names.of(StreamsDialect.PREFIX + "exception.class.name");
    message = names.of(StreamsDialect.PREFIX + "exception.message");
    stackTrace = names.of(StreamsDialect.PREFIX + "exception.stack_trace");
    description = names.of(StreamsDialect.PREFIX + "description");
  }

  @Override
  public String name() {
    return "bakdata-streams";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(exception);
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return Dialect.lastOf(scan, List.of(exception, message, stackTrace, description));
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    Source source = places.last(scan, Hops.timestamp(inbound.timestamp()), null);
    FailureError error =
        new FailureError(
            null, scan.text(message), scan.text(exception), null, scan.text(stackTrace));
    return List.of(
        Told.of(
                Ids.NONE,
                error,
                source,
                source.topic(),
                Times.at(inbound.arrivedAt()),
                null,
                Fidelity.RESERIALIZED)
            .with(
                new MetadataText(scan.warnings())
                    .put("description", scan.text(description))
                    .json()));
  }

  @Override
  public boolean strips(String header) {
    return STRIP.matches(header);
  }

  @Override
  public About about() {
    return About.of(
            "Kafka Streams with bakdata kafka-error-handling", "`ErrorHeaderProcessor` of its main")
        .proof("`__streams.errors.exception.class.name`")
        .origin("`__streams.errors.*`")
        .failedAt(About.ARRIVAL)
        .fills("Error class, message and stack trace; the description as metadata.")
        .silent(
            "The application, so give each an error topic of its own or name the pipeline in the"
                + " settings. The value is the application's object, serialised again.")
        .setUp(
            "Send what `ErrorHeaderProcessor` makes. A topic of `DeadLetter` values, Avro or"
                + " Protobuf, has none of these headers and is `unknown`.")
        .strips(STRIP.texts());
  }
}
