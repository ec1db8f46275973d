// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.own;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.dialect.convention.About;
import dev.redrive.dialect.convention.BrokenEnvelopeException;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.dialect.convention.Told;
import dev.redrive.dialect.convention.Told.Extras;
import dev.redrive.dialect.convention.Told.Ids;
import dev.redrive.dialect.convention.Told.Part;
import dev.redrive.dialect.convention.Told.Times;
import dev.redrive.dialect.header.Fields;
import dev.redrive.dialect.header.HeaderNames;
import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.Hops;
import dev.redrive.dialect.header.Numbers;
import dev.redrive.dialect.header.Texts;
import dev.redrive.dialect.header.Warnings;
import dev.redrive.dialect.own.EnvelopeRecord.Payload;
import dev.redrive.dialect.own.EnvelopeRecord.Slice;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Our own JSON envelope: the value is a JSON object that tells of the failure and holds the record,
 * or holds the records of a batch. Source: the schema {@code dev/redrive/schemas/envelope.json}.
 *
 * <p>Each record of a batch becomes a letter that keeps that record's bytes alone, cut out of the
 * batch: keeping the whole with each would take space by the square of the batch. What a batch says
 * once ({@code pipeline_id}, {@code error}, times, labels, metadata …) holds for each record that
 * does not say it itself; {@code record_id}, {@code source} and {@code http} are a record's own.
 */
public final class EnvelopeDialect implements Dialect {
  static final String VERSION = "1";

  /** What a batch tells of its error is written once for each record; together at most this. */
  private static final int MAX_SHARED = 32 * 1024 * 1024;

  private static final List<Header> PART_HEADERS =
      List.of(Header.utf8(RedriveHeaders.ENVELOPE, VERSION));
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HeaderName envelope;

  public EnvelopeDialect(HeaderNames names) {
    envelope = names.of(RedriveHeaders.ENVELOPE);
  }

  @Override
  public String name() {
    return "redrive-envelope";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(envelope);
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return scan.last(envelope);
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) throws BrokenEnvelopeException {
    if (!VERSION.equals(scan.text(envelope))) {
      throw new BrokenEnvelopeException("header " + RedriveHeaders.ENVELOPE, "1 expected");
    }
    RawBytes value = inbound.raw().value();
    if (value == null) {
      throw new BrokenEnvelopeException("$", "the record has no value");
    }
    EnvelopeRecord whole = EnvelopeReader.read(value.array(), scan.warnings());
    List<Slice> parts = whole.parts();
    if (parts == null) {
      return List.of(told(whole, null, whole.metadata(), inbound, inbound.raw(), -1, scan));
    }
    if (whole.payload().exists()) {
      throw new BrokenEnvelopeException("$", "both records and a payload of its own");
    }
    return batch(whole, parts, inbound, scan);
  }

  private static List<Told> batch(
      EnvelopeRecord whole, List<Slice> parts, Inbound inbound, HeaderScan scan)
      throws BrokenEnvelopeException {
    ObjectNode shared = object(whole.metadata());
    if (!shared.hasNonNull("batch_id")) {
      shared.put("batch_id", inbound.coordinates().toString());
    }
    String metadata = shared.toString();
    JsonNode batchId = shared.get("batch_id");
    List<Told> told = new ArrayList<>(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      EnvelopeRecord own = parts.get(i).record();
      String merged = metadata;
      if (own.metadata() != null) {
        merged = object(own.metadata()).set("batch_id", batchId).toString();
      }
      RawRecord raw = new RawRecord(null, parts.get(i).json(), PART_HEADERS);
      told.add(told(own, whole, merged, inbound, raw, i, scan));
    }
    return told;
  }

  private static Told told(
      EnvelopeRecord own,
      @Nullable EnvelopeRecord batch,
      @Nullable String metadata,
      Inbound inbound,
      RawRecord raw,
      int number,
      HeaderScan scan) {
    Shared fields = new Shared(own, batch, scan.warnings());
    RawRecord payload = payload(own.payload(), raw).orElse(null);
    Long failed = fields.time("failed_at");
    return new Told(
        new Ids(
            fields.text("pipeline_id"),
            own.text("record_id"),
            fields.text("connection_id"),
            fields.text("pipeline_run_id"),
            true),
        fields.error(),
        fields.source(),
        own.text("source.topic"),
        new Times(failed == null ? inbound.writtenAt() : failed, fields.time("first_failed_at")),
        fields.count("retry_count"),
        payload == null ? Fidelity.MISSING : Fidelity.EXTRACTED,
        new Extras(
            Fields.kind(fields.text("failure_kind"), "$.failure_kind", scan.warnings()),
            own.labels().isEmpty() && batch != null ? batch.labels() : own.labels(),
            metadata,
            HttpFields.delivery(own.http(), scan.warnings()),
            HttpFields.facts(own.http(), scan.warnings())),
        new Part(raw, payload, number));
  }

  /** A record's fields, or those that its batch says once for all. */
  private record Shared(EnvelopeRecord own, @Nullable EnvelopeRecord batch, Warnings warnings) {
    @Nullable String text(String field) {
      String text = own.text(field);
      return text == null && batch != null ? batch.text(field) : text;
    }

    @Nullable Long time(String field) {
      return Fields.time(text(field), "$.", field, warnings);
    }

    @Nullable Integer count(String field) {
      return Hops.partition(number(field));
    }

    FailureError error() {
      return new FailureError(
          text("error.code"),
          shared("error.message"),
          text("error.class"),
          text("error.root_cause"),
          shared("error.stack_trace"));
    }

    private @Nullable String shared(String field) {
      String text = text(field);
      List<Slice> parts = batch == null ? null : batch.parts();
      if (parts == null || own.text(field) != null) {
        return text;
      }
      return Texts.bounded(text, MAX_SHARED / parts.size() / 2, "$." + field, warnings);
    }

    Source source() {
      return new Source(
          own.text("source.topic"),
          Hops.partition(number("source.partition")),
          Hops.offset(number("source.offset")),
          Fields.time(own.text("source.timestamp"), "$.", "source.timestamp", warnings),
          own.text("source.consumer_group"));
    }

    private @Nullable Long number(String field) {
      String text = field.startsWith("source.") ? own.text(field) : text(field);
      if (text == null) {
        return null;
      }
      Long number = Numbers.decimal(text.getBytes(StandardCharsets.UTF_8));
      if (number == null) {
        warnings.add("$." + field + ": a whole number expected; ignored");
      }
      return number;
    }
  }

  @Override
  public boolean strips(String header) {
    return RedriveHeaders.isOurs(header);
  }

  @Override
  public Optional<RawRecord> unwrap(RawRecord raw) {
    RawBytes value = raw.value();
    try {
      return value == null
          ? Optional.empty()
          : payload(EnvelopeReader.read(value.array(), new Warnings()).payload(), raw);
    } catch (BrokenEnvelopeException e) {
      return Optional.empty();
    }
  }

  /** One record of a batch as its letter keeps it. */
  @Override
  public Optional<RawRecord> part(RawRecord raw, int number) {
    RawBytes value = raw.value();
    try {
      List<Slice> parts =
          value == null ? null : EnvelopeReader.read(value.array(), new Warnings()).parts();
      if (parts == null) {
        return Optional.of(raw);
      }
      return number < 0 || number >= parts.size()
          ? Optional.empty()
          : Optional.of(new RawRecord(null, parts.get(number).json(), PART_HEADERS));
    } catch (BrokenEnvelopeException e) {
      return Optional.empty();
    }
  }

  private static Optional<RawRecord> payload(Payload payload, RawRecord raw) {
    if (!payload.exists()) {
      return Optional.empty();
    }
    List<Header> headers = payload.headers();
    return Optional.of(
        new RawRecord(
            payload.hasKey() ? payload.key() : raw.key(),
            payload.value(),
            headers == null ? raw.headers() : headers));
  }

  private static ObjectNode object(@Nullable String json) throws BrokenEnvelopeException {
    try {
      return json == null ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new BrokenEnvelopeException("$.metadata", "no JSON: " + e.getOriginalMessage());
    }
  }

  @Override
  public About about() {
    return About.of("Redrive's own envelope", "the schema `envelope.json`")
        .proof("`redrive-envelope` = `1`")
        .origin("`source`")
        .failedAt("`failed_at`, else the record's timestamp")
        .fills("Every field of a letter; one letter for each of `records`.")
        .silent("What the producer leaves out.")
        .setUp("For producers that can't put the failure into headers, and for failed batches.")
        .strips(List.of("redrive-*"));
  }
}
