// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a store must answer, kept in plain maps. */
final class StoreModel {
  private static final Comparator<Letter> LATEST_FIRST =
      Comparator.comparingLong((Letter letter) -> letter.head().facts().failedAt())
          .reversed()
          .thenComparing(Letter::id);

  private final Map<LetterId, Letter> letters = new HashMap<>();

  StoreModel copy() {
    StoreModel copy = new StoreModel();
    copy.letters.putAll(letters);
    return copy;
  }

  void put(Letter letter) {
    letters.put(letter.id(), letter);
  }

  void remove(LetterId id) {
    letters.remove(id);
  }

  Map<LetterId, Letter> letters() {
    return letters;
  }

  LetterPage page(PageQuery query) {
    Comparator<Letter> order = query.oldestFirst() ? LATEST_FIRST.reversed() : LATEST_FIRST;
    List<Letter> matching = new ArrayList<>();
    for (Letter letter : letters.values()) {
      long failedAt = letter.head().facts().failedAt();
      boolean wanted =
          (query.pipelineId() == null
                  || query.pipelineId().equals(letter.head().facts().pipelineId()))
              && failedAt >= query.since()
              && failedAt <= query.until();
      if (wanted && isAfter(letter, query)) {
        matching.add(letter);
      }
    }
    matching.sort(order);
    return new LetterPage(
        matching.subList(0, Math.min(query.limit(), matching.size())),
        matching.size() > query.limit());
  }

  Totals totals(TotalsQuery query) {
    Map<Totals.Cell, Long> counts = new HashMap<>();
    for (Letter letter : letters.values()) {
      long failedAt = letter.head().facts().failedAt();
      if (failedAt >= query.since() && failedAt <= query.until()) {
        counts.merge(
            new Totals.Cell(
                letter.head().facts().pipelineId(),
                letter.head().facts().errorCode(),
                letter.head().status()),
            1L,
            Long::sum);
      }
    }
    return new Totals(counts);
  }

  private static boolean isAfter(Letter letter, PageQuery query) {
    PagePosition after = query.after();
    if (after == null) {
      return true;
    }
    long failedAt = letter.head().facts().failedAt();
    int byTime = Long.compare(after.failedAt(), failedAt);
    int latestFirst = byTime != 0 ? byTime : letter.id().compareTo(after.id());
    return query.oldestFirst() ? latestFirst < 0 : latestFirst > 0;
  }
}
