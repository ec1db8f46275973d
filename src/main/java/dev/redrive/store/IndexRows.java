// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Rows of several ranges of index lists as one list in the order of time and id. A letter that
 * stands in several of them comes once.
 */
final class IndexRows implements AutoCloseable {
  private final int direction;
  private final PriorityQueue<Source> sources = new PriorityQueue<>(this::order);

  /** In one list alone no letter comes twice, so a row's key is read only if somebody asks. */
  private final boolean several;

  private @Nullable Source last;
  private @Nullable PagePosition position;
  private int visited;

  /** One range's rows, on one of them. */
  private record Source(View.Rows rows, int prefixLength) {}

  IndexRows(View view, List<IndexRange> ranges, boolean oldestFirst) {
    this.direction = oldestFirst ? -1 : 1;
    this.several = ranges.size() > 1;
    try {
      for (IndexRange range : ranges) {
        if (range.holdsAny()) {
          View.Rows rows = view.rows(Family.INDEX, range.from(), range.to(), oldestFirst);
          keep(new Source(rows, range.prefixLength()));
        }
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Goes to the next row; false: there is none. */
  boolean next() {
    while (true) {
      advance();
      Source source = sources.poll();
      if (source == null) {
        return false;
      }
      last = source;
      visited++;
      PagePosition before = position;
      position = null;
      if (!several || !position().equals(before)) {
        return true;
      }
    }
  }

  /** Where the present row's letter stands; only after {@link #next} found one. */
  PagePosition position() {
    PagePosition known = position;
    if (known == null) {
      Source source = present();
      known = LetterIndex.positionIn(source.rows.key(), source.prefixLength);
      position = known;
    }
    return known;
  }

  /** What the present row says: {@link Listed}. */
  byte[] value() {
    return present().rows.value();
  }

  /** How many rows were read, those of letters that came before included. */
  int visited() {
    return visited;
  }

  @Override
  public void close() {
    if (last != null) {
      last.rows.close();
    }
    sources.forEach(source -> source.rows.close());
    sources.clear();
  }

  private void advance() {
    Source done = last;
    last = null;
    if (done != null) {
      done.rows.next();
      keep(done);
    }
  }

  private Source present() {
    return Objects.requireNonNull(last, "no row");
  }

  private void keep(Source source) {
    if (source.rows.isValid()) {
      sources.add(source);
    } else {
      source.rows.close();
    }
  }

  private int order(Source a, Source b) {
    byte[] one = a.rows.key();
    byte[] other = b.rows.key();
    return direction
        * Arrays.compareUnsigned(
            one, a.prefixLength, one.length, other, b.prefixLength, other.length);
  }
}
