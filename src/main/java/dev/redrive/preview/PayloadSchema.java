// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import java.nio.ByteBuffer;

/** A schema that is ready to read data with. */
interface PayloadSchema {

  Preview.Format format();

  /**
   * The data as one JSON value.
   *
   * @throws UnreadableDataException where it is not of this schema, whatever its bytes are
   */
  String json(ByteBuffer data) throws UnreadableDataException;
}
