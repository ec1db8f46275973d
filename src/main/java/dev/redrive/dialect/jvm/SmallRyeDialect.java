// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.jvm;

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
 * SmallRye Reactive Messaging, hence Quarkus, with {@code failure-strategy=dead-letter-queue}.
 * Source: {@code KafkaDeadLetterQueue} of smallrye-reactive-messaging-kafka 4.36.0. Numbers are
 * decimal text. It writes its headers first and copies the record's after them, so of duplicates
 * the first are the newest and the last tell where the record came from. The value is serialised
 * again, except where it could not be deserialised.
 */
public final class SmallRyeDialect implements Dialect {
  private final SmallRyeHeaders headers;

  public SmallRyeDialect(HeaderNames names) {
    headers = new SmallRyeHeaders(names, "dead-letter-");
  }

  @Override
  public String name() {
    return "smallrye";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(headers.reason) && scan.has(headers.topic());
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return headers.lastWritten(scan);
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    Hops hops = headers.hops(scan, null);
    return List.of(
        Told.of(
                Ids.NONE,
                headers.error(scan),
                hops.first(),
                hops.newest().topic(),
                Times.at(inbound.writtenAt()),
                null,
                headers.fidelity(scan, inbound.raw()))
            .with(headers.metadata(scan)));
  }

  @Override
  public boolean strips(String header) {
    return SmallRyeHeaders.STRIP.matches(header);
  }

  @Override
  public About about() {
    return About.of(
            "SmallRye Reactive Messaging and Quarkus, dead-letter queue",
            "`KafkaDeadLetterQueue` of smallrye-reactive-messaging-kafka 4.36.0")
        .proof("`dead-letter-reason` and `dead-letter-topic`")
        .origin("`dead-letter-*`, of several the last")
        .fills("Error class and message, of several the first; the cause's class.")
        .silent(
            "Stack trace, attempts, consumer group and the original's timestamp. The value is the"
                + " object, serialised again, unless it could not be deserialised.")
        .setUp("`failure-strategy=dead-letter-queue` on the incoming channel.")
        .strips(SmallRyeHeaders.STRIP.texts());
  }
}
