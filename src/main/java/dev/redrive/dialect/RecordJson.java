// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record that somebody wrote down to see what would become of it: {@code topic}, {@code
 * partition}, {@code offset}, {@code timestamp}, {@code key} or {@code key_base64}, {@code value}
 * or {@code value_base64}, and {@code headers}, an array of {@code {"name", "value" or
 * "value_base64"}}. What {@code kcat -J} prints is read as it is: there the value is {@code
 * payload}, the timestamp {@code ts}, and headers are names and texts in turn.
 */
public final class RecordJson {
  /** The fields of the object. */
  public static final Set<String> FIELDS =
      Set.of(
          "topic",
          "partition",
          "offset",
          "timestamp",
          "key",
          "key_base64",
          "value",
          "value_base64",
          "headers",
          "payload",
          "ts",
          "tstype",
          "broker");

  private static final Set<String> HEADER_FIELDS = Set.of("name", "value", "value_base64");
  private static final int MAX_TOPIC = 249;
  private static final UUID NO_TOPIC_ID = new UUID(0, 0);

  private RecordJson() {}

  /**
   * The record as if it had been consumed now.
   *
   * @param now epoch milliseconds
   */
  public static Inbound read(JsonNode json, long now) throws BadRecordException {
    if (!json.isObject()) {
      throw new BadRecordException("body", "must be a JSON object");
    }
    for (var field : json.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        throw new BadRecordException(field.getKey(), "is not a field of a record");
      }
    }
    String topic = text(json, "topic");
    if (topic == null || topic.isEmpty() || topic.length() > MAX_TOPIC) {
      throw new BadRecordException("topic", "must be the name of the error topic it lies on");
    }
    RawRecord raw =
        new RawRecord(
            bytes(json, "key", "key_base64"),
            json.has("payload")
                ? bytes(json, "payload", "value_base64")
                : bytes(json, "value", "value_base64"),
            headers(json.path("headers")));
    String time = json.has("ts") ? "ts" : "timestamp";
    return new Inbound(
        raw,
        NO_TOPIC_ID,
        topic,
        (int) number(json, "partition", Integer.MAX_VALUE),
        number(json, "offset", Long.MAX_VALUE),
        timestamp(json.path(time), time, now),
        now);
  }

  private static long number(JsonNode json, String field, long max) throws BadRecordException {
    JsonNode node = json.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return 0;
    }
    if (!node.isIntegralNumber()
        || !node.canConvertToLong()
        || node.longValue() < 0
        || node.longValue() > max) {
      throw new BadRecordException(field, "must be a whole number from 0 to " + max);
    }
    return node.longValue();
  }

  private static long timestamp(JsonNode node, String field, long now) throws BadRecordException {
    if (node.isMissingNode() || node.isNull()) {
      return now;
    }
    if (node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= -1) {
      return node.longValue();
    }
    try {
      if (node.isTextual()) {
        return OffsetDateTime.parse(node.textValue()).toInstant().toEpochMilli();
      }
    } catch (DateTimeException | ArithmeticException e) {
      // Said below, in the same words as another type.
    }
    throw new BadRecordException(field, "must be epoch milliseconds or a time in ISO 8601");
  }

  private static List<Header> headers(JsonNode node) throws BadRecordException {
    List<Header> headers = new ArrayList<>();
    if (node.isMissingNode() || node.isNull()) {
      return headers;
    }
    if (!node.isArray()) {
      throw new BadRecordException("headers", "must be an array of {name, value}");
    }
    boolean inTurn = node.size() > 0 && node.get(0).isTextual();
    for (int i = 0; i < node.size(); i += inTurn ? 2 : 1) {
      headers.add(inTurn ? inTurn(node, i) : header(node.get(i), "headers[" + i + "]"));
    }
    return headers;
  }

  private static Header inTurn(JsonNode node, int index) throws BadRecordException {
    JsonNode value = node.path(index + 1);
    if (!node.get(index).isTextual() || !(value.isTextual() || value.isNull())) {
      throw new BadRecordException("headers", "must be names and texts in turn");
    }
    return new Header(
        node.get(index).textValue(), value.isNull() ? null : RawBytes.utf8(value.textValue()));
  }

  private static Header header(JsonNode node, String where) throws BadRecordException {
    String name = node.isObject() ? node.path("name").textValue() : null;
    if (name == null) {
      throw new BadRecordException(where, "must be an object with a name");
    }
    for (var field : node.properties()) {
      if (!HEADER_FIELDS.contains(field.getKey())) {
        throw new BadRecordException(where + "." + field.getKey(), "is not a field of a header");
      }
    }
    return new Header(name, bytes(node, "value", "value_base64"));
  }

  private static @Nullable RawBytes bytes(JsonNode json, String asText, String asBase64)
      throws BadRecordException {
    String text = text(json, asText);
    String base64 = text(json, asBase64);
    if (text != null && base64 != null) {
      throw new BadRecordException(asBase64, "stands beside " + asText + "; give one of them");
    }
    if (text != null) {
      return RawBytes.utf8(text);
    }
    try {
      return base64 == null ? null : RawBytes.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(asBase64, "must be base64");
    }
  }

  private static @Nullable String text(JsonNode json, String field) throws BadRecordException {
    JsonNode node = json.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    if (!node.isTextual()) {
      throw new BadRecordException(field, "must be a text, also where it holds JSON");
    }
    return node.textValue();
  }
}
