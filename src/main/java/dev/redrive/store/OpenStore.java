// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.query.Position;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a {@link LetterStore} has from one init to the next close: the database, the writes that are
 * not in it yet, and how they get there. Nothing of it outlives a close, since Streams initialises
 * the same store again.
 */
final class OpenStore {
  private static final Logger LOGGER = LoggerFactory.getLogger(OpenStore.class);

  private final LetterDatabase database;
  private final HighWater highWater = new HighWater();
  private final Overlay overlay;
  private final Batch batch;
  private final LongAdder restored;
  private final Position position = Position.emptyPosition();
  private volatile long letters;
  private volatile long uncommittedBytes;
  private volatile @Nullable Thread writer;
  private volatile @Nullable TopicPartition changelog;
  private volatile @Nullable Long offset;
  private volatile @Nullable Transaction transaction;
  private @Nullable String poison;
  private boolean ahead;

  OpenStore(LetterDatabase database, LongAdder restored) {
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

  Path directory() {
    return database.directory();
  }

  LetterDatabase database() {
    return database;
  }

  HighWater highWater() {
    return highWater;
  }

  Overlay overlay() {
    return overlay;
  }

  Position position() {
    return position;
  }

  long uncommittedBytes() {
    return uncommittedBytes;
  }

  @Nullable TopicPartition changelog() {
    return changelog;
  }

  /** In whose transaction the task writes; null while it restores, or where there are none. */
  @Nullable Transaction transaction() {
    return transaction;
  }

  StoreFigures figures(String name, int partition) {
    return new StoreFigures(
        name,
        partition,
        letters,
        database.estimatedRows(),
        database.diskBytes(),
        restored.sum(),
        offset,
        uncommittedBytes,
        highWater.change(false));
  }

  /** A pipeline's letters in a group, with those of the open transaction if it is the caller's. */
  long inGroup(Counted.Name group, boolean own) {
    long committed = CounterRows.total(Counted.GROUP, group, database);
    return own ? committed + overlay.inGroup(group) : committed;
  }

  /** Whether the caller is the one whose uncommitted writes it may see. */
  boolean isOwn() {
    if (writer != Thread.currentThread()) {
      return false;
    }
    refusePoisoned();
    return true;
  }

  /** The calling thread writes from now on; Streams hands a task from one thread to another. */
  void takeOver() {
    refusePoisoned();
    if (writer != Thread.currentThread()) {
      overlay.clear();
      highWater.drop();
      writer = Thread.currentThread();
    }
  }

  /** The overlay holds writes of this transaction. */
  void written(Transaction in, LetterStore store) {
    if (transaction != in) {
      transaction = in;
      in.add(store);
    }
    uncommittedBytes = overlay.bytes();
  }

  /** The overlay holds records of the changelog, up to an offset that Streams will tell later. */
  void restored(int records, long now) {
    transaction = null;
    ahead = true;
    restored.add(records);
    writeThrough(now);
  }

  void writeThrough(long now) {
    try {
      write(-1, now);
    } catch (RocksDBException e) {
      poison("it could not be written");
      throw failed(e);
    }
  }

  /**
   * Writes the overlay and all that follows from it.
   *
   * @param end offset of the last changelog record in it, or -1
   */
  void write(long end, long now) throws RocksDBException {
    batch.clear();
    Derivation derivation = new Derivation(batch, database.arrivals());
    overlay.writeTo(batch, derivation);
    derivation.writeIndex();
    derivation.writeCounters(database.names(), key -> database.get(Family.COUNTERS, key));
    highWater.writeTo(batch);
    long counted = letters + derivation.letters();
    batch.put(Family.META, Meta.LETTERS, Meta.number(counted));
    batch.put(Family.META, Meta.ALIVE, Meta.number(now));
    TopicPartition known = changelog;
    if (known != null && end >= 0) {
      batch.put(Family.META, Meta.offset(known), Meta.number(end));
    } else if (ahead) {
      batch.put(Family.META, Meta.AHEAD, Meta.number(1));
    }
    database.write(batch);
    // Only now may readers hear of it: whoever sees the number must find the change.
    letters = counted;
    offset = end >= 0 ? (Long) end : offset;
    highWater.publish();
    overlay.clear();
    uncommittedBytes = 0;
  }

  /** The stored offset, or -1; the partition is remembered as this store's changelog. */
  long offsetOf(TopicPartition partition) {
    changelog = partition;
    long stored = Meta.number(database.get(Family.META, Meta.offset(partition)), -1);
    offset = stored < 0 ? null : (Long) stored;
    return stored;
  }

  /** Streams says up to which changelog record the rows go; null or negative: nobody knows. */
  void covered(TopicPartition partition, @Nullable Long end) {
    Long known = end == null || end < 0 ? null : end;
    if (!ahead && known != null && known.equals(offset)) {
      return;
    }
    Batch covered = database.newBatch();
    if (known == null) {
      covered.delete(Family.META, Meta.offset(partition));
    } else {
      covered.put(Family.META, Meta.offset(partition), Meta.number(known));
    }
    covered.delete(Family.META, Meta.AHEAD);
    try {
      database.write(covered);
    } catch (RocksDBException e) {
      throw failed(e);
    }
    ahead = false;
    offset = known;
  }

  /** Streams takes the state for damaged. */
  void forget() {
    Transaction in = transaction;
    if (in != null && in.isInDoubt()) {
      // So it takes a commit that timed out. What is on disk is whole, and only behind.
      poison("the end of its transaction is unknown");
      return;
    }
    poison("Streams asked to forget it");
    Batch forgotten = database.newBatch();
    forgotten.put(Family.META, Meta.FORGOTTEN, Meta.number(1));
    if (changelog != null) {
      forgotten.delete(Family.META, Meta.offset(changelog));
    }
    try {
      database.write(forgotten);
    } catch (RocksDBException e) {
      throw failed(e);
    }
    offset = null;
  }

  /** Drops what is not on disk, and refuses the task until the store is opened again. */
  void poison(String why) {
    poison = why;
    overlay.clear();
    highWater.drop();
    batch.clear();
    uncommittedBytes = 0;
  }

  /** It is in use: it must not be taken for forgotten at the next start. */
  void touch(long now) {
    Batch alive = database.newBatch();
    alive.put(Family.META, Meta.ALIVE, Meta.number(now));
    try {
      database.write(alive);
    } catch (InvalidStateStoreException e) {
      // It was closed meanwhile, so nothing is to be kept young.
    } catch (RocksDBException e) {
      LOGGER
          .atWarn()
          .addKeyValue("directory", directory())
          .setCause(e)
          .log("cannot write that the letter store is in use");
    }
  }

  void close() {
    overlay.clear();
    database.close();
  }

  private void refusePoisoned() {
    if (database.isDamaged()) {
      poison("it is damaged");
    }
    if (poison != null) {
      throw new ProcessorStateException(
          "The letter store at " + directory() + " must be opened again: " + poison);
    }
  }

  private ProcessorStateException failed(RocksDBException e) {
    return new ProcessorStateException("Cannot write the letter store at " + directory(), e);
  }
}
