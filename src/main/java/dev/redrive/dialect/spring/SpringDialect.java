// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.spring;

import dev.redrive.dialect.convention.About;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.dialect.convention.Told;
import dev.redrive.dialect.convention.Told.Ids;
import dev.redrive.dialect.convention.Told.Times;
import dev.redrive.dialect.header.HeaderNames;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.Hops;
import java.util.List;

/**
 * Spring Kafka's {@code DeadLetterPublishingRecoverer}. Source: {@code DeadLetterRecordManager} of
 * spring-kafka 4.1.1. The origin is appended on each trip, the exception replaced; the record's
 * timestamp is when it was given up. Its consumer group is there only for some exceptions, so it
 * does not name the pipeline.
 */
public final class SpringDialect implements Dialect {
  private final SpringHeaders spring;

  public SpringDialect(HeaderNames names) {
    spring = new SpringHeaders(names, "kafka_dlt-");
  }

  @Override
  public String name() {
    return "spring";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(spring.topic) || scan.has(spring.exception);
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return spring.lastWritten(scan);
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    Hops hops = spring.hops(scan);
    return List.of(
        Told.of(
            Ids.NONE,
            spring.error(scan),
            hops.first(),
            hops.newest().topic(),
            Times.at(inbound.writtenAt()),
            spring.deliveries(scan),
            spring.fidelity(scan, inbound.raw())));
  }

  @Override
  public boolean strips(String header) {
    return SpringHeaders.strips(header);
  }

  @Override
  public About about() {
    return About.of(
            "Spring Kafka, `DeadLetterPublishingRecoverer`",
            "`DeadLetterRecordManager` of spring-kafka 4.1.1")
        .proof("`kafka_dlt-original-topic` or `kafka_dlt-exception-fqcn`")
        .origin("`kafka_dlt-original-*`")
        .fills(
            "Exception class and root cause, message, trace; the original's timestamp; deliveries"
                + " where it tells them; the consumer group for some exceptions.")
        .silent(
            "The original's bytes: the value is the object, serialised again, unless it could not"
                + " be deserialised.")
        .setUp("`deliveryAttemptHeader=true` on the container for the deliveries.")
        .strips(SpringHeaders.stripped());
  }
}
