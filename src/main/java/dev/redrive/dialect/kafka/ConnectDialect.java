// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.kafka;

import dev.redrive.dialect.convention.About;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.dialect.convention.Told;
import dev.redrive.dialect.convention.Told.Ids;
import dev.redrive.dialect.convention.Told.Times;
import dev.redrive.dialect.header.HeaderNames;
import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.Hops;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Source;
import java.util.List;

/**
 * Kafka Connect sinks with {@code errors.deadletterqueue.context.headers.enable}. Source: {@code
 * DeadLetterQueueReporter} of Kafka 4.3.1. Numbers are decimal text; each trip appends its headers
 * again, so the last are the newest; key, value and timestamp are the original's; the time of
 * failure is not told. The stage is the nearest thing Connect has to an error code.
 */
public final class ConnectDialect implements Dialect {
  private static final String PREFIX = "__connect.errors.";

  private final HeaderName topic;
  private final HeaderName partition;
  private final HeaderName offset;
  private final HeaderName connector;
  private final HeaderName stage;
  private final HeaderName exception;
  private final HeaderName message;
  private final HeaderName stackTrace;
  private final List<HeaderName> own;

  public ConnectDialect(HeaderNames names) {
    topic = names.of(PREFIX + "topic");
    partition = names.of(PREFIX + "partition");
    offset = names.of(PREFIX + "offset");
    connector = names.of(PREFIX + "connector.name");
    stage = names.of(PREFIX + "stage");
    exception = names.of(PREFIX + "exception.class.name");
    message = names.of(PREFIX + "exception.message");
    stackTrace = names.of(PREFIX + "exception.stacktrace");
    own = List.of(topic, partition, offset, connector, stage, exception, message, stackTrace);
  }

  @Override
  public String name() {
    return "connect";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(stage) || scan.has(connector);
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return Dialect.lastOf(scan, own);
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    Hops hops = Hops.read(scan, topic, (from, to) -> hop(scan, inbound, from, to));
    // A failure without an exception has no such headers; those of an older trip are not its own.
    int block = Math.max(0, scan.last(topic));
    int end = scan.headers().size();
    FailureError error =
        new FailureError(
            scan.text(scan.lastIn(stage, block, end)),
            scan.text(scan.lastIn(message, block, end)),
            scan.text(scan.lastIn(exception, block, end)),
            null,
            scan.text(scan.lastIn(stackTrace, block, end)));
    return List.of(
        Told.of(
            Ids.pipeline(scan.text(connector)),
            error,
            hops.first(),
            hops.newest().topic(),
            Times.at(inbound.arrivedAt()),
            null,
            Fidelity.ORIGINAL));
  }

  private Source hop(HeaderScan scan, Inbound inbound, int from, int to) {
    return new Source(
        scan.text(scan.lastIn(topic, from, to)),
        Hops.partition(scan.decimal(scan.lastIn(partition, from, to))),
        Hops.offset(scan.decimal(scan.lastIn(offset, from, to))),
        Hops.timestamp(inbound.timestamp()),
        null);
  }

  @Override
  public boolean strips(String header) {
    return header.startsWith(PREFIX);
  }

  @Override
  public About about() {
    return About.of("Kafka Connect, sinks", "`DeadLetterQueueReporter` of Kafka 4.3.1")
        .proof("`__connect.errors.stage` or `__connect.errors.connector.name`")
        .pipeline("the connector's name")
        .origin("`__connect.errors.*`")
        .failedAt(About.ARRIVAL)
        .fills(
            "The stage as code (`VALUE_CONVERTER`, `TASK_PUT`, …), exception class, message, trace."
                + " Key, value and timestamp are the original's.")
        .silent("Attempts, and when it failed.")
        .setUp(
            "`errors.tolerance=all`, `errors.deadletterqueue.topic.name` and"
                + " **`errors.deadletterqueue.context.headers.enable=true`**: it is off by default,"
                + " and without it a dead letter says nothing and is `unknown`.")
        .strips(List.of(PREFIX + "*"));
  }
}
