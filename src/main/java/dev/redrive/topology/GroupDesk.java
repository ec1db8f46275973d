// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.DetailCodec;
import dev.redrive.codec.Entry.GroupEntry;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureGroup;
import dev.redrive.letter.Grouping;
import dev.redrive.letter.LetterHead;
import dev.redrive.topology.LedgerRows.Stored;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Failure groups in a ledger partition. As the partition of letters it tells when it has letters of
 * a group, or none any more; as the partition that a group's id hashes to it keeps what is known of
 * the group as a whole, so that a group appears once, wherever its letters lie.
 */
final class GroupDesk {
  /** Groups remembered to have letters here; more are looked up in the counters. */
  private static final int REMEMBERED = 10_000;

  private final LedgerRows rows;
  private final LedgerOutput output;
  private final Grouping grouping;
  private final LedgerFigures figures;
  private final int partition;
  private final Set<Place> occupied = new HashSet<>();

  private record Place(String pipelineId, String groupId) {}

  GroupDesk(LedgerRows rows, LedgerOutput output, LedgerParts parts, int partition) {
    this.rows = rows;
    this.output = output;
    this.grouping = parts.pipelines().grouping();
    this.figures = parts.figures();
    this.partition = partition;
  }

  /** A letter was written or removed: after its rows were. */
  void moved(@Nullable Stored before, @Nullable LetterHead after, News news, long now) {
    Place from = before == null ? null : place(before.head());
    Place to = after == null ? null : place(after);
    if (Objects.equals(from, to)) {
      return;
    }
    if (from != null && rows.inGroup(from.pipelineId, from.groupId) == 0) {
      occupied.remove(from);
      tell(from, "", false, Objects.requireNonNull(before).head(), now);
    }
    if (to != null && !occupied.contains(to)) {
      if (rows.inGroup(to.pipelineId, to.groupId) == 1) {
        tell(to, title(to, news), true, Objects.requireNonNull(after), now);
      }
      remember(to);
    }
  }

  /** Another partition, or this one, tells. */
  void told(GroupEntry entry, long now) {
    FailureGroup known = rows.group(entry.groupId());
    if (!entry.joined()) {
      if (known != null) {
        rows.write(known.left(entry.pipelineId(), entry.partition(), entry.seen(), now));
      }
      return;
    }
    FailureGroup group =
        known == null
            ? FailureGroup.appeared(
                entry.groupId(), entry.title(), entry.seen(), entry.pipelineId(), entry.partition())
            : known.joined(entry.pipelineId(), entry.partition(), now);
    rows.write(group);
    if (known == null || group.times() > known.times()) {
      (known == null ? figures.groupsAppeared : figures.groupsRegressed).increment();
      output.group(group, entry.pipelineId(), now);
    }
  }

  private void tell(Place place, String title, boolean joined, LetterHead head, long now) {
    output.group(
        new GroupEntry(
            place.groupId, title, place.pipelineId, partition, joined, head.facts().failedAt()),
        now);
  }

  private String title(Place place, News news) {
    FailureError error =
        news.detail() == null ? news.error() : DetailCodec.decode(news.detail().array()).error();
    return grouping.group(place.pipelineId, error).map(Grouping.Group::title).orElse("");
  }

  private void remember(Place place) {
    if (occupied.size() >= REMEMBERED) {
      occupied.clear();
    }
    occupied.add(place);
  }

  private static @Nullable Place place(LetterHead head) {
    String group = head.facts().groupId();
    return group == null ? null : new Place(head.facts().pipelineId(), group);
  }
}
