// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.query.EventPage.Event;
import dev.redrive.query.EventReader.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Merges the tails of all partitions by time until a page is full or enough was looked at. */
final class EventWalk {
  private final Wanted wanted;
  private final List<EventTail> tails;
  private final EventTail.Chunks chunks;

  EventWalk(Wanted wanted, List<EventTail> tails, EventTail.Chunks chunks) {
    this.wanted = wanted;
    this.tails = tails;
    this.chunks = chunks;
  }

  EventPage page() {
    List<Event> events = new ArrayList<>();
    for (int looked = 0; looked < wanted.most(); looked++) {
      for (EventTail tail : tails) {
        if (!tail.load(chunks)) {
          return new EventPage(events, next(), true);
        }
      }
      EventTail tail = newest();
      if (tail == null) {
        return new EventPage(events, null, false);
      }
      Event event = tail.newest();
      if (event == null || event.at() < wanted.since()) {
        tail.end();
        continue;
      }
      if (events.size() == wanted.size()) {
        return new EventPage(events, next(), false);
      }
      tail.take();
      if (event.at() <= wanted.until() && isOfSubject(event) && wanted.wanted().test(event)) {
        events.add(event);
      }
    }
    return new EventPage(events, next(), true);
  }

  /** Others share its partition. */
  private boolean isOfSubject(Event event) {
    return wanted.subject() == null || wanted.subject().equals(event.header("ce_subject"));
  }

  private @Nullable EventTail newest() {
    EventTail newest = null;
    for (EventTail tail : tails) {
      Event event = tail.newest();
      Event other = newest == null ? null : newest.newest();
      if (event != null && (other == null || event.at() > other.at())) {
        newest = tail;
      }
    }
    return newest;
  }

  private @Nullable SortedMap<Integer, Long> next() {
    SortedMap<Integer, Long> next = new TreeMap<>();
    for (EventTail tail : tails) {
      next.put(tail.partition(), tail.below());
    }
    return tails.stream().allMatch(EventTail::isDone) ? null : next;
  }
}
