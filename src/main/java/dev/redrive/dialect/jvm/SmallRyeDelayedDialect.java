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
import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.Hops;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SmallRye Reactive Messaging, hence Quarkus, with {@code failure-strategy=delayed-retry-topic}:
 * its retry topics, and its dead letters, which carry the same headers. Source: {@code
 * KafkaDelayedRetryTopic} of smallrye-reactive-messaging-kafka 4.36.0. As {@link SmallRyeDialect};
 * the count and the two times are there once.
 */
public final class SmallRyeDelayedDialect implements Dialect {
  private final SmallRyeHeaders headers;
  private final HeaderName count;
  private final HeaderName originalTimestamp;
  private final HeaderName firstProcessed;

  public SmallRyeDelayedDialect(HeaderNames names) {
    headers = new SmallRyeHeaders(names, "delayed-retry-");
    count = names.of("delayed-retry-count");
    originalTimestamp = names.of("delayed-retry-original-timestamp");
    firstProcessed = names.of("delayed-retry-first-processing-timestamp");
  }

  @Override
  public String name() {
    return "smallrye-delayed";
  }

  @Override
  public boolean retriesLater() {
    return true;
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(count) && scan.has(headers.topic());
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return headers.lastWritten(scan);
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    Hops hops = headers.hops(scan, Hops.offset(scan.decimal(scan.last(originalTimestamp))));
    Times times =
        new Times(inbound.writtenAt(), Hops.offset(scan.decimal(scan.last(firstProcessed))));
    return List.of(
        Told.of(
                Ids.NONE,
                headers.error(scan),
                hops.first(),
                hops.newest().topic(),
                times,
                tries(scan),
                headers.fidelity(scan, inbound.raw()))
            .with(headers.metadata(scan)));
  }

  /** The header counts the retries, without the first try. */
  private @Nullable Integer tries(HeaderScan scan) {
    Integer retries = Hops.partition(scan.decimal(scan.last(count)));
    return retries == null || retries == Integer.MAX_VALUE ? null : Integer.valueOf(retries + 1);
  }

  @Override
  public boolean strips(String header) {
    return SmallRyeHeaders.STRIP.matches(header);
  }

  @Override
  public About about() {
    return About.of(
            "SmallRye Reactive Messaging and Quarkus, delayed retry",
            "`KafkaDelayedRetryTopic` of smallrye-reactive-messaging-kafka 4.36.0")
        .proof("`delayed-retry-count` and `delayed-retry-topic`")
        .origin("`delayed-retry-*`, of several the last")
        .fills(
            "Error class and message, of several the first; the cause's class; tries as"
                + " `retry_count`; first failed time; the original's timestamp.")
        .silent("Stack trace and consumer group.")
        .setUp(
            "`failure-strategy=delayed-retry-topic` with `dead-letter-queue.topic`: without it,"
                + " what fails its last retry is dropped. Name the final topic as the error topic,"
                + " not the retry topics.")
        .strips(SmallRyeHeaders.STRIP.texts());
  }
}
