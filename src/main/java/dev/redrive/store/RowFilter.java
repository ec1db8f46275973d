// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.UnreadableBytesException;
import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.LetterState.Status;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A filter as far as index rows alone can answer it: what they rule out is not fetched. */
final class RowFilter {
  private static final Map<Attribute, Integer> SLOTS = new EnumMap<>(Attribute.class);
  private static final Map<Attribute, Integer> HTTP_SLOTS = new EnumMap<>(Attribute.class);

  /** What only HTTP deliveries have, though no index row says it. */
  private static final Set<Attribute> OF_HTTP_ONLY =
      Set.of(
          Attribute.WORKFLOW_CREATED_AT,
          Attribute.RESPONSE_STATUS,
          Attribute.MESSAGE_ID,
          Attribute.URL,
          Attribute.TOPIC_NAME,
          Attribute.QUEUE_NAME,
          Attribute.SCHEDULE);

  static {
    List<Attribute> slots =
        List.of(
            Attribute.PIPELINE,
            Attribute.ERROR_CODE,
            Attribute.CONNECTION,
            Attribute.GROUP,
            Attribute.LAST_RUN,
            Attribute.SOURCE_TOPIC);
    List<Attribute> http =
        List.of(
            Attribute.WORKFLOW_RUN,
            Attribute.WORKFLOW_URL,
            Attribute.FLOW_CONTROL_KEY,
            Attribute.CALLER_IP,
            Attribute.FAILURE_FUNCTION_STATE);
    for (int i = 0; i < slots.size(); i++) {
      SLOTS.put(slots.get(i), Listed.HASHES_AT + Integer.BYTES * i);
    }
    for (int i = 0; i < http.size(); i++) {
      HTTP_SLOTS.put(http.get(i), Listed.HASHES_AT + Integer.BYTES * (Listed.HASHES + i));
    }
  }

  /** The hash at a place must be one of these. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Slot(int at, int[] hashes) {}

  private final List<Slot> slots = new ArrayList<>();
  private int @Nullable [] labels;

  /** Bit by the number of a status, origin, kind: which of them may be. */
  private int statuses = -1;

  private int manual = -1;
  private int verification = -1;
  private boolean http;
  private final boolean exact;
  private final boolean likely;

  /**
   * Made ready.
   *
   * @param driving the list that is read, in which every row fits what is asked of its attribute
   */
  RowFilter(LetterFilter filter, LetterIndex driving) {
    boolean allExact = filter.text().equals(LetterFilter.Text.ANY);
    boolean allListed = allExact;
    for (Map.Entry<Attribute, Set<String>> asked : filter.attributes().entrySet()) {
      Attribute attribute = asked.getKey();
      if (LetterIndex.by(attribute).filter(list -> list == driving).isEmpty()) {
        allExact &= add(attribute, asked.getValue());
        allListed &= isListed(attribute);
      }
    }
    this.exact = allExact;
    this.likely = allListed;
  }

  /** Whether a letter whose row may fit does fit: then nothing else need be read. */
  boolean exact() {
    return exact;
  }

  /** Whether nearly all letters whose rows may fit do: hashes alone stand in between. */
  boolean likely() {
    return likely;
  }

  /** Whether the letter of this index row may fit. */
  boolean mayFit(byte[] listed) {
    if (listed.length < 1 || listed[0] != Listed.VERSION) {
      throw new UnreadableBytesException("an index row of an unknown layout");
    }
    int flags = listed[Listed.FLAGS_AT];
    if ((statuses >> (flags & Listed.STATUS_BITS) & 1) == 0
        || (manual >> bit(flags, Listed.MANUAL) & 1) == 0
        || (verification >> bit(flags, Listed.VERIFICATION) & 1) == 0
        || (http && bit(flags, Listed.HTTP) == 0)) {
      return false;
    }
    for (Slot slot : slots) {
      if (!holds(slot.hashes, i32(listed, slot.at))) {
        return false;
      }
    }
    int[] wanted = labels;
    return wanted == null || anyLabel(listed, bit(flags, Listed.HTTP), wanted);
  }

  /** Answers whether rows tell exactly who fits. */
  private boolean add(Attribute attribute, Set<String> values) {
    switch (attribute) {
      case STATUS -> {
        statuses = 0;
        for (Status status : Status.values()) {
          boolean asked = values.contains(status.name().toLowerCase(Locale.ROOT));
          statuses |= (asked ? 1 : 0) << Listed.bitsOf(status);
        }
        return true;
      }
      case ORIGIN -> {
        manual = (values.contains("pipeline") ? 1 : 0) | (values.contains("manual") ? 2 : 0);
        return true;
      }
      case FAILURE_KIND -> {
        verification =
            (values.contains("exception") ? 1 : 0) | (values.contains("verification") ? 2 : 0);
        return true;
      }
      case LABEL -> labels = hashes(values);
      default -> addHashes(attribute, values);
    }
    return false;
  }

  private static boolean isListed(Attribute attribute) {
    return switch (attribute) {
      case STATUS, ORIGIN, FAILURE_KIND, LABEL -> true;
      default -> SLOTS.containsKey(attribute) || HTTP_SLOTS.containsKey(attribute);
    };
  }

  private void addHashes(Attribute attribute, Set<String> values) {
    Integer at = SLOTS.get(attribute);
    Integer atHttp = HTTP_SLOTS.get(attribute);
    if (at != null) {
      slots.add(new Slot(at, hashes(values)));
    } else if (atHttp != null) {
      http = true;
      slots.add(new Slot(atHttp, hashes(values)));
    } else if (OF_HTTP_ONLY.contains(attribute)) {
      http = true;
    }
  }

  private static boolean anyLabel(byte[] listed, int http, int[] wanted) {
    int at = Listed.HASHES_AT + Integer.BYTES * (Listed.HASHES + Listed.HTTP_HASHES * http);
    int count = listed[at];
    if (count >= Listed.MANY_LABELS) {
      return true;
    }
    for (int i = 0; i < count; i++) {
      if (holds(wanted, i32(listed, at + 1 + Integer.BYTES * i))) {
        return true;
      }
    }
    return false;
  }

  private static int[] hashes(Set<String> values) {
    return values.stream().mapToInt(Listed::hash).sorted().toArray();
  }

  private static boolean holds(int[] sorted, int hash) {
    return sorted.length == 1
        ? sorted[0] == hash
        : java.util.Arrays.binarySearch(sorted, hash) >= 0;
  }

  private static int bit(int flags, int mask) {
    return (flags & mask) == 0 ? 0 : 1;
  }

  private static int i32(byte[] bytes, int at) {
    return bytes[at] << 24
        | (bytes[at + 1] & 0xFF) << 16
        | (bytes[at + 2] & 0xFF) << 8
        | (bytes[at + 3] & 0xFF);
  }
}
