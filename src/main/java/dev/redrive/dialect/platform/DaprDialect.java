// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.platform;

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
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Source;
import java.util.List;

/**
 * Dapr's {@code deadLetterTopic} over the Kafka component. Source: {@code sendToDeadLetter} of the
 * runtime, which publishes the bytes as consumed with the consumed message's metadata, and the
 * Kafka component, which writes metadata as headers. Numbers are decimal text. A consumer lets
 * incoming headers of these names go over the real values, so a replay must not carry them.
 */
public final class DaprDialect implements Dialect {
  private static final Strip STRIP =
      Strip.names("__key", "__topic", "__partition", "__offset", "__timestamp");

  private final HeaderName topic;
  private final HeaderName partition;
  private final HeaderName offset;
  private final HeaderName timestamp;
  private final HeaderName key;

  /** Others write headers that start alike, over records that may have been through Dapr before. */
  private final List<HeaderName> others;

  public DaprDialect(HeaderNames names) {
    topic = names.of("__topic");
    partition = names.of("__partition");
    offset = names.of("__offset");
    timestamp = names.of("__timestamp");
    key = names.of("__key");
    others =
        List.of(
            names.of("__connect.errors.stage"),
            names.of("__connect.errors.connector.name"),
            names.of("__streams.errors.exception"),
            names.of("__streams.errors.exception.class.name"),
            names.of("__dlq.errors.group"));
  }

  @Override
  public String name() {
    return "dapr";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(topic)
        && scan.has(offset)
        && scan.has(partition)
        && Dialect.lastOf(scan, others) < 0;
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return Dialect.lastOf(scan, List.of(topic, partition, offset, timestamp, key));
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    String from = scan.text(topic);
    return List.of(
        Told.of(
            Ids.NONE,
            FailureError.UNKNOWN,
            new Source(
                from,
                Hops.partition(scan.decimal(scan.last(partition))),
                Hops.offset(scan.decimal(scan.last(offset))),
                Hops.offset(scan.decimal(scan.last(timestamp))),
                null),
            from,
            Times.at(inbound.writtenAt()),
            null,
            Fidelity.ORIGINAL));
  }

  @Override
  public boolean strips(String header) {
    return STRIP.matches(header);
  }

  @Override
  public About about() {
    return About.of(
            "Dapr, `deadLetterTopic` of a subscription",
            "`sendToDeadLetter` of the runtime and the Kafka component")
        .proof(
            "`__topic`, `__partition` and `__offset`, without Connect's, Streams' or share groups'")
        .origin("`__topic`, `__partition`, `__offset`")
        .fills("The original's timestamp.")
        .silent("Anything about the error, and the attempts.")
        .strips(STRIP.texts());
  }
}
