// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.dialect.Explanation.WouldBe;
import dev.redrive.dialect.convention.About;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is known of dialects, and what a record would become, as JSON for HTTP and terminal. */
public final class ExplanationJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private ExplanationJson() {}

  /** Every dialect, in the order in which they are tried. */
  public static ArrayNode dialects() {
    ArrayNode all = NODES.arrayNode();
    for (Dialect dialect : Dialects.known()) {
      all.add(about(dialect.name(), dialect.about()));
    }
    return all;
  }

  private static ObjectNode about(String name, About about) {
    ObjectNode json = NODES.objectNode();
    json.put("name", name);
    json.put("producer", about.producer());
    json.put("follows", about.follows());
    json.put("recognised_by", about.proof());
    json.put("pipeline_id", about.pipeline());
    json.put("source", about.origin());
    json.put("failed_at", about.failedAt());
    json.put("fills", about.fills());
    json.put("cannot_tell", about.silent());
    json.put("set_up", about.setUp());
    json.set("strips", texts(about.strips()));
    return json;
  }

  public static ObjectNode of(Explanation explanation) {
    ObjectNode json = NODES.objectNode();
    json.put("dialect", explanation.dialect());
    json.set("about", about(explanation.dialect(), explanation.about()));
    json.put("letter_count", explanation.total());
    ArrayNode letters = json.putArray("letters");
    explanation.letters().forEach(letter -> letters.add(letter(letter)));
    return json;
  }

  private static ObjectNode letter(WouldBe letter) {
    FailureFacts facts = letter.failure().facts();
    FailureDetail detail = letter.failure().detail();
    FailureError error = detail.error();
    ObjectNode json = NODES.objectNode();
    json.put("id", letter.failure().id().toString());
    json.put("pipeline_id", facts.pipelineId());
    json.put("record_id", facts.recordId());
    json.put("group_id", facts.groupId());
    json.set("conventions", texts(detail.conventions()));
    json.put("kind", word(facts.kind()));
    json.put("error_code", facts.errorCode());
    json.put("error_message", error.message());
    json.put("error_class", error.className());
    json.put("root_cause", error.rootCause());
    json.put("stack_trace", error.stackTrace());
    json.put("failed_at", time(facts.failedAt()));
    json.put("first_failed_at", time(facts.firstFailedAt()));
    json.put("retry_count", facts.retryCount());
    json.put("connection_id", facts.connectionId());
    json.put("pipeline_run_id", facts.pipelineRunId());
    json.set("labels", texts(facts.labels()));
    json.put("metadata", detail.metadata());
    json.set("source", source(detail.source()));
    json.put("fidelity", word(facts.fidelity()));
    json.set("warnings", texts(detail.warnings()));
    json.set("replay", replay(letter, facts));
    return json;
  }

  private static ObjectNode source(Source source) {
    Long timestamp = source.timestamp();
    return NODES
        .objectNode()
        .put("topic", source.topic())
        .put("partition", source.partition())
        .put("offset", source.offset())
        .put("timestamp", timestamp == null ? null : time(timestamp))
        .put("consumer_group", source.consumerGroup());
  }

  private static ObjectNode replay(WouldBe letter, FailureFacts facts) {
    ObjectNode json = NODES.objectNode();
    json.put("possible", letter.sent() != null);
    json.put("refusal", letter.refusal());
    json.put("note", letter.note());
    json.put("origin_topic", facts.sourceTopic());
    json.set("strips", texts(letter.stripped()));
    RawRecord sent = letter.sent();
    json.set("sends", sent == null ? NODES.nullNode() : record(sent));
    return json;
  }

  private static ObjectNode record(RawRecord record) {
    ObjectNode json = NODES.objectNode();
    json.set("key", bytes(record.key()));
    json.set("value", bytes(record.value()));
    ArrayNode headers = json.putArray("headers");
    for (Header header : record.headers()) {
      headers.addObject().put("name", header.name()).set("value", bytes(header.value()));
    }
    return json;
  }

  /** As text where that loses nothing. */
  private static JsonNode bytes(@Nullable RawBytes bytes) {
    if (bytes == null) {
      return NODES.nullNode();
    }
    String text = bytes.text();
    return RawBytes.utf8(text).equals(bytes)
        ? NODES.objectNode().put("text", text)
        : NODES.objectNode().put("base64", Base64.getEncoder().encodeToString(bytes.array()));
  }

  private static String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis));
  }

  private static ArrayNode texts(List<String> texts) {
    ArrayNode array = NODES.arrayNode();
    texts.forEach(array::add);
    return array;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
