// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.IntakeMark;
import dev.redrive.codec.RowKey;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.BatchingStateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition's letters: rows in RocksDB, and indexes and counters that follow from them.
 *
 * <p>Writes stay in an {@link Overlay} that only the writing thread sees, until Kafka has committed
 * their transaction. Then they reach RocksDB in one write with the offset of the changelog up to
 * which they go. So what is on disk is a committed state at all times; after a crash it is only
 * behind, and Streams restores the rest from that offset. Streams' own {@link #commit} is obeyed
 * only while restoring: it is also called after commits that failed.
 *
 * <p>If the write after Kafka's commit fails, the store refuses all further use by the task, so
 * that no decision is made from what is out of date; the task fails and starts again from the
 * offset.
 *
 * <p>Long, since Streams' interface is; the state and its changes lie in {@link OpenStore}.
 */
final class LetterStore implements KeyValueStore<Bytes, byte[]> {
  private static final Logger LOGGER = LoggerFactory.getLogger(LetterStore.class);

  private final String name;
  private final LetterDatabases databases;
  private int partition = -1;
  private volatile @Nullable OpenStore session;

  LetterStore(String name, LetterDatabases databases) {
    this.name = name;
    this.databases = databases;
  }

  // Lifecycle

  @Override
  public void init(StateStoreContext context, StateStore root) {
    close();
    partition = context.taskId().partition();
    Path directory = databases.directory(context.stateDir(), name, partition);
    Path marker = context.stateDir().toPath().resolve(name + ".letters");
    LetterDatabase database = databases.open(directory, marker, this);
    try {
      session = new OpenStore(database, databases.restored(directory));
      context.register(root, (BatchingStateRestoreCallback) this::restore);
    } catch (RuntimeException e) {
      database.close();
      close();
      throw e;
    }
  }

  @Override
  public void close() {
    OpenStore closing = session;
    if (closing != null) {
      session = null;
      closing.close();
      databases.closed(closing.directory(), this);
    }
  }

  @Override
  public String name() {
    return name;
  }

  int partition() {
    return partition;
  }

  @Override
  public boolean persistent() {
    return true;
  }

  @Override
  public boolean isOpen() {
    return session != null;
  }

  @Override
  @SuppressWarnings("deprecation") // of no use only once every store does
  public boolean managesOffsets() {
    return true;
  }

  // Rows, as the task sees them

  @Override
  public byte @Nullable [] get(Bytes key) {
    OpenStore open = opened();
    boolean own = open.isOwn();
    byte[] raw = key.get();
    byte kind = raw.length == 0 ? 0 : raw[0];
    if (kind == RowKey.MARK) {
      IntakeMark mark = open.highWater().mark(key, own);
      return mark == null ? null : mark.encode();
    }
    if (kind == RowKey.GROUP_COUNT) {
      Map.Entry<String, String> group = RowKey.counted(raw);
      return Meta.number(open.inGroup(new Counted.Name(group.getKey(), group.getValue()), own));
    }
    if (kind == RowKey.CHANGE) {
      long change = open.highWater().change(own);
      return change == 0 ? null : Meta.number(change);
    }
    return own ? open.overlay().get(key) : open.database().get(Family.ROWS, raw);
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value) {
    OpenStore open = opened();
    Transaction transaction = databases.transaction();
    open.takeOver();
    open.overlay().put(key, value);
    if (transaction == null) {
      open.writeThrough(databases.now());
    } else {
      open.written(transaction, this);
    }
  }

  @Override
  public byte @Nullable [] putIfAbsent(Bytes key, byte @Nullable [] value) {
    byte[] known = get(key);
    if (known == null && value != null) {
      put(key, value);
    }
    return known;
  }

  @Override
  public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
    entries.forEach(entry -> put(entry.key, entry.value));
  }

  @Override
  public byte @Nullable [] delete(Bytes key) {
    byte[] known = get(key);
    put(key, null);
    return known;
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> range(@Nullable Bytes from, @Nullable Bytes to) {
    return rows(from, afterInclusive(to), false);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> reverseRange(@Nullable Bytes from, @Nullable Bytes to) {
    return rows(from, afterInclusive(to), true);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> all() {
    return rows(null, null, false);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> reverseAll() {
    return rows(null, null, true);
  }

  @Override
  public <S extends Serializer<P>, P> KeyValueIterator<Bytes, byte[]> prefixScan(
      P prefix, S serializer) {
    byte[] from = serializer.serialize(null, prefix);
    return rows(Bytes.wrap(from), KeyRange.afterPrefix(from), false);
  }

  @Override
  public long approximateNumEntries() {
    return opened().database().estimatedRows();
  }

  // Commit

  @Override
  public void commit(Map<TopicPartition, Long> offsets) {
    OpenStore open = opened();
    if (offsets.isEmpty()) {
      open.forget();
    } else if (open.transaction() == null) {
      offsets.forEach(open::covered);
    }
  }

  @Override
  public Long committedOffset(TopicPartition changelog) {
    // Not null, which Streams takes for damage; it reads the changelog from its start for -1.
    return opened().offsetOf(changelog);
  }

  boolean takesPartIn(Transaction transaction) {
    OpenStore open = session;
    return open != null && open.transaction() == transaction;
  }

  @Nullable TopicPartition changelog() {
    OpenStore open = session;
    return open == null ? null : open.changelog();
  }

  long uncommittedBytes() {
    OpenStore open = session;
    return open == null ? 0 : open.uncommittedBytes();
  }

  /**
   * Kafka has committed the transaction. Throws nothing: Streams would abort what is committed.
   *
   * @param end offset of the last changelog record of the transaction, or -1
   * @param consumed the positions after what the transaction has read
   */
  void committed(long end, Map<TopicPartition, OffsetAndMetadata> consumed) {
    OpenStore open = session;
    if (open == null) {
      return;
    }
    try {
      if (!open.overlay().isEmpty()) {
        open.write(end, databases.now());
      }
      advance(open, consumed);
    } catch (RocksDBException | RuntimeException e) {
      open.poison("its write after a commit failed; what is missing will be restored");
      LOGGER
          .atError()
          .addKeyValue("store", name)
          .addKeyValue("partition", partition)
          .setCause(e)
          .log("a committed transaction did not reach the letter store");
    }
  }

  LetterDatabase database() {
    return opened().database();
  }

  /** Kafka has not committed the transaction. */
  void dropped() {
    OpenStore open = session;
    if (open != null && !open.overlay().isEmpty()) {
      open.poison("its transaction was aborted");
    }
  }

  // Queries

  @Override
  public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
    try {
      return answer(query, bound);
    } catch (InvalidStateStoreException e) {
      // It is being closed: whoever asks is to ask again, or somebody else.
      return QueryResult.forFailure(FailureReason.NOT_ACTIVE, String.valueOf(e.getMessage()));
    } catch (ProcessorStateException e) {
      return QueryResult.forFailure(FailureReason.STORE_EXCEPTION, String.valueOf(e.getMessage()));
    }
  }

  @SuppressWarnings("unchecked") // each answer has the type that its query declares
  private <R> QueryResult<R> answer(Query<R> query, PositionBound bound) {
    OpenStore open = opened();
    if (open.database().isDamaged()) {
      // Said to the task too, which fails of it and begins again with a new database.
      throw new ProcessorStateException("The letter store at " + open.directory() + " is damaged");
    }
    // The position first: the state that is read next is at it or past it.
    Position position = open.position().copy();
    if (!reaches(position, bound)) {
      return QueryResult.notUpToBound(position, bound, partition);
    }
    Object answer;
    if (query instanceof ServedChangeQuery) {
      answer = open.highWater().change(false);
    } else if (query instanceof ScanQuery scan) {
      answer = open.database().scan(scan, databases.masked());
    } else {
      Answers.Answer<?> known = Answers.of(query, databases.masked());
      if (known == null) {
        return QueryResult.forUnknownQueryType(query, this);
      }
      answer = open.database().read(known::from);
    }
    QueryResult<R> result = QueryResult.forResult((R) answer);
    result.setPosition(position);
    return result;
  }

  @Override
  public Position getPosition() {
    return opened().position();
  }

  /** Empty where it has just been closed, or is being opened. */
  Optional<StoreFigures> figures() {
    OpenStore open = session;
    return open == null ? Optional.empty() : Optional.of(open.figures(name, partition));
  }

  List<String> audit() {
    return opened().database().read(StoreAudit::disagreements);
  }

  /**
   * It is in use, and what reads it may not go on for ever: it must not be taken for forgotten at
   * the next start.
   */
  void touch(long now) {
    OpenStore open = session;
    if (open != null) {
      open.database().closeOverdue(now);
      open.touch(now);
    }
  }

  private void restore(Collection<KeyValue<byte[], byte[]>> records) {
    OpenStore open = opened();
    open.takeOver();
    records.forEach(record -> open.overlay().put(Bytes.wrap(record.key), record.value));
    open.restored(records.size(), databases.now());
  }

  private KeyValueIterator<Bytes, byte[]> rows(
      @Nullable Bytes from, byte @Nullable [] to, boolean backwards) {
    OpenStore open = opened();
    byte[] low = from == null ? null : from.get();
    if (low != null && to != null && Bytes.wrap(low).compareTo(Bytes.wrap(to)) >= 0) {
      to = low;
    }
    return new RowIterator(
        open.database().rows(low, to, backwards),
        open.isOwn() ? open.overlay().rows(low, to, backwards) : Collections.emptyIterator(),
        backwards);
  }

  private static byte @Nullable [] afterInclusive(@Nullable Bytes key) {
    return key == null ? null : KeyRange.after(key.get());
  }

  private OpenStore opened() {
    OpenStore open = session;
    if (open == null) {
      throw new InvalidStateStoreException("Letter store " + name + " is not open");
    }
    return open;
  }

  /** Of all that the thread has read, only what this task can have read. */
  private void advance(OpenStore open, Map<TopicPartition, OffsetAndMetadata> consumed) {
    consumed.forEach(
        (from, next) -> {
          if (from.partition() == partition) {
            open.position().withComponent(from.topic(), partition, next.offset() - 1);
          }
        });
  }

  private boolean reaches(Position position, PositionBound bound) {
    Position wanted = bound.position();
    for (String topic : wanted.getTopics()) {
      Long offset = wanted.getPartitionPositions(topic).get(partition);
      if (offset != null
          && position.getPartitionPositions(topic).getOrDefault(partition, -1L) < offset) {
        return false;
      }
    }
    return true;
  }
}
