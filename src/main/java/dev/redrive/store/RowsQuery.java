// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.RawBytes;
import org.apache.kafka.streams.query.Query;

/**
 * Rows as they are stored, in the committed state, in the order of their keys.
 *
 * @param from the first key
 * @param to the first key that is not wanted any more
 * @param limit rows at most, from 1
 */
public record RowsQuery(RawBytes from, RawBytes to, int limit) implements Query<Rows> {

  /** All rows whose keys begin like this. */
  public static RowsQuery prefix(byte[] prefix, int limit) {
    return new RowsQuery(RawBytes.of(prefix), RawBytes.of(KeyRange.afterAll(prefix)), limit);
  }
}
