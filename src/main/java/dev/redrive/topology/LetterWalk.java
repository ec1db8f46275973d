// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.Letter;
import dev.redrive.run.Place;
import dev.redrive.store.LetterPage;
import dev.redrive.store.MatchQuery;
import dev.redrive.store.Matches;
import dev.redrive.store.PagePosition;
import dev.redrive.store.PageQuery;
import dev.redrive.store.ServedChangeQuery;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the letters of one partition that fit a filter, in the order of their last failure,
 * as they are committed. It goes by the index and holds a page at most.
 */
final class LetterWalk {
  /** What one page may cost where hardly a letter fits: some ten milliseconds. */
  private static final int WORK = 10_000;

  private final KeyValueStore<Bytes, byte[]> store;

  LetterWalk(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  /**
   * Some of the letters that fit.
   *
   * @param end where the walk has got to; null: at the place where the page began
   * @param more whether anything comes after that
   */
  record Page(List<Letter> letters, @Nullable Place end, boolean more) {}

  /** Reads on after a place; null: from the start. */
  Page next(LetterFilter filter, boolean newestFirst, @Nullable Place after, int atMost) {
    PagePosition from = after == null ? null : new PagePosition(after.order(), after.id());
    LetterPage page = ask(new PageQuery(filter, !newestFirst, from, atMost, WORK));
    PagePosition end = page.end();
    return end == null
        ? new Page(page.letters(), last(page.letters(), after), false)
        : new Page(page.letters(), place(end), true);
  }

  /**
   * Where some of the letters stand that fit; a letter itself is read by who needs it.
   *
   * @param end as of a {@link Page}
   */
  record Places(List<Place> letters, @Nullable Place end, boolean more) {}

  /** The same without reading letters, where the index tells enough. */
  Places places(LetterFilter filter, boolean newestFirst, @Nullable Place after, int atMost) {
    PagePosition from = after == null ? null : new PagePosition(after.order(), after.id());
    Matches found = ask(new MatchQuery(new PageQuery(filter, !newestFirst, from, atMost, WORK)));
    List<Place> places = found.letters().stream().map(LetterWalk::place).toList();
    PagePosition end = found.end();
    if (end != null) {
      return new Places(places, place(end), true);
    }
    return new Places(places, places.isEmpty() ? after : places.get(places.size() - 1), false);
  }

  private static Place place(PagePosition position) {
    return new Place(position.failedAt(), position.id());
  }

  private static @Nullable Place last(List<Letter> letters, @Nullable Place before) {
    return letters.isEmpty() ? before : place(letters.get(letters.size() - 1));
  }

  static Place place(Letter letter) {
    return new Place(letter.head().facts().failedAt(), letter.id());
  }

  /** The number of the last change that this sees. */
  long served() {
    return ask(new ServedChangeQuery());
  }

  private <R> R ask(Query<R> query) {
    QueryResult<R> answer = store.query(query, PositionBound.unbounded(), new QueryConfig(false));
    if (answer.isFailure()) {
      throw new IllegalStateException(
          "the letter store does not answer: " + answer.getFailureMessage());
    }
    return answer.getResult();
  }
}
