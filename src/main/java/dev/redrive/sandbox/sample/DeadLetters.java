// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Writes dead letters in Redrive's own dialect: the record as it was with {@code redrive-*} headers
 * added, or, for failed HTTP deliveries, a JSON envelope around it. A replay's own {@code
 * redrive-*} headers go back as they came, so that Redrive knows its letter again.
 */
final class DeadLetters {
  static final String PREFIX = "redrive-";
  static final String PIPELINE_ID = "redrive-pipeline-id";
  static final String RECORD_ID = "redrive-record-id";

  private final String topic;
  private final String pipelineId;
  private final String pipelineRunId;

  DeadLetters(String topic, String pipelineId, String pipelineRunId) {
    this.topic = topic;
    this.pipelineId = pipelineId;
    this.pipelineRunId = pipelineRunId;
  }

  ProducerRecord<byte[], byte[]> of(ConsumerRecord<byte[], byte[]> record, GivenUp givenUp) {
    ObjectNode http = givenUp.failed().http();
    return http == null ? withHeaders(record, givenUp) : enveloped(record, givenUp, http);
  }

  private ProducerRecord<byte[], byte[]> withHeaders(
      ConsumerRecord<byte[], byte[]> record, GivenUp givenUp) {
    Failed failed = givenUp.failed();
    Headers headers = new RecordHeaders(record.headers());
    put(headers, RECORD_ID, RecordFacts.recordId(record));
    put(headers, PIPELINE_ID, pipelineId);
    put(headers, "redrive-pipeline-run-id", pipelineRunId);
    put(headers, "redrive-connection-id", failed.connectionId());
    put(headers, "redrive-failure-kind", kind(failed));
    put(headers, "redrive-error-code", failed.code());
    put(headers, "redrive-error-message", failed.message());
    put(headers, "redrive-error-class", className(failed.cause()));
    put(headers, "redrive-error-root-cause", className(rootCause(failed.cause())));
    put(headers, "redrive-error-stack-trace", stackTrace(failed.cause()));
    put(headers, "redrive-failed-at", time(givenUp.failedAt()));
    put(headers, "redrive-first-failed-at", time(givenUp.firstFailedAt()));
    put(headers, "redrive-retry-count", String.valueOf(givenUp.retries()));
    put(headers, "redrive-source-topic", record.topic());
    put(headers, "redrive-source-partition", String.valueOf(record.partition()));
    put(headers, "redrive-source-offset", String.valueOf(record.offset()));
    put(headers, "redrive-source-timestamp", String.valueOf(record.timestamp()));
    failed.labels().forEach(label -> headers.add("redrive-label", label.getBytes(UTF_8)));
    failed.metadata().forEach((name, value) -> put(headers, "redrive-metadata-" + name, value));
    return new ProducerRecord<>(topic, null, record.key(), record.value(), headers);
  }

  private ProducerRecord<byte[], byte[]> enveloped(
      ConsumerRecord<byte[], byte[]> record, GivenUp givenUp, ObjectNode http) {
    Failed failed = givenUp.failed();
    ObjectNode json = RecordFacts.JSON.createObjectNode();
    json.put("pipeline_id", pipelineId);
    json.put("record_id", RecordFacts.recordId(record));
    json.put("connection_id", failed.connectionId());
    json.put("pipeline_run_id", pipelineRunId);
    json.put("failure_kind", kind(failed));
    json.set("error", error(failed));
    json.put("failed_at", time(givenUp.failedAt()));
    json.put("first_failed_at", time(givenUp.firstFailedAt()));
    json.put("retry_count", givenUp.retries());
    json.set("source", source(record));
    json.set("metadata", RecordFacts.JSON.valueToTree(failed.metadata()));
    json.set("labels", RecordFacts.JSON.valueToTree(failed.labels()));
    json.put("key", record.key());
    json.put("value", record.value());
    json.set("headers", businessHeaders(record));
    json.set("http", http);
    Headers headers = replayHeaders(record);
    put(headers, "redrive-envelope", "1");
    return new ProducerRecord<>(topic, null, record.key(), bytes(json), headers);
  }

  private static ObjectNode error(Failed failed) {
    ObjectNode error = RecordFacts.JSON.createObjectNode();
    error.put("code", failed.code());
    error.put("message", failed.message());
    error.put("class", className(failed.cause()));
    error.put("root_cause", className(rootCause(failed.cause())));
    error.put("stack_trace", stackTrace(failed.cause()));
    return error;
  }

  private static ObjectNode source(ConsumerRecord<byte[], byte[]> record) {
    ObjectNode source = RecordFacts.JSON.createObjectNode();
    source.put("topic", record.topic());
    source.put("partition", record.partition());
    source.put("offset", record.offset());
    source.put("timestamp", record.timestamp());
    return source;
  }

  private static ArrayNode businessHeaders(ConsumerRecord<byte[], byte[]> record) {
    ArrayNode headers = RecordFacts.JSON.createArrayNode();
    for (Header header : record.headers()) {
      if (!header.key().startsWith(PREFIX)) {
        headers.addObject().put("name", header.key()).put("value", header.value());
      }
    }
    return headers;
  }

  private static Headers replayHeaders(ConsumerRecord<byte[], byte[]> record) {
    Headers headers = new RecordHeaders();
    for (Header header : record.headers()) {
      if (header.key().startsWith(PREFIX)) {
        headers.add(header);
      }
    }
    return headers;
  }

  private static void put(Headers headers, String name, @Nullable String value) {
    headers.remove(name);
    if (value != null) {
      headers.add(name, value.getBytes(UTF_8));
    }
  }

  private static String kind(Failed failed) {
    return failed.cause() == null ? "verification" : "exception";
  }

  private static String time(long epochMillis) {
    return Instant.ofEpochMilli(epochMillis).toString();
  }

  private static @Nullable String className(@Nullable Throwable thrown) {
    return thrown == null ? null : thrown.getClass().getName();
  }

  private static @Nullable Throwable rootCause(@Nullable Throwable thrown) {
    Throwable root = thrown;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static @Nullable String stackTrace(@Nullable Throwable thrown) {
    if (thrown == null) {
      return null;
    }
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static byte[] bytes(ObjectNode json) {
    try {
      return RecordFacts.JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of strings and numbers can be written", e);
    }
  }
}
