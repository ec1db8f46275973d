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
import dev.redrive.dialect.header.MetadataText;
import dev.redrive.dialect.header.Places;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Source;
import java.util.List;

/**
 * Helidon Messaging of 2026, the declarative one. Source: {@code DeadLetterMessage} and {@code
 * KafkaConnectorProvider} of its main branch. It strips headers of its names that come with a
 * record, so there is one of each. It tells what failed only if the application promotes that to
 * headers, which drafts did by themselves.
 */
public final class HelidonMessagingDialect implements Dialect {
  private static final String PREFIX = "helidon_messaging_dead_letter_";

  private final Places places;
  private final HeaderName timestamp;
  private final HeaderName leaderEpoch;
  private final HeaderName attempts;
  private final HeaderName channel;
  private final HeaderName failureType;
  private final HeaderName failureMessage;

  public HelidonMessagingDialect(HeaderNames names) {
    places = HelidonDialect.places(names);
    timestamp = names.of("dlq-orig-timestamp");
    leaderEpoch = names.of("dlq-orig-leader-epoch");
    attempts = names.of(PREFIX + "attempts");
    channel = names.of(PREFIX + "source_channel");
    failureType = names.of(PREFIX + "failure_type");
    failureMessage = names.of(PREFIX + "failure_message");
  }

  @Override
  public String name() {
    return "helidon-messaging";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(places.topic()) && scan.has(attempts);
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return Dialect.lastOf(
        scan, List.of(attempts, channel, failureType, failureMessage, timestamp, leaderEpoch));
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    Source source = places.last(scan, Hops.offset(scan.decimal(scan.last(timestamp))), null);
    boolean tombstone = inbound.raw().value() == null;
    return List.of(
        Told.of(
                Ids.NONE,
                new FailureError(
                    null, scan.text(failureMessage), scan.text(failureType), null, null),
                source,
                source.topic(),
                Times.at(inbound.writtenAt()),
                Hops.partition(scan.decimal(scan.last(attempts))),
                tombstone ? Fidelity.ORIGINAL : Fidelity.RESERIALIZED)
            .with(
                new MetadataText(scan.warnings())
                    .put("source_channel", scan.text(channel))
                    .put("leader_epoch", scan.text(leaderEpoch))
                    .json()));
  }

  @Override
  public boolean strips(String header) {
    return HelidonDialect.STRIP.matches(header);
  }

  @Override
  public About about() {
    return About.of(
            "Helidon Messaging (2026)",
            "`DeadLetterMessage` and `KafkaConnectorProvider` of its main branch")
        .proof("`dlq-orig-topic` and `helidon_messaging_dead_letter_attempts`")
        .origin("`dlq-orig-*`")
        .fills(
            "Deliveries as `retry_count`; the original's timestamp; source channel and leader epoch"
                + " as metadata; the failure's class and message where they are promoted.")
        .silent("What failed, unless the application promotes it to headers; consumer group.")
        .setUp(
            "Promote `helidon_messaging_dead_letter_failure_type` and `…_failure_message` to"
                + " headers: they are local to the application by default.")
        .strips(HelidonDialect.STRIP.texts());
  }
}
