// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.value;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.dialect.convention.BrokenEnvelopeException;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One record of a batch as Lambda writes it: key and value in base64, headers as arrays of signed
 * bytes.
 */
record LambdaRecord(Source source, RawRecord payload) {

  static LambdaRecord read(RawBytes json) throws BrokenEnvelopeException {
    JsonNode record = JsonTree.object(json);
    Source source =
        new Source(
            JsonTree.text(record.get("topic")),
            JsonTree.count(record.get("partition")),
            JsonTree.place(record.get("offset")),
            JsonTree.place(record.get("timestamp")),
            null);
    return new LambdaRecord(
        source,
        new RawRecord(
            base64(record.get("key"), "key"),
            base64(record.get("value"), "value"),
            headers(record.get("headers"))));
  }

  private static @Nullable RawBytes base64(@Nullable JsonNode node, String field)
      throws BrokenEnvelopeException {
    if (node == null || node.isNull()) {
      return null;
    }
    try {
      if (node.isTextual()) {
        return RawBytes.of(Base64.getDecoder().decode(node.textValue()));
      }
    } catch (IllegalArgumentException e) {
      // Said below, in the same words as a field of another type.
    }
    throw new BrokenEnvelopeException(field, "base64 expected");
  }

  private static List<Header> headers(@Nullable JsonNode node) throws BrokenEnvelopeException {
    List<Header> headers = new ArrayList<>();
    if (node == null || node.isNull()) {
      return headers;
    }
    if (!node.isArray()) {
      throw new BrokenEnvelopeException("headers", "an array expected");
    }
    for (JsonNode element : node) {
      for (Map.Entry<String, JsonNode> field : element.properties()) {
        headers.add(new Header(field.getKey(), bytes(field.getValue())));
      }
    }
    return headers;
  }

  private static @Nullable RawBytes bytes(JsonNode node) throws BrokenEnvelopeException {
    if (node.isNull()) {
      return null;
    }
    if (!node.isArray()) {
      throw new BrokenEnvelopeException("headers", "an array of bytes expected");
    }
    byte[] bytes = new byte[node.size()];
    for (int i = 0; i < bytes.length; i++) {
      JsonNode each = node.get(i);
      if (!each.isInt() || each.intValue() < Byte.MIN_VALUE || each.intValue() > 0xFF) {
        throw new BrokenEnvelopeException("headers", "an array of bytes expected");
      }
      bytes[i] = (byte) each.intValue();
    }
    return RawBytes.of(bytes);
  }
}
