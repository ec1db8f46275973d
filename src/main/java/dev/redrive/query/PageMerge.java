// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.store.LetterPage;
import dev.redrive.store.PagePosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes one page of the pages of all partitions. A partition that stopped looking early says up to
 * where its page is complete; what others have past the nearest such place must wait for the next
 * page, or letters between would be skipped.
 */
final class PageMerge {
  private PageMerge() {}

  static LetterList of(List<LetterPage> pages, Walk walk, int limit) {
    Comparator<PagePosition> order = walk.order();
    PagePosition end = nearestEnd(pages, order);
    Map<LetterId, Letter> each = new HashMap<>();
    for (LetterPage page : pages) {
      for (Letter letter : page.letters()) {
        if (end == null || order.compare(PagePosition.of(letter), end) <= 0) {
          each.put(letter.id(), letter);
        }
      }
    }
    List<Letter> merged = new ArrayList<>(each.values());
    merged.sort(Comparator.comparing(PagePosition::of, order));
    if (merged.size() > limit) {
      List<Letter> shown = merged.subList(0, limit);
      return new LetterList(shown, walk.at(PagePosition.of(shown.get(limit - 1))), false);
    }
    boolean limited = end != null && merged.size() < limit;
    return new LetterList(merged, end == null ? null : walk.at(end), limited);
  }

  private static @Nullable PagePosition nearestEnd(
      List<LetterPage> pages, Comparator<PagePosition> order) {
    return pages.stream().map(LetterPage::end).filter(Objects::nonNull).min(order).orElse(null);
  }
}
