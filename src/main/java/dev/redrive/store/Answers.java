// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.RowKey;
import dev.redrive.filter.DetailView;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.query.Query;
import org.jspecify.annotations.Nullable;

/** Answers queries from one consistent state. */
final class Answers {
  private Answers() {}

  /** Reads what a query asks for. */
  interface Answer<R> {
    R from(View view);
  }

  /**
   * Null where the query is none of ours.
   *
   * @param masked what filters that are masked look at
   */
  static @Nullable Answer<?> of(Query<?> query, DetailView masked) {
    if (query instanceof LetterQuery wanted) {
      return view -> letter(view, wanted.id());
    }
    if (query instanceof PageQuery wanted) {
      return view -> Search.page(view, wanted, masked);
    }
    if (query instanceof MatchQuery wanted) {
      return view -> Search.matches(view, wanted.page(), masked);
    }
    if (query instanceof TotalsQuery wanted) {
      return view -> StatisticsAnswer.totals(view, wanted);
    }
    if (query instanceof StatisticsQuery wanted) {
      return view -> StatisticsAnswer.statistics(view, wanted);
    }
    if (query instanceof CountQuery wanted) {
      return view -> CountAnswer.of(view, wanted, masked);
    }
    if (query instanceof CensusQuery) {
      return CensusAnswer::of;
    }
    if (query instanceof RunQuery wanted) {
      return view -> RunAnswers.run(view, wanted.runId());
    }
    if (query instanceof RunsQuery wanted) {
      return view -> RunAnswers.runs(view, wanted);
    }
    if (query instanceof RunLettersQuery wanted) {
      return view -> RunAnswers.letters(view, wanted);
    }
    if (query instanceof DueQuery wanted) {
      return view -> due(view, wanted);
    }
    if (query instanceof GroupQuery wanted) {
      return view -> GroupAnswer.of(view, wanted);
    }
    if (query instanceof ArrivedQuery wanted) {
      return view -> ArrivalIndex.arrivedBefore(view, wanted);
    }
    if (query instanceof RetriesQuery wanted) {
      return view -> DueIndex.retries(view, wanted);
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
        : Optional.of(Fitting.of(id, row, view.get(Family.ROWS, RowKey.head(id))).letter());
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
}
