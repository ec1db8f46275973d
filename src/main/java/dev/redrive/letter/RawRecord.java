// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record verbatim: what a replay sends and what nothing in Redrive ever changes.
 *
 * @param key null where the record had none
 * @param value null for a tombstone
 * @param headers in order, duplicates and null values kept
 */
public record RawRecord(@Nullable RawBytes key, @Nullable RawBytes value, List<Header> headers) {

  public RawRecord {
    headers = List.copyOf(headers);
  }
}
