// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.value;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.dialect.convention.BrokenEnvelopeException;
import dev.redrive.letter.RawBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads Lambda's JSON in one pass: small objects of the failure as trees, and of each record where
 * its bytes lie, so that no tree is made of a batch of megabytes.
 */
final class LambdaReader {
  static final int MAX_RECORDS = 10_000;

  /** What tells of the failure is small; larger is something else. */
  private static final int MAX_ABOUT = 64 * 1024;

  private final byte[] bytes;
  private final JsonParser parser;
  private final Map<String, JsonNode> about = new HashMap<>();
  private final List<RawBytes> records = new ArrayList<>();

  private LambdaReader(byte[] bytes, JsonParser parser) {
    this.bytes = bytes;
    this.parser = parser;
  }

  /**
   * What was read.
   *
   * @param about top-level fields but the payload
   * @param records the JSON of each record
   */
  record Batch(Map<String, JsonNode> about, List<RawBytes> records) {
    @Nullable JsonNode get(String field, String inner) {
      JsonNode object = about.get(field);
      return object == null ? null : object.get(inner);
    }
  }

  static Batch read(@Nullable RawBytes value) throws BrokenEnvelopeException {
    byte[] bytes = JsonTree.utf8(value);
    try (JsonParser parser = JsonTree.JSON.getFactory().createParser(bytes)) {
      LambdaReader reader = new LambdaReader(bytes, parser);
      parser.nextToken();
      reader.whole();
      if (parser.nextToken() != null) {
        throw new BrokenEnvelopeException("$", "something follows the JSON object");
      }
      if (!reader.isProven()) {
        throw new BrokenEnvelopeException("$", "requestContext and KafkaBatchInfo expected");
      }
      return new Batch(reader.about, reader.records);
    } catch (IOException e) {
      throw JsonTree.broken(e);
    }
  }

  /** Whether it is a whole message rather than one record of it. */
  static boolean isBatch(RawBytes value) {
    try {
      read(value);
      return true;
    } catch (BrokenEnvelopeException e) {
      return false;
    }
  }

  private boolean isProven() {
    return isObject("requestContext") && isObject("KafkaBatchInfo");
  }

  private boolean isObject(String field) {
    JsonNode node = about.get(field);
    return node != null && node.isObject();
  }

  private void whole() throws IOException, BrokenEnvelopeException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      if (!field.equals("payload")) {
        about.put(field, small("$." + field));
      } else if (value == JsonToken.START_OBJECT) {
        payload();
      } else {
        parser.skipChildren();
      }
    }
  }

  private void payload() throws IOException, BrokenEnvelopeException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean isRecords = parser.currentName().equals("records");
      if (parser.nextToken() == JsonToken.START_OBJECT && isRecords) {
        partitions();
      } else {
        parser.skipChildren();
      }
    }
  }

  private void partitions() throws IOException, BrokenEnvelopeException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new BrokenEnvelopeException(
            "$.payload.records", "an array for each partition expected");
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        element();
      }
    }
  }

  private void element() throws IOException, BrokenEnvelopeException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new BrokenEnvelopeException("$.payload.records", "an object for each record expected");
    }
    if (records.size() == MAX_RECORDS) {
      throw new BrokenEnvelopeException(
          "$.payload.records", "more than " + MAX_RECORDS + " records");
    }
    records.add(slice());
  }

  private JsonNode small(String where) throws IOException, BrokenEnvelopeException {
    if (!parser.currentToken().isStructStart()) {
      return JsonTree.JSON.readTree(parser);
    }
    RawBytes json = slice();
    if (json.size() > MAX_ABOUT) {
      throw new BrokenEnvelopeException(where, json.size() + " bytes, more than " + MAX_ABOUT);
    }
    return JsonTree.JSON.readTree(json.array());
  }

  /** The object or array that begins here, whose end is then the current token. */
  private RawBytes slice() throws IOException, BrokenEnvelopeException {
    int start = offset();
    parser.skipChildren();
    return RawBytes.of(Arrays.copyOfRange(bytes, start, offset() + 1));
  }

  private int offset() throws BrokenEnvelopeException {
    long offset = parser.currentTokenLocation().getByteOffset();
    if (offset < 0 || offset >= bytes.length) {
      throw new BrokenEnvelopeException("$", "UTF-8 expected");
    }
    return (int) offset;
  }
}
