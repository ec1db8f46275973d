// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.filter.DetailView;
import dev.redrive.filter.LetterMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds what fits in the order of a list: index rows first, which rule most letters out, then the
 * letters themselves, some at a time. Ends where the page is full or the work is used up, and says
 * up to where it has looked.
 */
final class Search {
  /** Letters that are read together where many of them may not fit. */
  private static final int TOGETHER = 100;

  private final View view;
  private final PageQuery query;
  private final LetterMatcher matcher;
  private int work;
  private @Nullable PagePosition looked;
  private boolean ended;

  private Search(View view, PageQuery query, DetailView masked) {
    this.view = view;
    this.query = query;
    this.matcher = LetterMatcher.of(query.filter(), masked);
    this.work = query.work();
  }

  static LetterPage page(View view, PageQuery query, DetailView masked) {
    return new Search(view, query, masked).page();
  }

  static Matches matches(View view, PageQuery query, DetailView masked) {
    return new Search(view, query, masked).matches();
  }

  private LetterPage page() {
    Plan plan = plan();
    RowFilter filter = new RowFilter(query.filter(), plan.list());
    List<Fitting> found =
        find(plan, filter, candidates -> Fitting.among(view, candidates, matcher), true);
    PagePosition end = end(found, Fitting::position);
    return new LetterPage(found.stream().map(Fitting::letter).toList(), end);
  }

  private Matches matches() {
    Plan plan = plan();
    RowFilter filter = new RowFilter(query.filter(), plan.list());
    List<PagePosition> found =
        filter.exact()
            ? find(plan, filter, candidates -> candidates, false)
            : find(plan, filter, this::positions, true);
    PagePosition end = end(found, position -> position);
    return new Matches(found, end);
  }

  private List<PagePosition> positions(List<PagePosition> candidates) {
    return Fitting.among(view, candidates, matcher).stream().map(Fitting::position).toList();
  }

  private Plan plan() {
    return Plan.of(view, query.filter(), query.oldestFirst(), query.after());
  }

  /** One more than asked for, where there is one: so a full page knows whether it is the last. */
  private <T> List<T> find(
      Plan plan, RowFilter filter, Function<List<PagePosition>, List<T>> confirm, boolean reads) {
    List<T> found = new ArrayList<>();
    int together = filter.likely() ? 1 : TOGETHER;
    try (IndexRows rows = new IndexRows(view, plan.ranges(), query.oldestFirst())) {
      while (found.size() <= query.limit() && work > 0 && !ended) {
        int wanted = Math.max(together, query.limit() + 1 - found.size());
        found.addAll(confirm.apply(candidates(rows, filter, wanted, reads)));
      }
    }
    return found;
  }

  private List<PagePosition> candidates(
      IndexRows rows, RowFilter filter, int wanted, boolean reads) {
    List<PagePosition> candidates = new ArrayList<>();
    while (candidates.size() < wanted && work > 0) {
      int before = rows.visited();
      if (!rows.next()) {
        ended = true;
        return candidates;
      }
      work -= rows.visited() - before;
      if (filter.mayFit(rows.value())) {
        candidates.add(rows.position());
        work -= reads ? PageQuery.LETTER_WORK : 0;
      }
    }
    looked = rows.position();
    return candidates;
  }

  /** Cuts what was found to a page, and answers up to where it is complete. */
  private <T> @Nullable PagePosition end(List<T> found, Function<T, PagePosition> position) {
    if (found.size() > query.limit()) {
      found.subList(query.limit(), found.size()).clear();
      return position.apply(found.get(query.limit() - 1));
    }
    return ended ? null : looked;
  }
}
