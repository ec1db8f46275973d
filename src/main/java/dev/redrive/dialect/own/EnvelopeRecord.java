// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.own;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object of an envelope as it was read, before it is understood.
 *
 * @param texts fields that hold a text or a number, those of {@code error} and {@code source} under
 *     {@code error.message} and so on
 * @param labels empty where there are none
 * @param metadata a JSON object, or null
 * @param http a JSON object, or null
 * @param parts the records of a batch; null where it is not one
 */
record EnvelopeRecord(
    Map<String, String> texts,
    List<String> labels,
    @Nullable String metadata,
    @Nullable JsonNode http,
    Payload payload,
    @Nullable List<Slice> parts) {

  /** A record of a batch and its bytes alone. */
  record Slice(EnvelopeRecord record, RawBytes json) {}

  /**
   * The record that failed.
   *
   * @param hasKey whether there is a key, be it null; else that of the record with the envelope
   * @param exists false: the envelope holds no payload, which is not the same as a null value
   * @param headers null where the envelope has none; else those of the record with the envelope
   */
  record Payload(
      boolean hasKey,
      @Nullable RawBytes key,
      boolean exists,
      @Nullable RawBytes value,
      @Nullable List<Header> headers) {}

  @Nullable String text(String field) {
    return texts.get(field);
  }
}
