// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.http.IsoTime;
import dev.redrive.http.Json;
import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureDetail.Cut;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterState;
import dev.redrive.letter.LetterState.Parked;
import dev.redrive.letter.LetterState.Pending;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.Source;
import dev.redrive.letter.TraceContext;
import dev.redrive.preview.Preview;
import dev.redrive.preview.Previews;
import dev.redrive.preview.Seen;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A letter as the desk shows it. Every field is always there; null: unknown. */
final class LetterJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Previews previews;

  LetterJson(Previews previews) {
    this.previews = previews;
  }

  /** As in a list: with the first fields of the payload. */
  ObjectNode entry(Letter stored, boolean reveals) {
    return entry(stored, previews.masks().seen(stored, reveals), reveals);
  }

  /** Alone: with everything. */
  ObjectNode whole(Letter stored, boolean reveals) {
    // First: from then on the list's form is remembered too.
    Preview preview = previews.of(stored, reveals);
    Seen seen = previews.masks().seen(stored, reveals);
    Letter letter = seen.letter();
    FailureDetail detail = letter.detail();
    ObjectNode json = entry(stored, seen, reveals);
    json.put("pipeline_run_id", letter.head().facts().pipelineRunId());
    json.put("error_class", detail.error().className());
    json.put("root_cause", detail.error().rootCause());
    json.put("stack_trace", detail.error().stackTrace());
    json.set("payload", payload(seen));
    json.set("preview", PreviewJson.write(preview));
    json.set("metadata", metadata(detail.metadata()));
    json.set("cut", cut(detail.cut()));
    return json;
  }

  /**
   * As in an export: with the payload, but not decoded by a schema registry, which would be asked
   * for as long as the export lasts.
   */
  ObjectNode exported(Letter stored, boolean reveals) {
    Seen seen = previews.masks().seen(stored, reveals);
    FailureDetail detail = seen.letter().detail();
    ObjectNode json = entry(stored, seen, reveals);
    json.put("pipeline_run_id", stored.head().facts().pipelineRunId());
    json.put("error_class", detail.error().className());
    json.put("root_cause", detail.error().rootCause());
    json.set("payload", payload(seen));
    json.set("metadata", metadata(detail.metadata()));
    json.set("cut", cut(detail.cut()));
    return json;
  }

  /** The value that a replay sends; null for a tombstone and where the letter holds no record. */
  private static JsonNode payload(Seen seen) {
    return seen.hidden() == null ? PayloadJson.whole(value(seen)) : hidden(seen.hidden());
  }

  private JsonNode rowPreview(Letter stored, Seen seen, boolean reveals) {
    Optional<JsonNode> decoded = previews.remembered(stored, reveals);
    if (decoded.isPresent()) {
      return PayloadJson.preview(RawBytes.of(Json.bytes(decoded.get())), false);
    }
    Cut cut = seen.letter().detail().cut();
    return seen.hidden() == null
        ? PayloadJson.preview(value(seen), cut != null && cut.payload())
        : hidden(seen.hidden());
  }

  /** Null where the record has none, or a mask hides it. */
  private static @Nullable String traceId(Seen seen) {
    return seen.payload() == null
        ? null
        : TraceContext.of(seen.payload().headers()).map(TraceContext::traceId).orElse(null);
  }

  private static ObjectNode hidden(String why) {
    return NODES.objectNode().put("hidden", why);
  }

  private static @Nullable RawBytes value(Seen seen) {
    return seen.payload() == null ? null : seen.payload().value();
  }

  private ObjectNode entry(Letter stored, Seen seen, boolean reveals) {
    Letter letter = seen.letter();
    LetterHead head = letter.head();
    FailureFacts facts = head.facts();
    FailureDetail detail = letter.detail();
    ObjectNode json = NODES.objectNode();
    json.put("id", letter.id().toString());
    json.put("pipeline_id", facts.pipelineId());
    json.put("connection_id", facts.connectionId());
    json.put("error_code", facts.errorCode());
    json.put("error_message", detail.error().message());
    json.put("failed_at", IsoTime.write(facts.failedAt()));
    json.put("retry_count", facts.retryCount());
    json.set("row_preview", rowPreview(stored, seen, reveals));
    json.put("record_id", facts.recordId());
    putState(json, head.state());
    json.put("attempt_count", head.attemptCount());
    json.put("origin", word(facts.origin()));
    json.put("kind", word(facts.kind()));
    json.put("created_at", IsoTime.write(head.createdAt()));
    json.put("updated_at", IsoTime.write(head.updatedAt()));
    json.put("first_failed_at", IsoTime.write(head.firstFailedAt()));
    json.put("group_id", facts.groupId());
    json.put("dialect", detail.dialect());
    json.set("warnings", texts(detail.warnings()));
    json.put("last_run_id", head.lastRunId());
    json.put("trace_id", traceId(seen));
    json.set("labels", texts(facts.labels()));
    json.set("source", source(detail.source()));
    json.set("dead_letter", deadLetter(facts.position()));
    return json;
  }

  private static void putState(ObjectNode json, LetterState state) {
    String reason = null;
    boolean unconfirmed = false;
    Long retryAt = null;
    if (state instanceof Pending pending) {
      reason = pending.reason();
      unconfirmed = pending.unconfirmed();
      retryAt = pending.retryAt();
    } else if (state instanceof Parked parked) {
      reason = parked.reason();
    }
    json.put("status", word(state.status()));
    json.put("status_reason", reason);
    json.put("unconfirmed", unconfirmed);
    json.put("retry_at", retryAt == null ? null : IsoTime.write(retryAt));
  }

  private static ObjectNode source(Source source) {
    ObjectNode json = NODES.objectNode();
    Long timestamp = source.timestamp();
    json.put("topic", source.topic());
    json.put("partition", source.partition());
    json.put("offset", source.offset());
    json.put("timestamp", timestamp == null || timestamp < 0 ? null : IsoTime.write(timestamp));
    return json;
  }

  /** Null for a letter that was added by hand: it lies on no error topic. */
  private static @Nullable ObjectNode deadLetter(DeadLetterPosition position) {
    return position.exists()
        ? NODES
            .objectNode()
            .put("topic", position.topic())
            .put("partition", position.partition())
            .put("offset", position.offset())
        : null;
  }

  private static @Nullable ObjectNode cut(@Nullable Cut cut) {
    return cut == null
        ? null
        : NODES
            .objectNode()
            .put("value_bytes", cut.valueBytes())
            .put("trace_bytes", cut.traceBytes())
            .put("header_bytes", cut.headerBytes());
  }

  /** An object even where what was stored is none. */
  private static ObjectNode metadata(@Nullable String stored) {
    if (stored == null) {
      return NODES.objectNode();
    }
    try {
      if (Json.MAPPER.readTree(stored) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      // Shown as text below.
    }
    return NODES.objectNode().put("text", stored);
  }

  private static ArrayNode texts(List<String> texts) {
    var array = NODES.arrayNode();
    texts.forEach(array::add);
    return array;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
