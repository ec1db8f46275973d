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
import dev.redrive.dialect.header.MetadataText;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Source;
import java.util.List;

/**
 * Watermill's {@code PoisonQueue} middleware. Source: {@code message/router/middleware/poison.go}
 * and the default marshaler of watermill-kafka. Metadata are a map, so each trip replaces the
 * headers. There are no coordinates; the message's UUID, which a publisher keeps, names the record.
 */
public final class WatermillDialect implements Dialect {
  private static final Strip STRIP =
      Strip.names("reason_poisoned", "topic_poisoned", "handler_poisoned", "subscriber_poisoned");

  private final HeaderName reason;
  private final HeaderName topic;
  private final HeaderName handler;
  private final HeaderName subscriber;
  private final HeaderName uuid;
  private final List<HeaderName> own;

  public WatermillDialect(HeaderNames names) {
    reason = names.of("reason_poisoned");
    topic = names.of("topic_poisoned");
    handler = names.of("handler_poisoned");
    subscriber = names.of("subscriber_poisoned");
    uuid = names.of("_watermill_message_uuid");
    own = List.of(reason, topic, handler, subscriber);
  }

  @Override
  public String name() {
    return "watermill";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(reason);
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return Dialect.lastOf(scan, own);
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    String from = scan.text(topic);
    return List.of(
        Told.of(
                Ids.message(scan.text(uuid)),
                new FailureError(null, scan.text(reason), null, null, null),
                new Source(from, null, null, null, null),
                from,
                Times.at(inbound.writtenAt()),
                null,
                Fidelity.ORIGINAL)
            .with(
                new MetadataText(scan.warnings())
                    .put("handler", scan.text(handler))
                    .put("subscriber", scan.text(subscriber))
                    .json()));
  }

  @Override
  public boolean strips(String header) {
    return STRIP.matches(header);
  }

  @Override
  public About about() {
    return About.of(
            "Watermill (Go), `PoisonQueue` middleware",
            "`poison.go` of watermill and the default marshaler of watermill-kafka")
        .proof("`reason_poisoned`")
        .origin("`topic_poisoned`; neither partition nor offset")
        .fills("The message; handler and subscriber as metadata.")
        .silent(
            "Exception class, trace, attempts, partition and offset. The record id is"
                + " `_watermill_message_uuid`, which stays on a replay. The default marshaler writes"
                + " no key, so a replay has none either and may go to another partition.")
        .setUp("A partitioning marshaler keeps the key.")
        .strips(STRIP.texts());
  }
}
