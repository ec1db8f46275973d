// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.HeadCodec;
import dev.redrive.codec.LetterRow;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.query.Query;
import org.jspecify.annotations.Nullable;

/** Answers queries from one consistent state. */
final class Answers {
  private static final byte[] LOWEST_ID = new byte[16];

  private Answers() {}

  /** Reads what a query asks for. */
  interface Answer<R> {
    R from(View view);
  }

  /** Null where the query is none of ours. */
  static @Nullable Answer<?> of(Query<?> query) {
    if (query instanceof LetterQuery wanted) {
      return view -> letter(view, wanted.id());
    }
    if (query instanceof PageQuery wanted) {
      return view -> page(view, wanted);
    }
    if (query instanceof TotalsQuery wanted) {
      return view -> TotalsAnswer.of(view, wanted);
    }
    if (query instanceof DueQuery wanted) {
      return view -> due(view, wanted);
    }
    if (query instanceof RowsQuery wanted) {
      return view -> rows(view, wanted);
    }
    return null;
  }

  private static Rows rows(View view, RowsQuery query) {
    List<Rows.Row> rows = new ArrayList<>();
    if (KeyRange.holdsAny(query.from().array(), query.to().array())) {
      view.scan(
          Family.ROWS,
          query.from().array(),
          query.to().array(),
          false,
          (key, value) -> {
            rows.add(new Rows.Row(RawBytes.of(key), RawBytes.of(value)));
            return rows.size() < query.limit();
          });
    }
    return new Rows(rows);
  }

  private static Optional<Letter> letter(View view, LetterId id) {
    byte[] row = view.get(Family.ROWS, RowKey.letter(id));
    return row == null
        ? Optional.empty()
        : Optional.of(letter(id, row, view.get(Family.ROWS, RowKey.head(id))));
  }

  private static LetterPage page(View view, PageQuery query) {
    byte[] prefix =
        query.pipelineId() == null
            ? LetterIndex.FAILED.prefix("")
            : LetterIndex.PIPELINE.prefix(query.pipelineId());
    // Keys run from the latest to the earliest.
    byte[] from = bound(prefix, query.until());
    byte[] to =
        query.since() == Long.MIN_VALUE
            ? KeyRange.afterAll(prefix)
            : bound(prefix, query.since() - 1);
    PagePosition after = query.after();
    if (after != null) {
      byte[] last = new KeyWriter().raw(prefix).descending(after.failedAt()).id(after.id()).done();
      if (query.oldestFirst()) {
        to = KeyRange.least(to, last);
      } else {
        from = KeyRange.greatest(from, KeyRange.after(last));
      }
    }
    List<LetterId> ids = new ArrayList<>();
    boolean[] more = {false};
    if (KeyRange.holdsAny(from, to)) {
      view.scan(
          Family.INDEX,
          from,
          to,
          query.oldestFirst(),
          (key, value) -> {
            more[0] = ids.size() == query.limit();
            if (!more[0]) {
              ids.add(LetterIndex.positionIn(key, prefix.length).id());
            }
            return !more[0];
          });
    }
    return new LetterPage(letters(view, ids), more[0]);
  }

  private static Due due(View view, DueQuery query) {
    List<Due.Entry> entries = new ArrayList<>();
    boolean[] more = {false};
    view.scan(
        Family.INDEX,
        DueIndex.prefix(),
        DueIndex.after(query.until()),
        false,
        (key, value) -> {
          more[0] = entries.size() == query.limit();
          if (!more[0]) {
            entries.add(DueIndex.entry(key));
          }
          return !more[0];
        });
    return new Due(entries, more[0]);
  }

  private static List<Letter> letters(View view, List<LetterId> ids) {
    List<byte @Nullable []> rows =
        view.getAll(Family.ROWS, ids.stream().map(RowKey::letter).toList());
    List<byte @Nullable []> heads =
        view.getAll(Family.ROWS, ids.stream().map(RowKey::head).toList());
    List<Letter> letters = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      byte[] row = rows.get(i);
      if (row == null) {
        throw new IllegalStateException("an index row without its letter " + ids.get(i));
      }
      letters.add(letter(ids.get(i), row, heads.get(i)));
    }
    return letters;
  }

  private static Letter letter(LetterId id, byte[] row, byte @Nullable [] headRow) {
    LetterHead head = headRow == null ? LetterRow.head(row) : HeadCodec.decode(headRow);
    return new Letter(id, head, LetterRow.detail(row));
  }

  /** Before all letters of this time and those before it. */
  private static byte[] bound(byte[] prefix, long failedAt) {
    return new KeyWriter().raw(prefix).descending(failedAt).raw(LOWEST_ID).done();
  }
}
