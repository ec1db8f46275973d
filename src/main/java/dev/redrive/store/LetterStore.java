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
import java.util.concurrent.atomic.LongAdder;
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
 * <p>Long, since Streams' interface is; what it decides lies in the classes that it uses.
 */
final class LetterStore implements KeyValueStore<Bytes, byte[]> {
  private static final Logger LOGGER = LoggerFactory.getLogger(LetterStore.class);

  private final String name;
  private final LetterDatabases databases;
  private int partition = -1;
  private volatile @Nullable Session session;

  /** What lives from init to close. Everything in it starts anew with the next init. */
  private static final class Session {
    final Path directory;
    final LetterDatabase database;
    final HighWater highWater = new HighWater();
    final Overlay overlay;
    final Batch batch;
    final LongAdder restored;
    final Position position = Position.emptyPosition();
    volatile long letters;
    volatile long uncommittedBytes;
    volatile @Nullable Thread writer;
    @Nullable TopicPartition changelog;
    volatile @Nullable Long offset;
    @Nullable Transaction transaction;
    boolean running;
    boolean ahead;
    @Nullable String poison;

    Session(Path directory, LetterDatabase database, LongAdder restored) {
      this.directory = directory;
      this.database = database;
      this.restored = restored;
      this.overlay = new Overlay(key -> database.get(Family.ROWS, key), highWater);
      this.batch = database.newBatch();
      database.read(
          view -> {
            highWater.load(view);
            letters = Meta.number(view.get(Family.META, Meta.LETTERS), 0);
            ahead = view.get(Family.META, Meta.AHEAD) != null;
            return letters;
          });
    }
  }

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
      session = new Session(directory, database, databases.restored(directory));
      context.register(root, (BatchingStateRestoreCallback) this::restore);
    } catch (RuntimeException e) {
      database.close();
      close();
      throw e;
    }
  }

  @Override
  public void close() {
    Session closing = session;
    if (closing == null) {
      return;
    }
    session = null;
    closing.overlay.clear();
    closing.database.close();
    databases.closed(closing.directory, this);
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
    Session open = opened();
    boolean own = isOwn(open);
    byte[] raw = key.get();
    byte kind = raw.length == 0 ? 0 : raw[0];
    if (kind == RowKey.MARK) {
      IntakeMark mark = open.highWater.mark(key, own);
      return mark == null ? null : mark.encode();
    }
    if (kind == RowKey.CHANGE) {
      long change = open.highWater.change(own);
      return change == 0 ? null : Meta.number(change);
    }
    return own ? open.overlay.get(key) : open.database.get(Family.ROWS, raw);
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value) {
    Session open = takenOver();
    Transaction transaction = databases.transaction();
    open.overlay.put(key, value);
    if (transaction == null) {
      writeThrough(open);
      return;
    }
    if (!open.running || open.transaction != transaction) {
      open.running = true;
      open.transaction = transaction;
      transaction.add(this);
    }
    open.uncommittedBytes = open.overlay.bytes();
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
    return opened().database.estimatedRows();
  }

  // Commit

  @Override
  public void commit(Map<TopicPartition, Long> offsets) {
    Session open = opened();
    if (offsets.isEmpty()) {
      forget(open);
    } else if (!open.running) {
      offsets.forEach((changelog, offset) -> covered(open, changelog, offset));
    }
  }

  @Override
  public Long committedOffset(TopicPartition changelog) {
    Session open = opened();
    open.changelog = changelog;
    long offset = Meta.number(open.database.get(Family.META, Meta.offset(changelog)), -1);
    open.offset = offset < 0 ? null : offset;
    // Not null, which Streams takes for damage; it reads the changelog from its start for -1.
    return offset;
  }

  boolean takesPartIn(Transaction transaction) {
    Session open = session;
    return open != null && open.transaction == transaction;
  }

  @Nullable TopicPartition changelog() {
    Session open = session;
    return open == null ? null : open.changelog;
  }

  long uncommittedBytes() {
    Session open = session;
    return open == null ? 0 : open.uncommittedBytes;
  }

  /**
   * Kafka has committed the transaction. Throws nothing: Streams would abort what is committed.
   *
   * @param end offset of the last changelog record of the transaction, or -1
   * @param consumed the positions after what the transaction has read
   */
  void committed(long end, Map<TopicPartition, OffsetAndMetadata> consumed) {
    Session open = session;
    if (open == null) {
      return;
    }
    try {
      if (!open.overlay.isEmpty()) {
        write(open, end);
      }
      advance(open, consumed);
    } catch (RocksDBException | RuntimeException e) {
      poison(open, "its write after a commit failed; what is missing will be restored");
      LOGGER
          .atError()
          .addKeyValue("store", name)
          .addKeyValue("partition", partition)
          .setCause(e)
          .log("a committed transaction did not reach the letter store");
    }
  }

  LetterDatabase database() {
    return opened().database;
  }

  /** Kafka has not committed the transaction. */
  void dropped() {
    Session open = session;
    if (open != null && !open.overlay.isEmpty()) {
      poison(open, "its transaction was aborted");
    }
  }

  // Queries

  @Override
  @SuppressWarnings("unchecked") // each answer has the type that its query declares
  public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
    Session open = opened();
    // The position first: the state that is read next is at it or past it.
    Position position = open.position.copy();
    if (!reaches(position, bound)) {
      return QueryResult.notUpToBound(position, bound, partition);
    }
    Object answer;
    if (query instanceof ServedChangeQuery) {
      answer = open.highWater.change(false);
    } else {
      Answers.Answer<?> known = Answers.of(query);
      if (known == null) {
        return QueryResult.forUnknownQueryType(query, this);
      }
      answer = open.database.read(known::from);
    }
    QueryResult<R> result = QueryResult.forResult((R) answer);
    result.setPosition(position);
    return result;
  }

  @Override
  public Position getPosition() {
    return opened().position;
  }

  /** Empty where it has just been closed, or is being opened. */
  Optional<StoreFigures> figures() {
    Session open = session;
    return open == null ? Optional.empty() : Optional.of(figures(open));
  }

  private StoreFigures figures(Session open) {
    return new StoreFigures(
        name,
        partition,
        open.letters,
        open.database.estimatedRows(),
        open.restored.sum(),
        open.offset,
        open.uncommittedBytes,
        open.highWater.change(false));
  }

  List<String> audit() {
    return opened().database.read(StoreAudit::disagreements);
  }

  /** It is in use: it must not be taken for forgotten at the next start. */
  void touch(long now) {
    Session open = session;
    if (open == null) {
      return;
    }
    Batch alive = open.database.newBatch();
    try {
      alive.put(Family.META, Meta.ALIVE, Meta.number(now));
      open.database.write(alive);
    } catch (InvalidStateStoreException e) {
      // It was closed meanwhile, so nothing is to be kept young.
    } catch (RocksDBException e) {
      LOGGER.atWarn().addKeyValue("store", name).setCause(e).log("cannot write the letter store");
    }
  }

  private void restore(Collection<KeyValue<byte[], byte[]>> records) {
    Session open = takenOver();
    open.running = false;
    open.transaction = null;
    records.forEach(record -> open.overlay.put(Bytes.wrap(record.key), record.value));
    // Streams does not say up to which offset these go; its next commit does.
    open.ahead = true;
    open.restored.add(records.size());
    writeThrough(open);
  }

  private void writeThrough(Session open) {
    try {
      write(open, -1);
    } catch (RocksDBException e) {
      poison(open, "it could not be written");
      throw new ProcessorStateException("Cannot write letter store " + name, e);
    }
  }

  private void write(Session open, long end) throws RocksDBException {
    Batch batch = open.batch;
    batch.clear();
    Derivation derivation = new Derivation(batch);
    rowsInto(batch, open.overlay, derivation);
    derivation.writeCounters(key -> open.database.get(Family.COUNTERS, key));
    open.highWater.writeTo(batch);
    long letters = open.letters + derivation.letters();
    if (letters != open.letters) {
      batch.put(Family.META, Meta.LETTERS, Meta.number(letters));
    }
    batch.put(Family.META, Meta.ALIVE, Meta.number(databases.now()));
    TopicPartition changelog = open.changelog;
    if (changelog != null && end >= 0) {
      batch.put(Family.META, Meta.offset(changelog), Meta.number(end));
    } else if (open.ahead) {
      batch.put(Family.META, Meta.AHEAD, Meta.number(1));
    }
    open.database.write(batch);
    // Only now may readers hear of it: whoever sees the number must find the change.
    open.letters = letters;
    open.offset = end >= 0 ? (Long) end : open.offset;
    open.highWater.publish();
    open.overlay.clear();
    open.uncommittedBytes = 0;
  }

  private static void rowsInto(Batch batch, Overlay overlay, Derivation derivation) {
    overlay
        .rows()
        .forEach(
            (key, value) -> {
              if (value != null) {
                batch.put(Family.ROWS, key.get(), value);
              } else if (!overlay.isKnownAbsent(key)) {
                batch.delete(Family.ROWS, key.get());
              }
            });
    for (LetterChange letter : overlay.letters()) {
      derivation.letter(letter.id(), letter.before(), letter.after());
    }
    overlay
        .commandsBefore()
        .forEach((key, before) -> derivation.command(key.get(), before, overlay.rows().get(key)));
  }

  private void covered(Session open, TopicPartition changelog, @Nullable Long offset) {
    Long known = offset == null || offset < 0 ? null : offset;
    if (!open.ahead && known != null && known.equals(open.offset)) {
      return;
    }
    Batch batch = open.database.newBatch();
    try {
      if (known != null) {
        batch.put(Family.META, Meta.offset(changelog), Meta.number(known));
      } else {
        batch.delete(Family.META, Meta.offset(changelog));
      }
      batch.delete(Family.META, Meta.AHEAD);
      open.database.write(batch);
      open.ahead = false;
      open.offset = known;
    } catch (RocksDBException e) {
      throw new ProcessorStateException("Cannot write letter store " + name, e);
    }
  }

  private void forget(Session open) {
    Transaction transaction = open.transaction;
    if (transaction != null && transaction.isInDoubt()) {
      // Streams takes a commit that timed out for damage. What is on disk is only behind.
      poison(open, "the end of its transaction is unknown");
      return;
    }
    poison(open, "Streams asked to forget it");
    Batch batch = open.database.newBatch();
    try {
      batch.put(Family.META, Meta.FORGOTTEN, Meta.number(1));
      if (open.changelog != null) {
        batch.delete(Family.META, Meta.offset(open.changelog));
      }
      open.database.write(batch);
      open.offset = null;
    } catch (RocksDBException e) {
      throw new ProcessorStateException("Cannot write letter store " + name, e);
    }
  }

  private void poison(Session open, String why) {
    open.poison = why;
    open.overlay.clear();
    open.highWater.drop();
    open.batch.clear();
    open.uncommittedBytes = 0;
  }

  private KeyValueIterator<Bytes, byte[]> rows(
      @Nullable Bytes from, byte @Nullable [] to, boolean backwards) {
    Session open = opened();
    byte[] low = from == null ? null : from.get();
    if (low != null && to != null && Bytes.wrap(low).compareTo(Bytes.wrap(to)) >= 0) {
      to = low;
    }
    return new RowIterator(
        open.database.rows(low, to, backwards),
        isOwn(open) ? open.overlay.rows(low, to, backwards) : Collections.emptyIterator(),
        backwards);
  }

  private static byte @Nullable [] afterInclusive(@Nullable Bytes key) {
    return key == null ? null : KeyRange.after(key.get());
  }

  private Session opened() {
    Session open = session;
    if (open == null) {
      throw new InvalidStateStoreException("Letter store " + name + " is not open");
    }
    return open;
  }

  /** Whether the caller is the one whose uncommitted writes it may see. */
  private boolean isOwn(Session open) {
    if (open.writer != Thread.currentThread()) {
      return false;
    }
    refusePoisoned(open);
    return true;
  }

  private Session takenOver() {
    Session open = opened();
    refusePoisoned(open);
    if (open.writer != Thread.currentThread()) {
      open.overlay.clear();
      open.highWater.drop();
      open.writer = Thread.currentThread();
    }
    return open;
  }

  private void refusePoisoned(Session open) {
    if (open.poison != null) {
      throw new ProcessorStateException(
          "Letter store " + name + "-" + partition + " must be opened again: " + open.poison);
    }
  }

  /** Of all that the thread has read, only what this task can have read. */
  private void advance(Session open, Map<TopicPartition, OffsetAndMetadata> consumed) {
    consumed.forEach(
        (from, next) -> {
          if (from.partition() == partition) {
            open.position.withComponent(from.topic(), partition, next.offset() - 1);
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
