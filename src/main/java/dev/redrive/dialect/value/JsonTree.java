// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.value;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.dialect.convention.BrokenEnvelopeException;
import dev.redrive.letter.RawBytes;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record's value as a JSON object, and its fields as they are wanted; what is not there is null.
 */
final class JsonTree {
  static final ObjectMapper JSON = new ObjectMapper();

  /** A JSON object of small nodes takes many times its size in memory once it is a tree. */
  static final int MAX_TREE = 4 * 1024 * 1024;

  private JsonTree() {}

  static ObjectNode object(@Nullable RawBytes value) throws BrokenEnvelopeException {
    byte[] bytes = utf8(value);
    if (bytes.length > MAX_TREE) {
      throw new BrokenEnvelopeException(
          "$", bytes.length + " bytes, more than " + MAX_TREE + ", of which no tree is made");
    }
    try {
      if (JSON.readTree(bytes) instanceof ObjectNode object) {
        return object;
      }
      throw new BrokenEnvelopeException("$", "a JSON object expected");
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** The bytes, if they may be a JSON object in UTF-8: left to itself the parser would guess. */
  static byte[] utf8(@Nullable RawBytes value) throws BrokenEnvelopeException {
    if (value == null) {
      throw new BrokenEnvelopeException("$", "the record has no value");
    }
    byte[] bytes = value.array();
    if (bytes.length < 2 || bytes[0] != '{' || bytes[1] == 0) {
      throw new BrokenEnvelopeException("$", "a JSON object in UTF-8 expected");
    }
    return bytes;
  }

  /** Without Jackson's own words: they quote the value, which not everyone may see. */
  static BrokenEnvelopeException broken(IOException e) {
    if (e instanceof StreamConstraintsException limit) {
      return new BrokenEnvelopeException(
          "$", "no JSON that is read: " + limit.getOriginalMessage());
    }
    if (e instanceof JsonProcessingException json && json.getLocation() != null) {
      return new BrokenEnvelopeException(
          "line " + json.getLocation().getLineNr() + ", column " + json.getLocation().getColumnNr(),
          "no JSON from here on");
    }
    return new BrokenEnvelopeException("$", "no JSON in UTF-8");
  }

  /** The field of this name in any case: ksqlDB shouts when it is queried. */
  static @Nullable JsonNode anyCase(@Nullable JsonNode object, String name) {
    if (object == null) {
      return null;
    }
    JsonNode exact = object.get(name);
    if (exact != null) {
      return exact;
    }
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (field.getKey().equalsIgnoreCase(name)) {
        return field.getValue();
      }
    }
    return null;
  }

  static @Nullable String text(@Nullable JsonNode node) {
    return node != null && node.isTextual() ? node.textValue() : null;
  }

  /** A text or a number, as text. */
  static @Nullable String scalar(@Nullable JsonNode node) {
    return node != null && (node.isTextual() || node.isNumber()) ? node.asText() : null;
  }

  static Optional<Long> number(@Nullable JsonNode node) {
    return node != null && node.isIntegralNumber() && node.canConvertToLong()
        ? Optional.of(node.longValue())
        : Optional.empty();
  }

  static @Nullable Long place(@Nullable JsonNode node) {
    Long number = number(node).orElse(null);
    return number == null || number < 0 ? null : number;
  }

  static @Nullable Integer count(@Nullable JsonNode node) {
    Long number = place(node);
    return number == null || number > Integer.MAX_VALUE ? null : Integer.valueOf(number.intValue());
  }
}
