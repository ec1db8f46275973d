// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.redrive.http.Json;
import dev.redrive.letter.RawBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A payload for people: JSON where it is JSON, else {@code {"text"}} where it is UTF-8, else {@code
 * {"base64"}}. Any bytes have a form.
 *
 * <p>The bytes are decoded as UTF-8 before they are parsed: left to itself the parser guesses the
 * encoding, and takes a four-byte integer for a digit in UTF-32.
 */
final class PayloadJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectReader ONE_VALUE =
      Json.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final int PREVIEW_FIELDS = 5;
  private static final int PREVIEW_CHARS = 200;
  private static final int PREVIEW_BYTES = 120;

  /** A preview looks no further than this into a payload. */
  private static final int PREVIEW_WINDOW = 64 << 10;

  private PayloadJson() {}

  /** All of it; null where there is none. */
  static JsonNode whole(@Nullable RawBytes value) {
    if (value == null) {
      return NODES.nullNode();
    }
    Optional<String> text = utf8(value.array(), true);
    if (text.isEmpty()) {
      return base64(value.array());
    }
    try {
      JsonNode json = Json.MAPPER.readTree(text.get());
      // Empty text has no JSON value in it.
      return json.isMissingNode() ? text(text.get()) : json;
    } catch (JsonProcessingException e) {
      return text(text.get());
    }
  }

  /**
   * A small object: the first fields where it is a JSON object, else the start of it.
   *
   * @param cut whether only a part of it is kept, so that it may end anywhere
   */
  static ObjectNode preview(@Nullable RawBytes value, boolean cut) {
    if (value == null) {
      return NODES.objectNode();
    }
    boolean part = cut || value.size() > PREVIEW_WINDOW;
    byte[] start = Arrays.copyOf(value.array(), Math.min(value.size(), PREVIEW_WINDOW));
    Optional<String> text = utf8(start, !part);
    if (text.isEmpty()) {
      return base64(Arrays.copyOf(start, Math.min(start.length, PREVIEW_BYTES)));
    }
    return firstFields(text.get(), part).orElseGet(() -> text(shortened(text.get())));
  }

  private static Optional<ObjectNode> firstFields(String text, boolean part) {
    ObjectNode fields = NODES.objectNode();
    try (JsonParser parser = Json.MAPPER.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        JsonNode shown = shown(parser);
        if (fields.size() < PREVIEW_FIELDS) {
          fields.set(name, shown);
        }
      }
      return parser.nextToken() == null ? Optional.of(fields) : Optional.empty();
    } catch (IOException e) {
      // A part may stop anywhere; what came before is still worth showing.
      return part && !fields.isEmpty() ? Optional.of(fields) : Optional.empty();
    }
  }

  private static JsonNode shown(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
      parser.skipChildren();
      return TextNode.valueOf(token == JsonToken.START_OBJECT ? "{…}" : "[…]");
    }
    if (token == JsonToken.VALUE_STRING) {
      return TextNode.valueOf(shortened(parser.getText()));
    }
    return ONE_VALUE.readTree(parser);
  }

  /** Never ends between the two halves of a character outside the basic plane. */
  private static String shortened(String text) {
    if (text.length() <= PREVIEW_CHARS) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(PREVIEW_CHARS - 1)) ? 1 : 0;
    return text.substring(0, PREVIEW_CHARS - end) + "…";
  }

  /**
   * @param complete false: the bytes may end within a character
   */
  private static Optional<String> utf8(byte[] bytes, boolean complete) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer chars = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), chars, complete);
    return result.isError() ? Optional.empty() : Optional.of(chars.flip().toString());
  }

  private static ObjectNode text(String text) {
    return NODES.objectNode().put("text", text);
  }

  private static ObjectNode base64(byte[] bytes) {
    return NODES.objectNode().put("base64", Base64.getEncoder().encodeToString(bytes));
  }
}
