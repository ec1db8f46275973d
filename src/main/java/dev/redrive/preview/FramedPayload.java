// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import dev.redrive.letter.RawBytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A payload in Confluent's wire format: a zero byte, the schema's id in four bytes, the data.
 *
 * @param data positioned where the data begins
 */
record FramedPayload(int schemaId, ByteBuffer data) {
  private static final int HEADER = 1 + Integer.BYTES;

  static Optional<FramedPayload> of(RawBytes bytes) {
    if (bytes.size() < HEADER || bytes.array()[0] != 0) {
      return Optional.empty();
    }
    ByteBuffer data = ByteBuffer.wrap(bytes.array()).position(1);
    int id = data.getInt();
    return id < 0 ? Optional.empty() : Optional.of(new FramedPayload(id, data));
  }
}
