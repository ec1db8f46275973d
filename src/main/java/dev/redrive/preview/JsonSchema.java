// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import dev.redrive.letter.RawBytes;
import java.nio.ByteBuffer;

/** A JSON Schema: the data is JSON already, and is shown whether it keeps to the schema or not. */
record JsonSchema() implements PayloadSchema {

  @Override
  public Preview.Format format() {
    return Preview.Format.JSON;
  }

  @Override
  public String json(ByteBuffer data) throws UnreadableDataException {
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    return Payload.utf8(RawBytes.of(bytes))
        .orElseThrow(() -> new UnreadableDataException("the data is not JSON"));
  }
}
