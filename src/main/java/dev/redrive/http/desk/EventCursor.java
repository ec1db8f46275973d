// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import dev.redrive.http.HiddenText;
import dev.redrive.http.Problem;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a page of events ended: an offset for each partition, as text that any instance reads. It
 * is encrypted, since offsets would tell a key of one pipeline how much happens in the others.
 *
 * <p>Partition (4 bytes) and offset (8) of each, as {@link HiddenText}.
 */
final class EventCursor {
  private static final int ONE = Integer.BYTES + Long.BYTES;

  private final HiddenText hidden;

  /**
   * @param secret the same on all instances, 32 bytes
   */
  EventCursor(byte[] secret) {
    this.hidden = new HiddenText(secret);
  }

  String write(SortedMap<Integer, Long> below) {
    ByteBuffer plain = ByteBuffer.allocate(ONE * below.size());
    below.forEach((partition, offset) -> plain.putInt(partition).putLong(offset));
    return hidden.hide(plain.array());
  }

  /**
   * The offsets.
   *
   * @throws Problem 400 where the text is no cursor
   */
  Map<Integer, Long> read(String cursor) {
    byte[] read = hidden.read(cursor).orElseThrow(EventCursor::unknown);
    if (read.length % ONE != 0) {
      throw unknown();
    }
    ByteBuffer plain = ByteBuffer.wrap(read);
    Map<Integer, Long> below = new TreeMap<>();
    while (plain.hasRemaining()) {
      below.put(plain.getInt(), plain.getLong());
    }
    return below;
  }

  private static Problem unknown() {
    return Problem.field("cursor", "is not one of this list; start without it");
  }
}
