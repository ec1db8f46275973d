// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.own;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.redrive.dialect.convention.BrokenEnvelopeException;
import dev.redrive.dialect.header.Texts;
import dev.redrive.dialect.header.Warnings;
import dev.redrive.dialect.own.EnvelopeRecord.Slice;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of an envelope, {@code envelope.json}, in one pass that makes no tree of what may
 * be large. What identifies the record or carries its payload must be right, or the envelope is
 * broken; any other field that is not as it should be is left out with a warning.
 *
 * <p>Past 300 lines because the fields of one JSON object are read in one place, in the order of
 * {@code envelope.json}.
 */
final class EnvelopeReader {
  static final int MAX_RECORDS = 10_000;

  private static final String IGNORED = "; ignored";

  /** A JSON object of small nodes takes many times its size in memory once it is a tree. */
  private static final int MAX_TREE = 1024 * 1024;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> IDS = Set.of("pipeline_id", "record_id");
  private static final Set<String> TEXTS =
      Set.of(
          "connection_id",
          "pipeline_run_id",
          "failure_kind",
          "failed_at",
          "first_failed_at",
          "retry_count");
  private static final Set<String> ERROR =
      Set.of("code", "message", "class", "root_cause", "stack_trace");
  private static final Set<String> SOURCE =
      Set.of("topic", "partition", "offset", "timestamp", "consumer_group");

  private final byte[] bytes;
  private final JsonParser parser;
  private final Warnings warnings;

  private EnvelopeReader(byte[] bytes, JsonParser parser, Warnings warnings) {
    this.bytes = bytes;
    this.parser = parser;
    this.warnings = warnings;
  }

  static EnvelopeRecord read(byte[] json, Warnings warnings) throws BrokenEnvelopeException {
    try (JsonParser parser = JSON.getFactory().createParser(json)) {
      EnvelopeReader reader = new EnvelopeReader(json, parser, warnings);
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BrokenEnvelopeException("$", "a JSON object expected");
      }
      reader.offset();
      EnvelopeRecord record = reader.record("$", true);
      if (parser.nextToken() != null) {
        throw new BrokenEnvelopeException("$", "something follows the JSON object");
      }
      return record;
    } catch (StreamConstraintsException e) {
      throw new BrokenEnvelopeException("$", "no JSON that is read: " + e.getOriginalMessage());
    } catch (JsonProcessingException e) {
      // Jackson's own words quote the value, which not everyone may see who sees the warning.
      JsonLocation at = e.getLocation();
      String where = at == null ? "$" : "line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw new BrokenEnvelopeException(where, "no JSON from here on");
    } catch (IOException e) {
      // Bytes that are no text in the encoding that their start promises.
      throw new BrokenEnvelopeException("$", "no JSON in UTF-8");
    }
  }

  private EnvelopeRecord record(String path, boolean mayBeBatch)
      throws IOException, BrokenEnvelopeException {
    Map<String, String> texts = new HashMap<>();
    EnvelopePayload payload = new EnvelopePayload(path);
    List<String> labels = List.of();
    String metadata = null;
    JsonNode http = null;
    List<Slice> parts = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      String where = path + "." + field;
      JsonToken value = parser.nextToken();
      switch (field) {
        case "key" -> payload.key(text(value), where);
        case "value" -> payload.value(text(value), where);
        case "payload_text" -> payload.text(text(value), where);
        case "payload" -> payload.json(value == JsonToken.VALUE_NULL ? null : json(value));
        case "headers" -> payload.headers(headers(value, where));
        case "labels" -> labels = labels(value, where);
        case "metadata" -> metadata = object(value, where);
        case "http" -> http = tree(object(value, where));
        case "error" -> flat(value, where, "error.", ERROR, texts);
        case "source" -> flat(value, where, "source.", SOURCE, texts);
        case "records" -> parts = parts(value, where, mayBeBatch);
        default -> plain(field, value, where, texts);
      }
    }
    return new EnvelopeRecord(texts, labels, metadata, http, payload.build(), parts);
  }

  private @Nullable List<Slice> parts(JsonToken value, String where, boolean mayBeBatch)
      throws IOException, BrokenEnvelopeException {
    if (value == JsonToken.VALUE_NULL) {
      return null;
    }
    if (value != JsonToken.START_ARRAY || !mayBeBatch) {
      throw new BrokenEnvelopeException(
          where, mayBeBatch ? "an array expected" : "a batch within a batch");
    }
    List<Slice> parts = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String path = where + "[" + parts.size() + "]";
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw new BrokenEnvelopeException(path, "an object expected");
      }
      if (parts.size() == MAX_RECORDS) {
        throw new BrokenEnvelopeException(where, "more than " + MAX_RECORDS + " records");
      }
      int start = offset();
      EnvelopeRecord record = record(path, false);
      parts.add(new Slice(record, slice(start)));
    }
    if (parts.isEmpty()) {
      throw new BrokenEnvelopeException(where, "no records");
    }
    return parts;
  }

  private void plain(String field, JsonToken value, String where, Map<String, String> texts)
      throws IOException, BrokenEnvelopeException {
    boolean isId = IDS.contains(field);
    if (value == JsonToken.VALUE_NULL) {
      return;
    }
    if ((isId || TEXTS.contains(field)) && isText(value)) {
      String text = parser.getText();
      if (isId && text.isEmpty()) {
        throw new BrokenEnvelopeException(where, "empty");
      }
      texts.put(field, text);
      return;
    }
    if (isId) {
      throw new BrokenEnvelopeException(where, "a text expected");
    }
    warnings.add(
        where + ": " + (TEXTS.contains(field) ? "a text or number expected" : "unknown") + IGNORED);
    parser.skipChildren();
  }

  private void flat(
      JsonToken value, String where, String prefix, Set<String> known, Map<String, String> texts)
      throws IOException {
    if (!isObject(value, where)) {
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken inner = parser.nextToken();
      if (known.contains(field) && isText(inner)) {
        texts.put(prefix + field, parser.getText());
      } else if (inner != JsonToken.VALUE_NULL) {
        warnings.add(
            where
                + "."
                + field
                + (known.contains(field) ? ": a text expected" : ": unknown")
                + IGNORED);
        parser.skipChildren();
      }
    }
  }

  private List<String> labels(JsonToken value, String where) throws IOException {
    if (value != JsonToken.START_ARRAY) {
      if (value != JsonToken.VALUE_NULL) {
        warnings.add(where + ": an array of texts expected" + IGNORED);
        parser.skipChildren();
      }
      return List.of();
    }
    List<String> labels = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!isText(parser.currentToken())) {
        warnings.add(where + ": a label that is no text" + IGNORED);
        parser.skipChildren();
      } else if (labels.size() <= Texts.MAX_LABELS) {
        // One more than fits, so that what cuts them sees that there were more.
        labels.add(parser.getText());
      }
    }
    return labels;
  }

  private @Nullable List<Header> headers(JsonToken value, String where)
      throws IOException, BrokenEnvelopeException {
    if (value == JsonToken.VALUE_NULL) {
      return null;
    }
    if (value != JsonToken.START_ARRAY) {
      throw new BrokenEnvelopeException(where, "an array of {name, value} expected");
    }
    List<Header> headers = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      headers.add(header(where + "[" + headers.size() + "]"));
    }
    return headers;
  }

  private Header header(String where) throws IOException, BrokenEnvelopeException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new BrokenEnvelopeException(where, "an object with name and value expected");
    }
    String name = null;
    RawBytes bytesOf = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken inner = parser.nextToken();
      if (field.equals("name")) {
        name = text(inner);
      } else if (field.equals("value")) {
        bytesOf = EnvelopePayload.base64(text(inner), where + ".value");
      } else {
        throw new BrokenEnvelopeException(where + "." + field, "unknown; name and value are known");
      }
    }
    if (name == null) {
      throw new BrokenEnvelopeException(where, "no name");
    }
    return new Header(name, bytesOf);
  }

  /** A payload's JSON, byte for byte where it is an object or array. */
  private RawBytes json(JsonToken value) throws IOException, BrokenEnvelopeException {
    if (value.isStructStart()) {
      int start = offset();
      parser.skipChildren();
      return slice(start);
    }
    String text = parser.getText();
    return RawBytes.utf8(
        value == JsonToken.VALUE_STRING ? TextNode.valueOf(text).toString() : text);
  }

  private @Nullable String object(JsonToken value, String where)
      throws IOException, BrokenEnvelopeException {
    if (!isObject(value, where)) {
      return null;
    }
    int start = offset();
    parser.skipChildren();
    RawBytes json = slice(start);
    if (json.size() > MAX_TREE) {
      warnings.add(where + ": " + json.size() + " bytes, more than " + MAX_TREE + IGNORED);
      return null;
    }
    return json.text();
  }

  private static @Nullable JsonNode tree(@Nullable String json) throws IOException {
    return json == null ? null : JSON.readTree(json);
  }

  private boolean isObject(JsonToken value, String where) throws IOException {
    if (value == JsonToken.START_OBJECT) {
      return true;
    }
    if (value != JsonToken.VALUE_NULL) {
      warnings.add(where + ": an object expected" + IGNORED);
      parser.skipChildren();
    }
    return false;
  }

  /** Null for JSON's null. */
  private @Nullable String text(JsonToken value) throws IOException, BrokenEnvelopeException {
    if (value == JsonToken.VALUE_NULL) {
      return null;
    }
    if (value != JsonToken.VALUE_STRING) {
      throw new BrokenEnvelopeException(path(), "a text expected");
    }
    return parser.getText();
  }

  private String path() {
    return "$" + parser.getParsingContext().pathAsPointer().toString().replace('/', '.');
  }

  private static boolean isText(JsonToken value) {
    return value == JsonToken.VALUE_STRING || value.isNumeric();
  }

  /** Where the current token starts. */
  private int offset() throws BrokenEnvelopeException {
    long offset = parser.currentTokenLocation().getByteOffset();
    if (offset < 0 || offset >= bytes.length) {
      throw new BrokenEnvelopeException("$", "UTF-8 expected");
    }
    return (int) offset;
  }

  /** From there to the end of the current token, a closing bracket. */
  private RawBytes slice(int start) throws BrokenEnvelopeException {
    return RawBytes.of(Arrays.copyOfRange(bytes, start, offset() + 1));
  }
}
