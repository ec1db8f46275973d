// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.filter.Attribute;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The lists that letters can be read from. A row's key is the list's byte, the attribute's value,
 * the failed time with the latest first, and the letter's id; its value is {@link Listed}. A letter
 * has one row for each value of the attribute, and none where it has no such attribute.
 *
 * <p>Nearly every letter came from its pipeline and by an exception. A list of those would be the
 * list of all once more, at the price of a row for every letter; so only the rare values of these
 * two are listed, and the common ones are read from the list of all.
 *
 * <p>A new list is one more constant here and a higher {@link #VERSION}: databases of older
 * versions are indexed anew when they are opened.
 */
enum LetterIndex {
  FAILED('F', null, Set.of()),
  PIPELINE('P', Attribute.PIPELINE, Set.of()),
  CONNECTION('C', Attribute.CONNECTION, Set.of()),
  ERROR_CODE('E', Attribute.ERROR_CODE, Set.of()),
  STATUS('S', Attribute.STATUS, Set.of()),
  ORIGIN('O', Attribute.ORIGIN, Set.of("manual")),
  FAILURE_KIND('K', Attribute.FAILURE_KIND, Set.of("verification")),
  LAST_RUN('R', Attribute.LAST_RUN, Set.of()),
  GROUP('G', Attribute.GROUP, Set.of()),
  LABEL('L', Attribute.LABEL, Set.of()),
  WORKFLOW_RUN('W', Attribute.WORKFLOW_RUN, Set.of()),
  WORKFLOW_URL('U', Attribute.WORKFLOW_URL, Set.of()),
  FLOW_CONTROL_KEY('f', Attribute.FLOW_CONTROL_KEY, Set.of()),
  CALLER_IP('I', Attribute.CALLER_IP, Set.of()),
  FAILURE_FUNCTION_STATE('c', Attribute.FAILURE_FUNCTION_STATE, Set.of());

  /** Raised with every change of what is derived from rows, counters included. */
  static final int VERSION = 3;

  /** A longer value is named by its start and its hash: a URL would fill the memory of keys. */
  private static final int MAX_TERM = 64;

  private static final int TERM_START = 40;

  private static final List<String> ANY = List.of("");
  private static final LetterIndex[] LISTS = values();
  private static final Map<Attribute, LetterIndex> BY_ATTRIBUTE = new EnumMap<>(Attribute.class);

  static {
    for (LetterIndex list : LISTS) {
      if (list.attribute != null) {
        BY_ATTRIBUTE.put(list.attribute, list);
      }
    }
  }

  private final int id;
  private final @Nullable Attribute attribute;

  /** The only values that are listed; empty: all. Never changed, but its type does not say so. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<String> only;

  LetterIndex(int id, @Nullable Attribute attribute, Set<String> only) {
    this.id = id;
    this.attribute = attribute;
    this.only = only;
  }

  /** The list by an attribute; empty: there is none. */
  static Optional<LetterIndex> by(Attribute attribute) {
    return Optional.ofNullable(BY_ATTRIBUTE.get(attribute));
  }

  /** Whether all letters that have one of these values are in the list. */
  boolean holds(Set<String> values) {
    return only.isEmpty() || only.containsAll(values);
  }

  /** Everything that lies in this list under one value of the attribute. */
  byte[] prefix(String value) {
    return new KeyWriter().u8(id).text(term(value)).done();
  }

  /** Everything in this list. */
  byte[] prefix() {
    return new byte[] {(byte) id};
  }

  /** Takes a list that a letter stands in, and the value that it stands under. */
  @FunctionalInterface
  interface Taker {
    void take(LetterIndex list, String value);
  }

  /** Tells where a letter stands; under a value that it has twice it is told twice. */
  static void valuesOf(LetterHead head, Taker taker) {
    for (LetterIndex list : LISTS) {
      for (String value : list.attribute == null ? ANY : list.attribute.of(head)) {
        if (list.only.isEmpty() || list.only.contains(value)) {
          taker.take(list, value);
        }
      }
    }
  }

  /** Tells the letters whose last failure lies in a window, both ends included. */
  static void between(View view, long since, long until, Consumer<Listed> taker) {
    byte[] prefix = FAILED.prefix("");
    view.scan(
        Family.INDEX,
        new KeyWriter().raw(prefix).descending(until).done(),
        KeyRange.afterAll(new KeyWriter().raw(prefix).descending(since).done()),
        false,
        (key, value) -> {
          taker.accept(Listed.decode(value));
          return true;
        });
  }

  /** What follows in each of a letter's keys after the {@link #prefix}. */
  static byte[] place(LetterId id, LetterHead head, KeyWriter out) {
    return out.descending(head.facts().failedAt()).id(id).done();
  }

  /** All rows that a letter has in the lists. */
  static void rowsOf(LetterId id, LetterHead head, KeyWriter out, List<DerivedRow> rows) {
    byte[] place = place(id, head, out);
    byte[] brief = Listed.brief(head, out);
    byte[] whole = Listed.whole(brief, head, out);
    valuesOf(
        head,
        (list, value) ->
            rows.add(
                new DerivedRow(
                    out.raw(list.prefix(value)).raw(place).done(),
                    list == FAILED ? whole : brief)));
  }

  /** Where in a list a letter stands, read from what follows the {@link #prefix}. */
  static PagePosition positionIn(byte[] key, int prefixLength) {
    KeyReader in = new KeyReader(key, prefixLength);
    return new PagePosition(in.descending(), in.id());
  }

  /** The value that a key of this list was made of, where it was short. */
  static String valueIn(byte[] key) {
    return new KeyReader(key, 1).text();
  }

  private static String term(String value) {
    if (value.length() <= MAX_TERM) {
      return value;
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
      return value.substring(0, TERM_START) + HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
