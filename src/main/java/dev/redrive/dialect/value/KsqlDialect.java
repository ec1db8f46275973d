// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.value;

import com.fasterxml.jackson.databind.JsonNode;
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
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.MetadataText;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * ksqlDB's processing log. Source: "Processing log" of ksqlDB's reference. It logs what went wrong
 * with a row; only a value that could not be deserialised is there in its bytes, without key,
 * headers and place. Names are taken in any case, since a query of the log writes them in capitals.
 */
public final class KsqlDialect implements Dialect {
  private static final String LOGGER = "processing.";
  private static final String DESERIALIZATION = "deserializationError";

  /** By the number that {@code message.type} has: the code, and the field with its details. */
  private static final List<Kind> KINDS =
      List.of(
          new Kind("DESERIALIZATION", DESERIALIZATION),
          new Kind("RECORD_PROCESSING", "recordProcessingError"),
          new Kind("PRODUCTION", "productionError"),
          new Kind("SERIALIZATION", "serializationError"),
          new Kind("THREAD", "kafkaStreamsThreadError"));

  private record Kind(String code, String field) {}

  @Override
  public String name() {
    return "ksqldb";
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
    Entry entry = Entry.of(inbound.raw());
    JsonNode details = entry.details();
    Long time = JsonTree.place(JsonTree.anyCase(entry.log(), "time"));
    String topic = JsonTree.text(JsonTree.anyCase(details, "topic"));
    RawRecord payload = entry.payload().orElse(null);
    if (payload != null) {
      scan.warnings()
          .add("ksqlDB logs a record's value only: a replay of it has neither key nor headers");
    }
    return List.of(
        new Told(
            Ids.pipeline(entry.queryId()),
            entry.error(),
            new Source(topic, null, null, null, null),
            topic,
            Times.at(time == null ? inbound.writtenAt() : time),
            null,
            entry.fidelity(),
            Extras.metadata(
                new MetadataText(scan.warnings())
                    .put("logger", entry.logger())
                    .put("target", JsonTree.text(JsonTree.anyCase(details, "target")))
                    .json()),
            payload == null ? null : new Part(inbound.raw(), payload, -1)));
  }

  /**
   * An entry of the log.
   *
   * @param log all of it
   * @param kind what went wrong
   * @param details the part of the message that tells of it; null where it is not there
   */
  private record Entry(ObjectNode log, String logger, Kind kind, @Nullable JsonNode details) {

    static Entry of(RawRecord raw) throws BrokenEnvelopeException {
      ObjectNode log = JsonTree.object(raw.value());
      String logger = JsonTree.text(JsonTree.anyCase(log, "logger"));
      JsonNode message = JsonTree.anyCase(log, "message");
      if (logger == null || !logger.startsWith(LOGGER) || message == null) {
        throw new BrokenEnvelopeException("$", "a logger processing.<query> and message expected");
      }
      Integer type = JsonTree.count(JsonTree.anyCase(message, "type"));
      if (type == null || type >= KINDS.size()) {
        throw new BrokenEnvelopeException("$.message.type", "0 to 4 expected");
      }
      Kind kind = KINDS.get(type);
      return new Entry(log, logger, kind, JsonTree.anyCase(message, kind.field()));
    }

    /** The part of the logger's name after the prefix. */
    String queryId() {
      String rest = logger.substring(LOGGER.length());
      int end = rest.indexOf('.');
      return end < 0 ? rest : rest.substring(0, end);
    }

    /** The causes are messages without classes, the deepest last, so they make no trace. */
    FailureError error() {
      StringBuilder message = new StringBuilder();
      String first = JsonTree.text(JsonTree.anyCase(details, "errorMessage"));
      message.append(first == null ? "" : first);
      JsonNode causes = JsonTree.anyCase(details, "cause");
      if (causes != null && causes.isArray()) {
        for (JsonNode cause : causes) {
          if (cause.isTextual()) {
            message.append(message.isEmpty() ? "" : "; ").append(cause.textValue());
          }
        }
      }
      return new FailureError(
          kind.code(), message.isEmpty() ? null : message.toString(), null, null, null);
    }

    Optional<RawRecord> payload() {
      String target = JsonTree.text(JsonTree.anyCase(details, "target"));
      String bytes = JsonTree.text(JsonTree.anyCase(details, "recordB64"));
      if (!kind.field().equals(DESERIALIZATION)
          || bytes == null
          || (target != null && !target.equalsIgnoreCase("value"))) {
        return Optional.empty();
      }
      try {
        return Optional.of(
            new RawRecord(null, RawBytes.of(Base64.getDecoder().decode(bytes)), List.of()));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    Fidelity fidelity() {
      if (payload().isPresent()) {
        return Fidelity.EXTRACTED;
      }
      JsonNode printed = JsonTree.anyCase(details, "record");
      return printed == null || printed.isNull() ? Fidelity.MISSING : Fidelity.TEXT_ONLY;
    }
  }

  @Override
  public boolean strips(String header) {
    return false;
  }

  @Override
  public Optional<RawRecord> unwrap(RawRecord raw) {
    try {
      return Entry.of(raw).payload();
    } catch (BrokenEnvelopeException e) {
      return Optional.empty();
    }
  }

  @Override
  public About about() {
    return About.of(
            "ksqlDB's processing log", "the page on the processing log in ksqlDB's reference")
        .proof("the settings, and a JSON object with `logger` = `processing.…` and `message.type`")
        .pipeline("the query's id")
        .origin("the topic, where it tells; neither partition nor offset")
        .failedAt("`time`, else the record's timestamp")
        .fills("The type of error as code; the message with its causes.")
        .silent(
            "Which record it was: each entry is a letter. Only a value that could not be"
                + " deserialised can be replayed, without key and headers; of others there is at"
                + " most a printed form.")
        .setUp(
            "`errors.dialects.<topic>: ksqldb`, and in ksqlDB"
                + " `ksql.logging.processing.rows.include=true` for the bytes.");
  }
}
