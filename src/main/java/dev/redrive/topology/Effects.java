// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.Effect;
import dev.redrive.codec.EffectId;
import dev.redrive.codec.Entry.EffectEntry;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.store.Rows;
import dev.redrive.store.RowsQuery;
import dev.redrive.topology.LedgerRows.Stored;
import dev.redrive.topology.effects.EffectRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * One task's work outside the stream threads: a row for each piece of it, begun only when that row
 * is committed, and ended by an entry of the task's own control partition. What another task has
 * begun before this one took over is begun again, so all of it may be done more than once.
 *
 * <p>Past 300 lines because the rows, the queues behind them and the look back after a take-over
 * must agree on what is begun.
 */
final class Effects {
  /** An attempt at a fetch that has not ended by then never will: its instance is gone. */
  private static final Duration FETCHED_WITHIN = Duration.ofSeconds(15);

  /** A call tells its end by itself; this is for what was not begun, or was begun elsewhere. */
  private static final Duration CALLED_WITHIN = Duration.ofMinutes(5);

  static final int MAX_ATTEMPTS = 3;

  /** So many are looked at in one step for what another task has left, or found no room. */
  private static final int LOOKED_AT = 1_000;

  /** More are not kept in memory; the rows of the others are looked at again later. */
  private static final int MAX_WAITING = 10_000;

  /** So many that are not committed yet are passed over in one step. */
  private static final int PASSED_OVER = 500;

  private static final RawBytes FIRST = RawBytes.of(new byte[] {RowKey.EFFECT});
  private static final RawBytes PAST_LAST = RawBytes.of(new byte[] {RowKey.EFFECT + 1});

  private final KeyValueStore<Bytes, byte[]> store;
  private final LedgerRows rows;
  private final EffectRunner runner;
  private final LedgerOutput output;
  private final int partition;

  /** Attempts that are not begun yet, of each kind in the order in which they were asked for. */
  private final Map<EffectId.Kind, Map<EffectId, Integer>> waiting =
      new EnumMap<>(EffectId.Kind.class);

  /** Attempts that this task has begun and not taken in the news of. */
  private final Map<EffectId, Integer> underWay = new HashMap<>();

  private final Queue<EffectEntry> ended = new ConcurrentLinkedQueue<>();

  /** The first row that is still to be looked at; empty: all were. */
  private Optional<RawBytes> lookFrom = Optional.of(FIRST);

  /** Whether there were more than there is room for since the look at all rows began. */
  private boolean overflowed;

  /** Begins for one init of a task. */
  Effects(
      KeyValueStore<Bytes, byte[]> store,
      LedgerRows rows,
      EffectRunner runner,
      LedgerOutput output,
      int partition) {
    this.store = store;
    this.rows = rows;
    this.runner = runner;
    this.output = output;
    this.partition = partition;
    for (EffectId.Kind kind : EffectId.Kind.values()) {
      waiting.put(kind, new LinkedHashMap<>());
    }
  }

  /** Wants it done. */
  void open(EffectId id, Effect.Work work, long now) {
    begin(new Effect(id, 1, now + limit(work), work));
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
    next(effect, work, now);
    return true;
  }

  /** Wants the next attempt, however many there were. */
  void next(Effect effect, Effect.Work work, long now) {
    begin(effect.again(work, now + limit(work)));
  }

  /** Leaves it alone until then. */
  void pause(Effect effect, Effect.Work work, long until) {
    update(effect.again(work, until));
  }

  /** The deadline of an attempt has come that nobody here has begun: it is begun later. */
  void putOff(Effect effect, long now) {
    begin(new Effect(effect.id(), effect.attempt(), now + limit(effect.work()), effect.work()));
  }

  /** Keeps more about one that is under way. */
  void update(Effect effect) {
    store.put(key(effect.id()), effect.encode());
  }

  void close(EffectId id) {
    store.delete(key(id));
    queue(id).remove(id);
  }

  /** Closes all of a kind that a letter has. */
  void closeAll(LetterId owner, EffectId.Kind kind) {
    List<EffectId> found = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> all =
        store.prefixScan(RowKey.effects(owner, kind), new ByteArraySerializer())) {
      all.forEachRemaining(row -> found.add(Effect.decode(row.value).id()));
    }
    found.forEach(this::close);
  }

  Optional<Effect> find(EffectId id) {
    return decoded(store.get(key(id)));
  }

  /** The effect that this is news of; empty where the news is stale. */
  Optional<Effect> of(EffectEntry news) {
    underWay.remove(news.id(), news.attempt());
    return find(news.id()).filter(effect -> effect.attempt() == news.attempt());
  }

  /** The effect of a row whose deadline a query has shown; empty where it has moved since. */
  Optional<Effect> due(byte[] rowKey, long now) {
    return decoded(store.get(Bytes.wrap(rowKey))).filter(effect -> effect.deadline() <= now);
  }

  /** Whether this task has begun it, and not heard of it since. */
  boolean isUnderWay(Effect effect) {
    return Objects.equals(underWay.get(effect.id()), effect.attempt());
  }

  /**
   * Begins what is committed and sends on what has ended.
   *
   * @return whether anything was sent, for which somebody waits
   */
  boolean step(long now) {
    lookBack();
    waiting.values().forEach(this::beginWaiting);
    boolean sent = false;
    for (EffectEntry news = ended.poll(); news != null; news = ended.poll()) {
      output.effect(news, partition, now);
      sent = true;
    }
    return sent;
  }

  private void beginWaiting(Map<EffectId, Integer> queue) {
    Iterator<Map.Entry<EffectId, Integer>> next = queue.entrySet().iterator();
    boolean room = true;
    int uncommitted = 0;
    while (room && uncommitted < PASSED_OVER && next.hasNext()) {
      Map.Entry<EffectId, Integer> wanted = next.next();
      Effect effect = committed(wanted).orElse(null);
      if (find(wanted.getKey()).filter(now -> now.attempt() == wanted.getValue()).isEmpty()) {
        next.remove();
      } else if (effect == null) {
        uncommitted++;
      } else {
        room = start(effect);
        if (room) {
          next.remove();
        }
      }
    }
  }

  private boolean start(Effect effect) {
    boolean begun =
        effect.work() instanceof Effect.Fetch
            ? runner.begin(effect, ended::add)
            : call(effect, rows.letter(effect.id().owner()));
    if (begun) {
      underWay.put(effect.id(), effect.attempt());
    }
    return begun;
  }

  /** A letter that is gone in this transaction has taken its effects with it. */
  private boolean call(Effect effect, @Nullable Stored stored) {
    return stored == null
        || runner.call(
            effect,
            () -> new Letter(effect.id().owner(), stored.head(), stored.detail()),
            ended::add);
  }

  private void begin(Effect effect) {
    update(effect);
    Map<EffectId, Integer> queue = queue(effect.id());
    // Taken out first: it goes to the end.
    queue.remove(effect.id());
    if (queue.size() < MAX_WAITING) {
      queue.put(effect.id(), effect.attempt());
    } else {
      overflowed = true;
    }
  }

  /** Finds what is to be done and nobody here knows of, a page of rows at a time. */
  private void lookBack() {
    if (waiting.values().stream().anyMatch(queue -> queue.size() > MAX_WAITING - LOOKED_AT)) {
      return;
    }
    if (lookFrom.isEmpty() && overflowed) {
      overflowed = false;
      lookFrom = Optional.of(FIRST);
    }
    if (lookFrom.isEmpty()) {
      return;
    }
    List<Rows.Row> page = rows(new RowsQuery(lookFrom.get(), PAST_LAST, LOOKED_AT));
    for (Rows.Row row : page) {
      Effect effect = Effect.decode(row.value().array());
      boolean pausing = effect.work() instanceof Effect.Callback callback && callback.pausing();
      if (!pausing && !isUnderWay(effect)) {
        queue(effect.id()).putIfAbsent(effect.id(), effect.attempt());
      }
    }
    lookFrom =
        page.size() < LOOKED_AT
            ? Optional.empty()
            : Optional.of(after(page.get(page.size() - 1).key()));
  }

  /** The shortest key that comes after this one. */
  private static RawBytes after(RawBytes key) {
    return RawBytes.of(Arrays.copyOf(key.array(), key.size() + 1));
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

  private Map<EffectId, Integer> queue(EffectId id) {
    return Objects.requireNonNull(waiting.get(id.kind()), "there is one for each kind");
  }

  private static long limit(Effect.Work work) {
    return (work instanceof Effect.Fetch ? FETCHED_WITHIN : CALLED_WITHIN).toMillis();
  }

  private static Optional<Effect> decoded(byte @Nullable [] row) {
    return Optional.ofNullable(row).map(Effect::decode);
  }

  private static Bytes key(EffectId id) {
    return Bytes.wrap(RowKey.effect(id));
  }
}
