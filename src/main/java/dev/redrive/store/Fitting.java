// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.HeadCodec;
import dev.redrive.codec.LetterRow;
import dev.redrive.codec.RowKey;
import dev.redrive.filter.LetterMatcher;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stored letter that fits a filter. Its detail is read when it is asked for. */
final class Fitting {
  private final LetterId id;
  private final LetterHead head;
  private final byte[] row;
  private @Nullable FailureDetail detail;

  private Fitting(LetterId id, LetterHead head, byte[] row) {
    this.id = id;
    this.head = head;
    this.row = row;
  }

  /** Those of the candidates, in their order, that do fit. */
  static List<Fitting> among(View view, List<PagePosition> candidates, LetterMatcher matcher) {
    List<byte @Nullable []> rows =
        view.getAll(Family.ROWS, candidates.stream().map(at -> RowKey.letter(at.id())).toList());
    List<byte @Nullable []> heads =
        view.getAll(Family.ROWS, candidates.stream().map(at -> RowKey.head(at.id())).toList());
    List<Fitting> fitting = new ArrayList<>(candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      LetterId id = candidates.get(i).id();
      byte[] row = rows.get(i);
      if (row == null) {
        throw new IllegalStateException("an index row without its letter " + id);
      }
      Fitting letter = of(id, row, heads.get(i));
      if (letter.fits(matcher)) {
        fitting.add(letter);
      }
    }
    return fitting;
  }

  static Fitting of(LetterId id, byte[] row, byte @Nullable [] headRow) {
    return new Fitting(id, headRow == null ? LetterRow.head(row) : HeadCodec.decode(headRow), row);
  }

  boolean fits(LetterMatcher matcher) {
    return matcher.fits(head) && (!matcher.needsDetail() || matcher.fits(head, detail()));
  }

  LetterHead head() {
    return head;
  }

  PagePosition position() {
    return new PagePosition(head.facts().failedAt(), id);
  }

  /** Bytes of its row. */
  long size() {
    return row.length;
  }

  Letter letter() {
    return new Letter(id, head, detail());
  }

  private FailureDetail detail() {
    FailureDetail known = detail;
    if (known == null) {
      known = LetterRow.detail(row);
      detail = known;
    }
    return known;
  }
}
