// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.GroupCodec;
import dev.redrive.codec.RowKey;
import dev.redrive.filter.Attribute;
import dev.redrive.filter.DetailView;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.FailureGroup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks failure groups up, one by one. */
final class GroupAnswer {
  private static final int WORK = 2_000;

  private GroupAnswer() {}

  static Map<String, GroupFacts> of(View view, GroupQuery query) {
    Map<String, GroupFacts> facts = new HashMap<>();
    for (String id : query.groups()) {
      byte[] row = view.get(Family.ROWS, RowKey.group(id));
      FailureGroup group = row == null ? null : GroupCodec.decode(row);
      PagePosition newest = newest(view, id, query.pipelines());
      if (group != null || newest != null) {
        facts.put(id, new GroupFacts(group, newest));
      }
    }
    return facts;
  }

  private static @Nullable PagePosition newest(View view, String id, Set<String> pipelines) {
    LetterFilter filter =
        LetterFilter.ALL.with(Attribute.GROUP, Set.of(id)).with(Attribute.PIPELINE, pipelines);
    PageQuery first = new PageQuery(filter, false, null, 1, WORK);
    List<PagePosition> found = Search.matches(view, first, DetailView.BLIND).letters();
    return found.isEmpty() ? null : found.get(0);
  }
}
