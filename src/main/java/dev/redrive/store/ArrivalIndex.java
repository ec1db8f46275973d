// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Letters of pipelines that keep them for a time, by when their last failure arrived. A row's key
 * is the list's byte, the pipeline, the arrival with the earliest first, and the letter's id; its
 * value is empty. A letter that is being retried has none: it is not taken away before it settles.
 *
 * <p>Only pipelines with a retention are listed, so the others pay nothing; how long they keep is
 * not in it, so a change of that re-makes nothing.
 */
final class ArrivalIndex {
  private static final int ID = 'X';
  private static final byte[] NOTHING = new byte[0];

  private ArrivalIndex() {}

  static void rowsOf(
      LetterId id, LetterHead head, Set<String> listed, KeyWriter out, List<DerivedRow> rows) {
    String pipeline = head.facts().pipelineId();
    if (head.status() != Status.RETRYING && listed.contains(pipeline)) {
      byte[] key = out.u8(ID).text(pipeline).ascending(head.facts().arrivedAt()).id(id).done();
      rows.add(new DerivedRow(key, NOTHING));
    }
  }

  static List<LetterId> arrivedBefore(View view, ArrivedQuery query) {
    List<LetterId> found = new ArrayList<>();
    query
        .before()
        .forEach(
            (pipeline, before) -> {
              byte[] prefix = new KeyWriter().u8(ID).text(pipeline).done();
              byte[] to = new KeyWriter().raw(prefix).ascending(before).done();
              if (found.size() < query.limit()) {
                view.scan(
                    Family.INDEX,
                    prefix,
                    to,
                    false,
                    (key, value) -> {
                      KeyReader in = new KeyReader(key, prefix.length);
                      in.ascending();
                      found.add(in.id());
                      return found.size() < query.limit();
                    });
              }
            });
    return found;
  }

  /** The pipelines that are listed, as a row of {@link Family#META}. */
  static byte[] encode(Set<String> listed) {
    KeyWriter out = new KeyWriter();
    new TreeSet<>(listed).forEach(out::text);
    return out.done();
  }

  static Set<String> decode(byte @Nullable [] row) {
    Set<String> listed = new TreeSet<>();
    if (row != null) {
      KeyReader in = new KeyReader(row);
      while (!in.atEnd()) {
        listed.add(in.text());
      }
    }
    return Set.copyOf(listed);
  }
}
