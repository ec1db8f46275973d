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
import dev.redrive.dialect.header.Fields;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.MetadataText;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Vector's {@code remap} transform with {@code reroute_dropped}, behind a {@code kafka} source and
 * before a sink that writes JSON. Source: {@code src/transforms/remap.rs} and the kafka source's
 * output in Vector's reference. The event holds the record as text under {@code message}; one that
 * was decoded into fields can't be put together again. The sink writes the event's time as the
 * record's timestamp, so the failure's is that of its arrival.
 */
public final class VectorDialect implements Dialect {
  @Override
  public String name() {
    return "vector";
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
    ObjectNode event = JsonTree.object(inbound.raw().value());
    JsonNode dropped = event.path("metadata").path("dropped");
    if (!dropped.isObject()) {
      throw new BrokenEnvelopeException("$.metadata.dropped", "an object expected");
    }
    Source source =
        new Source(
            JsonTree.text(event.get("topic")),
            JsonTree.count(event.get("partition")),
            JsonTree.place(event.get("offset")),
            Fields.time(
                JsonTree.scalar(event.get("timestamp")), "$.", "timestamp", scan.warnings()),
            null);
    RawRecord payload = payload(event).orElse(null);
    return List.of(
        new Told(
            Ids.NONE,
            new FailureError(
                JsonTree.text(dropped.get("reason")),
                JsonTree.text(dropped.get("message")),
                null,
                null,
                null),
            source,
            source.topic(),
            Times.at(inbound.arrivedAt()),
            null,
            fidelity(payload),
            Extras.metadata(metadata(dropped, scan)),
            payload == null ? null : new Part(inbound.raw(), payload, -1)));
  }

  private static @Nullable String metadata(JsonNode dropped, HeaderScan scan) {
    return new MetadataText(scan.warnings())
        .put("component_id", JsonTree.text(dropped.get("component_id")))
        .put("component_type", JsonTree.text(dropped.get("component_type")))
        .put("component_kind", JsonTree.text(dropped.get("component_kind")))
        .json();
  }

  /** Vector replaces what is no UTF-8. */
  private static Fidelity fidelity(@Nullable RawRecord payload) {
    RawBytes value = payload == null ? null : payload.value();
    if (value == null) {
      return Fidelity.TEXT_ONLY;
    }
    return value.text().indexOf('\uFFFD') >= 0 ? Fidelity.RESERIALIZED : Fidelity.EXTRACTED;
  }

  private static Optional<RawRecord> payload(ObjectNode event) {
    String message = JsonTree.text(event.get("message"));
    if (message == null) {
      return Optional.empty();
    }
    String key = JsonTree.text(event.get("message_key"));
    return Optional.of(
        new RawRecord(
            key == null ? null : RawBytes.utf8(key),
            RawBytes.utf8(message),
            headers(event.get("headers"))));
  }

  /** A header's value is a text, or an array of them where it was there more than once. */
  private static List<Header> headers(@Nullable JsonNode node) {
    List<Header> headers = new ArrayList<>();
    if (node != null && node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        JsonNode value = field.getValue();
        if (value.isTextual()) {
          headers.add(Header.utf8(field.getKey(), value.textValue()));
        }
        for (JsonNode each : value) {
          if (each.isTextual()) {
            headers.add(Header.utf8(field.getKey(), each.textValue()));
          }
        }
      }
    }
    return headers;
  }

  @Override
  public boolean strips(String header) {
    return false;
  }

  @Override
  public Optional<RawRecord> unwrap(RawRecord raw) {
    try {
      return payload(JsonTree.object(raw.value()));
    } catch (BrokenEnvelopeException e) {
      return Optional.empty();
    }
  }

  @Override
  public About about() {
    return About.of(
            "Vector, `remap` with `reroute_dropped`", "`remap.rs` and the kafka source of Vector")
        .proof("the settings, and a JSON object with `metadata.dropped`")
        .origin("`topic`, `partition`, `offset` of the event")
        .failedAt(About.ARRIVAL)
        .fills(
            "The reason as code (`error`, `abort`), the message, the component as metadata; key,"
                + " headers and timestamp of the original.")
        .silent(
            "Trace, attempts, and whether a header was null. An event without `message`, one that"
                + " the source had decoded, can't be replayed.")
        .setUp(
            "`errors.dialects.<topic>: vector`; in Vector `reroute_dropped: true`,"
                + " `drop_on_error: true`, the `<remap>.dropped` output into a kafka sink with JSON"
                + " encoding.");
  }
}
