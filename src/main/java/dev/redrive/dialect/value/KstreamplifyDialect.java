// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.value;

import dev.redrive.dialect.convention.About;
import dev.redrive.dialect.convention.BrokenEnvelopeException;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.dialect.convention.Told;
import dev.redrive.dialect.convention.Told.Extras;
import dev.redrive.dialect.convention.Told.Ids;
import dev.redrive.dialect.convention.Told.Part;
import dev.redrive.dialect.convention.Told.Times;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.Hops;
import dev.redrive.dialect.header.MetadataText;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Michelin's kstreamplify: its dead letters are values of their own, {@code KafkaError} in Avro,
 * without headers. Source: {@code kafka-error.avsc} and {@code DlqProcessingExceptionHandler} of
 * kstreamplify-core. Later versions hold the source record's bytes; before, only those of a value
 * that could not be deserialised were there, others printed.
 */
public final class KstreamplifyDialect implements Dialect {

  @Override
  public String name() {
    return "kstreamplify";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return false;
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return -1;
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) throws BrokenEnvelopeException {
    KafkaErrorValue error = KafkaErrorValue.of(inbound.raw().value());
    RawRecord payload = payload(error, inbound.raw()).orElse(null);
    return List.of(
        new Told(
            Ids.pipeline(error.applicationId()),
            new FailureError(null, message(error), null, null, error.stack()),
            new Source(
                error.topic(),
                Hops.partition(error.partition()),
                Hops.offset(error.offset()),
                null,
                null),
            error.topic(),
            Times.at(inbound.writtenAt()),
            null,
            fidelity(error, payload),
            Extras.metadata(
                new MetadataText(scan.warnings())
                    .put("context", error.contextMessage())
                    .put("processor_node", error.processorNodeId())
                    .put("task_id", error.taskId())
                    .json()),
            payload == null ? null : new Part(inbound.raw(), payload, -1)));
  }

  private static @Nullable String message(KafkaErrorValue error) {
    return error.cause() == null ? error.contextMessage() : error.cause();
  }

  private static Fidelity fidelity(KafkaErrorValue error, @Nullable RawRecord payload) {
    if (payload != null) {
      return Fidelity.EXTRACTED;
    }
    return error.value() == null ? Fidelity.MISSING : Fidelity.TEXT_ONLY;
  }

  private static Optional<RawRecord> payload(KafkaErrorValue error, RawRecord raw) {
    RawBytes source = error.sourceRawValue();
    if (source != null) {
      return Optional.of(new RawRecord(error.sourceRawKey(), source, List.of()));
    }
    RawBytes bytes = error.byteValue();
    return bytes == null
        ? Optional.empty()
        : Optional.of(new RawRecord(raw.key(), bytes, List.of()));
  }

  @Override
  public boolean strips(String header) {
    return false;
  }

  @Override
  public Optional<RawRecord> unwrap(RawRecord raw) {
    try {
      return payload(KafkaErrorValue.of(raw.value()), raw);
    } catch (BrokenEnvelopeException e) {
      return Optional.empty();
    }
  }

  @Override
  public About about() {
    return About.of(
            "Kafka Streams with Michelin's kstreamplify",
            "`kafka-error.avsc` and `DlqProcessingExceptionHandler` of kstreamplify-core")
        .proof("the settings, and a `KafkaError` in Avro with the number of its schema")
        .pipeline("`applicationId`")
        .origin("`topic`, `partition`, `offset`")
        .fills("The cause as message, the trace; context, processor node and task as metadata.")
        .silent(
            "The record's headers and timestamp, and so ours: a replay that fails again tells the"
                + " retry topic's place. Before it held the source record's bytes, only a value"
                + " that could not be deserialised can be replayed; of others there is a printed"
                + " form.")
        .setUp("`errors.dialects.<topic>: kstreamplify`. The schema registry is not asked.");
  }
}
