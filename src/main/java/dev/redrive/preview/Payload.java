// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.redrive.letter.RawBytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** How bytes are read here. */
final class Payload {
  /** What nests deeper is not masked but hidden whole. */
  private static final int MAX_DEPTH = 500;

  private static final int MAX_STRING = 64 << 20;

  /** Refuses the same name twice in an object: readers differ on which of the two counts. */
  static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_STRING)
                  .build())
          .build();

  static final ObjectReader TREE =
      JsonMapper.builder(JSON)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build()
          .reader();

  private Payload() {}

  /** The text, where every byte is UTF-8. */
  static Optional<String> utf8(RawBytes bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.array())).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
