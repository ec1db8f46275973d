// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a batch changes in the lists of letters, put together by list and value: rows that lie
 * beside each other in the index are written one after the other, which costs the engine far less
 * than here and there, and what they have in common is made once.
 */
final class IndexChanges {
  private final KeyWriter out = new KeyWriter();
  private final Map<LetterIndex, Map<String, Group>> groups = new EnumMap<>(LetterIndex.class);

  /** The rows under one value of one list. */
  private static final class Group {
    final byte[] prefix;
    final List<byte[]> places = new ArrayList<>();
    final List<byte @Nullable []> values = new ArrayList<>();

    Group(byte[] prefix) {
      this.prefix = prefix;
    }
  }

  /** Which list, and under which value. */
  private record Under(LetterIndex list, String value) {}

  /** All rows of one letter, as it was or as it is. */
  private final class Listing {
    final byte[] place;
    final byte[] brief;
    final byte[] whole;
    final Set<Under> unders = new HashSet<>();

    Listing(LetterId id, LetterHead head) {
      this.place = LetterIndex.place(id, head, out);
      this.brief = Listed.brief(head, out);
      this.whole = Listed.whole(brief, head, out);
      LetterIndex.valuesOf(head, (list, value) -> unders.add(new Under(list, value)));
    }

    byte[] value(LetterIndex list) {
      return list == LetterIndex.FAILED ? whole : brief;
    }
  }

  void letter(LetterId id, @Nullable LetterHead before, @Nullable LetterHead after) {
    if (after == null) {
      if (before != null) {
        removed(new Listing(id, before));
      }
    } else if (before == null) {
      added(id, after);
    } else {
      changed(new Listing(id, before), new Listing(id, after));
    }
  }

  void writeTo(Batch batch) {
    for (Map<String, Group> list : groups.values()) {
      list.values().forEach(group -> write(group, batch));
    }
    groups.clear();
  }

  private void added(LetterId id, LetterHead head) {
    byte[] place = LetterIndex.place(id, head, out);
    byte[] brief = Listed.brief(head, out);
    byte[] whole = Listed.whole(brief, head, out);
    LetterIndex.valuesOf(
        head, (list, value) -> set(list, value, place, list == LetterIndex.FAILED ? whole : brief));
  }

  private void removed(Listing listing) {
    listing.unders.forEach(under -> set(under.list, under.value, listing.place, null));
  }

  /** What stays the same is not written again. */
  private void changed(Listing before, Listing after) {
    boolean stays = Arrays.equals(before.place, after.place);
    for (Under under : before.unders) {
      if (!stays || !after.unders.contains(under)) {
        set(under.list, under.value, before.place, null);
      }
    }
    for (Under under : after.unders) {
      byte[] value = after.value(under.list);
      boolean same =
          stays && before.unders.contains(under) && Arrays.equals(before.value(under.list), value);
      if (!same) {
        set(under.list, under.value, after.place, value);
      }
    }
  }

  /** Null: the row goes. */
  private void set(LetterIndex list, String value, byte[] place, byte @Nullable [] listed) {
    Group group =
        groups
            .computeIfAbsent(list, l -> new HashMap<>())
            .computeIfAbsent(value, v -> new Group(list.prefix(v)));
    group.places.add(place);
    group.values.add(listed);
  }

  /** The last first: what failed last stands first in the index, and mostly came last. */
  private static void write(Group group, Batch batch) {
    for (int i = group.places.size() - 1; i >= 0; i--) {
      byte[] value = group.values.get(i);
      if (value == null) {
        batch.delete(Family.INDEX, group.prefix, group.places.get(i));
      } else {
        batch.put(Family.INDEX, group.prefix, group.places.get(i), value);
      }
    }
  }
}
