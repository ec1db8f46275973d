// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** How much of a topic's {@code max.message.bytes} a record takes. */
final class RecordSize {
  /** A batch's own fields (61) and the most that a record's lengths and deltas take. */
  private static final int OVERHEAD = 61 + 36;

  /** The most that a header's two lengths take. */
  private static final int HEADER_OVERHEAD = 10;

  private RecordSize() {}

  /** Bytes of an uncompressed batch with only this record, at most. */
  static int upperBound(RawRecord record) {
    long size = OVERHEAD + size(record.key()) + size(record.value());
    for (Header header : record.headers()) {
      size +=
          HEADER_OVERHEAD
              + header.name().getBytes(StandardCharsets.UTF_8).length
              + size(header.value());
    }
    return (int) Math.min(Integer.MAX_VALUE, size);
  }

  private static long size(@Nullable RawBytes bytes) {
    return bytes == null ? 0 : bytes.size();
  }
}
