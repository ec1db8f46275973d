// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.dotnet;

import dev.redrive.dialect.convention.About;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.dialect.convention.Strip;
import dev.redrive.dialect.convention.Told;
import dev.redrive.dialect.convention.Told.Ids;
import dev.redrive.dialect.convention.Told.Times;
import dev.redrive.dialect.header.Fields;
import dev.redrive.dialect.header.HeaderNames;
import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.Hops;
import dev.redrive.dialect.header.MetadataText;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * MassTransit's fault headers. Source: {@code MessageHeaders} and {@code ExceptionReceiveContext}
 * of MassTransit 8. Its Kafka rider writes no dead letters of its own, so these arrive where an
 * application forwards a faulted message with its headers. Everything is text; MassTransit drops
 * {@code MT-*} when it sends a message again.
 */
public final class MassTransitDialect implements Dialect {
  private static final Strip STRIP =
      Strip.prefixes("MT-Fault-", "MT-Redelivery-").andNames("MT-Reason");
  private static final String FAULT = "fault";

  private final HeaderName reason;
  private final HeaderName exception;
  private final HeaderName message;
  private final HeaderName stackTrace;
  private final HeaderName timestamp;
  private final HeaderName input;
  private final HeaderName consumer;
  private final HeaderName messageType;
  private final HeaderName retries;
  private final HeaderName messageId;
  private final List<HeaderName> own;

  public MassTransitDialect(HeaderNames names) {
    reason = names.of("MT-Reason");
    exception = names.of("MT-Fault-ExceptionType");
    message = names.of("MT-Fault-Message");
    stackTrace = names.of("MT-Fault-StackTrace");
    timestamp = names.of("MT-Fault-Timestamp");
    input = names.of("MT-Fault-InputAddress");
    consumer = names.of("MT-Fault-ConsumerType");
    messageType = names.of("MT-Fault-MessageType");
    retries = names.of("MT-Fault-RetryCount");
    messageId = names.of("MessageId");
    own = List.of(reason, exception, message, stackTrace, timestamp, input, consumer);
  }

  @Override
  public String name() {
    return "masstransit";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(exception) || (scan.has(reason) && FAULT.equals(scan.text(reason)));
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return Dialect.lastOf(scan, own);
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    FailureError error =
        new FailureError(
            null, scan.text(message), scan.text(exception), null, scan.text(stackTrace));
    String from = Addresses.last(scan.text(input));
    Long failed = Fields.time(scan.text(timestamp), "header ", timestamp.text(), scan.warnings());
    return List.of(
        Told.of(
                Ids.message(scan.text(messageId)),
                error,
                new Source(from, null, null, null, null),
                from,
                Times.at(failed == null ? inbound.writtenAt() : failed),
                deliveries(scan),
                Fidelity.RESERIALIZED)
            .with(metadata(scan)));
  }

  /** Retries and the first time. The header is there only from the first retry on. */
  private @Nullable Integer deliveries(HeaderScan scan) {
    Integer number = Hops.partition(scan.decimal(scan.last(retries)));
    return number == null || number == Integer.MAX_VALUE ? null : Integer.valueOf(number + 1);
  }

  private @Nullable String metadata(HeaderScan scan) {
    return new MetadataText(scan.warnings())
        .put("consumer_type", scan.text(consumer))
        .put("message_type", scan.text(messageType))
        .headers(scan, "MT-Host-")
        .json();
  }

  @Override
  public boolean strips(String header) {
    return STRIP.matches(header);
  }

  @Override
  public About about() {
    return About.of(
            "MassTransit (.NET), faults that are forwarded", "`MessageHeaders` of MassTransit 8")
        .proof("`MT-Fault-ExceptionType`, or `MT-Reason` = `fault`")
        .origin("the last part of `MT-Fault-InputAddress`; neither partition nor offset")
        .failedAt("`MT-Fault-Timestamp`, else the record's timestamp")
        .fills(
            "Exception class, message, trace; tries, from `MT-Fault-RetryCount` and the first;"
                + " consumer, message type and `MT-Host-*` as metadata. The record id is"
                + " `MessageId`.")
        .silent(
            "Partition and offset. Without `MessageId` as a header a record that fails again"
                + " without ours is another letter.")
        .setUp(
            "The Kafka rider moves nothing to an error topic: forward what faults yourself, with"
                + " its headers.")
        .strips(STRIP.texts());
  }
}
