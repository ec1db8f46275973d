// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Step;
import dev.redrive.letter.Transitions;
import dev.redrive.store.ArrivedQuery;
import dev.redrive.topology.LedgerRows.Stored;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueStore;

/** Takes letters away that their pipeline no longer keeps, some at a time. */
final class Retention {
  /** In one step, so that a million that expire together outlast no transaction. */
  private static final int PER_STEP = 500;

  private static final long LOOK_EVERY = Duration.ofSeconds(5).toMillis();

  private final Map<String, Long> retentions;
  private final KeyValueStore<Bytes, byte[]> store;
  private final LedgerRows rows;
  private final LetterChanges changes;
  private long nextLook = Long.MIN_VALUE;

  Retention(
      Map<String, Long> retentions,
      KeyValueStore<Bytes, byte[]> store,
      LedgerRows rows,
      LetterChanges changes) {
    this.retentions = Map.copyOf(retentions);
    this.store = store;
    this.rows = rows;
    this.changes = changes;
  }

  /** One step, where it is time for it. */
  void step(long now) {
    if (retentions.isEmpty() || now < nextLook) {
      return;
    }
    Map<String, Long> before = new HashMap<>();
    retentions.forEach((pipeline, kept) -> before.put(pipeline, now - kept));
    QueryResult<List<LetterId>> answer =
        store.query(
            new ArrivedQuery(before, PER_STEP), PositionBound.unbounded(), new QueryConfig(false));
    if (answer.isFailure()) {
      return;
    }
    answer.getResult().forEach(id -> expire(id, before, now));
    // A full step is followed by the next at once; what it removed is committed by then or is seen
    // to be gone.
    nextLook = answer.getResult().size() == PER_STEP ? now : now + LOOK_EVERY;
  }

  /** The query saw what is committed; what this transaction already did is seen here. */
  private void expire(LetterId id, Map<String, Long> before, long now) {
    Stored stored = rows.letter(id);
    LetterHead head = stored == null ? null : stored.head();
    Long limit = head == null ? null : before.get(head.facts().pipelineId());
    if (head != null && limit != null) {
      Optional<Step> step = Transitions.expired(head, limit);
      step.ifPresent(gone -> changes.apply(id, stored, gone, News.NONE, now));
    }
  }
}
