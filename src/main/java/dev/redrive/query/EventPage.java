// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Events as they lie on their topic, the newest first.
 *
 * @param next below which offset of each partition the next page begins; null: there is nothing
 *     more
 * @param scanLimited whether the page ended because enough events were looked at
 */
public record EventPage(
    List<Event> events, @Nullable SortedMap<Integer, Long> next, boolean scanLimited) {

  public EventPage {
    events = List.copyOf(events);
    next = next == null ? null : new TreeMap<>(next);
  }

  /**
   * One record.
   *
   * @param at its timestamp, epoch milliseconds
   */
  public record Event(
      int partition, long offset, long at, List<Header> headers, @Nullable RawBytes value) {

    /** The last header of this name as text; blank where there is none. */
    public String header(String name) {
      String found = "";
      for (Header header : headers) {
        if (header.name().equals(name) && header.value() != null) {
          found = header.value().text();
        }
      }
      return found;
    }
  }
}
