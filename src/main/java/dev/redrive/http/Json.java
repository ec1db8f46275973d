// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;

/** How JSON is read and written over HTTP. */
public final class Json {
  public static final String TYPE = "application/json";

  /** What is read may be written again inside an answer, which may nest deeper. */
  private static final int READ_DEPTH = 500;

  private static final int MAX_STRING = 64 << 20;

  /**
   * Keeps numbers as they were written, takes one value and nothing after it, and refuses an object
   * with the same name twice: showing only one of the two would hide data.
   */
  public static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(READ_DEPTH)
                          .maxStringLength(MAX_STRING)
                          .build())
                  .streamWriteConstraints(
                      StreamWriteConstraints.builder().maxNestingDepth(2 * READ_DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private Json() {}

  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer could not be written as JSON", e);
    }
  }

  public static void answer(Context request, int status, JsonNode body) {
    request.status(status).contentType(TYPE).result(bytes(body));
  }
}
