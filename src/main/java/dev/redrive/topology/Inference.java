// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.Entry.InferredEntry;
import dev.redrive.codec.Landing;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.Coordinates;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Outcome;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.Step;
import dev.redrive.letter.Transitions;
import dev.redrive.store.Rows;
import dev.redrive.store.RowsQuery;
import dev.redrive.topology.LedgerRows.Stored;
import dev.redrive.topology.topics.GroupProgress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Infers that replays worked, from where they landed and how far their consumer group is.
 *
 * <p>The news takes the way that a failure of the replay would have taken, over the ledger topic,
 * first to this partition itself and then to the letter's: so whatever failure was taken in before
 * is before it, and settles the attempt.
 */
final class Inference {
  private static final int AT_ONCE = 500;

  private final KeyValueStore<Bytes, byte[]> store;
  private final LedgerRows rows;
  private final LetterChanges changes;
  private final LedgerOutput output;
  private final GroupProgress progress;
  private final Set<String> groups;
  private final int partition;
  private final Map<String, Map<TopicPartition, Long>> looked = new HashMap<>();

  /** Begins for one init of a task. */
  Inference(
      KeyValueStore<Bytes, byte[]> store,
      LedgerRows rows,
      LetterChanges changes,
      LedgerOutput output,
      LedgerParts parts,
      int partition) {
    this.store = store;
    this.rows = rows;
    this.changes = changes;
    this.output = output;
    this.progress = parts.progress();
    this.groups = parts.pipelines().outcomeGroups();
    this.partition = partition;
  }

  /** Looks at the landings that groups have passed since. */
  void step(long now) {
    for (String group : groups) {
      Map<TopicPartition, Long> before = looked.computeIfAbsent(group, g -> new HashMap<>());
      progress
          .settled(group)
          .forEach(
              (at, offset) -> {
                long from = before.getOrDefault(at, 0L);
                if (offset > from) {
                  before.put(at, look(group, at, from, offset, now));
                }
              });
    }
  }

  /** A replay of this partition's landings worked, as far as anybody knows. */
  void passed(Landing landing, long now) {
    Bytes key = Bytes.wrap(RowKey.landing(landing.place()));
    byte[] row = store.get(key);
    if (row != null && Landing.decode(row).group() != null) {
      store.put(key, landing.withoutGroup().encode());
      output.inferred(new InferredEntry(landing, true), now);
    }
  }

  /** The same, at its letter: it counts where nothing was heard of that attempt, the last one. */
  void worked(Landing landing, long now) {
    Stored stored = rows.letter(landing.letter());
    if (stored == null
        || stored.head().attempt() != landing.attempt()
        || !stored.head().awaited().contains(landing.attempt())) {
      return;
    }
    Outcome outcome =
        new Outcome(
            Outcome.Result.SUCCEEDED, landing.runId(), landing.attempt(), FailureError.UNKNOWN);
    Step step = Transitions.outcome(stored.head(), outcome, now);
    News news =
        News.of(outcome)
            .inferred(
                "group "
                    + landing.group()
                    + " has committed past "
                    + landing.place()
                    + " and no failure came back");
    changes.apply(landing.letter(), stored, step, news, now);
  }

  /** How far it looked. */
  private long look(String group, TopicPartition at, long from, long to, long now) {
    RowsQuery below = new RowsQuery(RawBytes.of(key(at, from)), RawBytes.of(key(at, to)), AT_ONCE);
    QueryResult<Rows> answer =
        store.query(below, PositionBound.unbounded(), new QueryConfig(false));
    if (answer.isFailure()) {
      return from;
    }
    List<Rows.Row> found = answer.getResult().rows();
    long last = from;
    for (Rows.Row row : found) {
      Landing landing = Landing.decode(row.value().array());
      last = landing.place().offset() + 1;
      if (group.equals(landing.group())) {
        output.inferredHere(new InferredEntry(landing, false), partition, now);
      }
    }
    return found.size() < AT_ONCE ? to : last;
  }

  private static byte[] key(TopicPartition at, long offset) {
    return RowKey.landing(new Coordinates(at.topic(), at.partition(), offset));
  }
}
