// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.Effect;
import dev.redrive.codec.EffectId;
import dev.redrive.codec.Entry.EffectEntry;
import dev.redrive.codec.RowKey;
import dev.redrive.store.Rows;
import dev.redrive.store.RowsQuery;
import dev.redrive.topology.effects.EffectRunner;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * One task's work outside the stream threads: a row for each piece of it, begun only when that row
 * is committed, and ended by an entry of the task's own control partition. What another task has
 * begun before this one took over is begun again, so all of it may be done more than once.
 */
final class Effects {
  /** An attempt that has not ended by then never will: its instance is gone, or it hangs. */
  private static final Duration LIMIT = Duration.ofSeconds(15);

  static final int MAX_ATTEMPTS = 3;

  /** So many are looked for after a take-over; the others are found at their deadline. */
  private static final int LOOKED_BACK_AT = 10_000;

  private final KeyValueStore<Bytes, byte[]> store;
  private final EffectRunner runner;
  private final LedgerOutput output;
  private final int partition;

  /** Attempts that are not begun yet, in the order in which they were asked for. */
  private final Map<EffectId, Integer> waiting = new LinkedHashMap<>();

  private final Queue<EffectEntry> ended = new ConcurrentLinkedQueue<>();
  private boolean lookedBack;

  /** Begins for one init of a task. */
  Effects(
      KeyValueStore<Bytes, byte[]> store, EffectRunner runner, LedgerOutput output, int partition) {
    this.store = store;
    this.runner = runner;
    this.output = output;
    this.partition = partition;
  }

  /** Wants it done. */
  void open(EffectId id, Effect.Work work, long now) {
    begin(new Effect(id, 1, now + LIMIT.toMillis(), work));
  }

  /**
   * Wants it tried once more.
   *
   * @return false where it was tried often enough
   */
  boolean again(Effect effect, Effect.Work work, long now) {
    if (effect.attempt() >= MAX_ATTEMPTS) {
      return false;
    }
    begin(effect.again(work, now + LIMIT.toMillis()));
    return true;
  }

  /** Keeps more about one that is under way. */
  void update(Effect effect) {
    store.put(key(effect.id()), effect.encode());
  }

  void close(EffectId id) {
    store.delete(key(id));
    waiting.remove(id);
  }

  Optional<Effect> find(EffectId id) {
    return decoded(store.get(key(id)));
  }

  /** The effect that this is news of; empty where the news is stale. */
  Optional<Effect> of(EffectEntry news) {
    return find(news.id()).filter(effect -> effect.attempt() == news.attempt());
  }

  /** The effect of a row whose deadline a query has shown; empty where it has moved since. */
  Optional<Effect> due(byte[] rowKey, long now) {
    return decoded(store.get(Bytes.wrap(rowKey))).filter(effect -> effect.deadline() <= now);
  }

  /**
   * Begins what is committed and sends on what has ended.
   *
   * @return whether anything was sent, for which somebody waits
   */
  boolean step(long now) {
    lookBack();
    Iterator<Map.Entry<EffectId, Integer>> next = waiting.entrySet().iterator();
    boolean room = true;
    while (room && next.hasNext()) {
      Map.Entry<EffectId, Integer> wanted = next.next();
      Effect effect = committed(wanted).orElse(null);
      if (find(wanted.getKey()).isEmpty()) {
        next.remove();
      } else if (effect != null) {
        room = runner.begin(effect, ended::add);
        if (room) {
          next.remove();
        }
      }
    }
    boolean sent = false;
    for (EffectEntry news = ended.poll(); news != null; news = ended.poll()) {
      output.effect(news, partition, now);
      sent = true;
    }
    return sent;
  }

  private void begin(Effect effect) {
    update(effect);
    // Taken out first: it goes to the end.
    waiting.remove(effect.id());
    waiting.put(effect.id(), effect.attempt());
  }

  private void lookBack() {
    if (!lookedBack) {
      lookedBack = true;
      rows(RowsQuery.prefix(new byte[] {RowKey.EFFECT}, LOOKED_BACK_AT))
          .forEach(
              row -> {
                Effect effect = Effect.decode(row.value().array());
                waiting.putIfAbsent(effect.id(), effect.attempt());
              });
    }
  }

  /** Empty while the attempt is not committed yet. */
  private Optional<Effect> committed(Map.Entry<EffectId, Integer> wanted) {
    List<Rows.Row> rows = rows(RowsQuery.prefix(RowKey.effect(wanted.getKey()), 1));
    return rows.isEmpty()
        ? Optional.empty()
        : decoded(rows.get(0).value().array())
            .filter(effect -> effect.attempt() == wanted.getValue());
  }

  private List<Rows.Row> rows(RowsQuery query) {
    QueryResult<Rows> answer =
        store.query(query, PositionBound.unbounded(), new QueryConfig(false));
    return answer.isFailure() ? List.of() : answer.getResult().rows();
  }

  private static Optional<Effect> decoded(byte @Nullable [] row) {
    return Optional.ofNullable(row).map(Effect::decode);
  }

  private static Bytes key(EffectId id) {
    return Bytes.wrap(RowKey.effect(id));
  }
}
