// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** JSON bytes to a tree and back, the same for all that Redrive reads and writes. */
final class Json {
  private static final int LONGEST_COMPLAINT = 300;

  /**
   * Names of fields are not interned: they are anybody's text, and interned ones are never freed.
   */
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Json() {}

  /** Writes the fields of one object. */
  interface Fields {
    void write(JsonGenerator out) throws IOException;
  }

  static byte[] object(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
      out.writeStartObject();
      fields.write(out);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory", e);
    }
    return bytes.toByteArray();
  }

  static void text(JsonGenerator out, String name, @Nullable String value) throws IOException {
    if (value != null) {
      out.writeStringField(name, wellFormed(value));
    }
  }

  /**
   * The object that the bytes say, or null where they say something else, which {@code problems}
   * then knows.
   */
  static @Nullable ObjectNode parse(byte @Nullable [] bytes, Problems problems) {
    if (bytes == null || bytes.length == 0) {
      problems.invalid("", "is empty; it must be a JSON object");
      return null;
    }
    try {
      JsonNode tree = MAPPER.readTree(bytes);
      if (tree instanceof ObjectNode object) {
        return object;
      }
      problems.invalid("", "must be a JSON object, not " + JsonFields.kind(tree));
    } catch (JacksonException e) {
      problems.invalid("", "is not JSON: " + complaint(e));
    } catch (IOException e) {
      problems.invalid("", "is not JSON: its bytes are no UTF-8");
    }
    return null;
  }

  /**
   * The text without halves of surrogate pairs, which JSON escapes can make and UTF-8 can't say: a
   * generator throws on them.
   */
  static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
      }
    }
    return text;
  }

  private static String complaint(JacksonException e) {
    String message = e.getOriginalMessage() == null ? "unreadable" : e.getOriginalMessage();
    String text =
        message.length() > LONGEST_COMPLAINT ? message.substring(0, LONGEST_COMPLAINT) : message;
    JsonLocation at = e.getLocation();
    return at == null ? text : text + " at line " + at.getLineNr() + ", column " + at.getColumnNr();
  }
}
