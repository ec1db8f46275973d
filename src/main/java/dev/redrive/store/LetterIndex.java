// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import com.google.errorprone.annotations.Immutable;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import java.util.List;

/**
 * The lists that letters can be read from. A row's key is the list's byte, the attribute, the
 * failed time with the latest first, and the letter's id; its value is {@link Listed}. A letter has
 * one row for each value of the attribute, and none where it has no such attribute.
 *
 * <p>A new list is one more constant here and a higher {@link #VERSION}: databases of older
 * versions are indexed anew when they are opened.
 */
enum LetterIndex {
  FAILED('F', head -> List.of("")),
  PIPELINE('P', head -> List.of(head.facts().pipelineId()));

  /** Raised with every change of what is derived from rows, counters included. */
  static final int VERSION = 1;

  private static final LetterIndex[] LISTS = values();

  private final int id;
  private final Attribute attribute;

  /** The values of one attribute; empty where the letter has none. */
  @Immutable
  @FunctionalInterface
  interface Attribute {
    List<String> of(LetterHead head);
  }

  LetterIndex(int id, Attribute attribute) {
    this.id = id;
    this.attribute = attribute;
  }

  /** Everything that lies in this list under one value of the attribute. */
  byte[] prefix(String attribute) {
    return new KeyWriter().u8(id).text(attribute).done();
  }

  static void rowsOf(LetterId id, LetterHead head, KeyWriter out, List<DerivedRow> rows) {
    byte[] listed = Listed.encode(head, out);
    FailureFacts facts = head.facts();
    for (LetterIndex list : LISTS) {
      for (String value : list.attribute.of(head)) {
        byte[] key = out.u8(list.id).text(value).descending(facts.failedAt()).id(id).done();
        rows.add(new DerivedRow(key, listed));
      }
    }
  }

  /** Where in a list a letter stands, read from what follows the {@link #prefix}. */
  static PagePosition positionIn(byte[] key, int prefixLength) {
    KeyReader in = new KeyReader(key, prefixLength);
    return new PagePosition(in.descending(), in.id());
  }
}
