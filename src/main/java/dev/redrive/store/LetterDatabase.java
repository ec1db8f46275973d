// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.filter.DetailView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * One open RocksDB database. Safe against being closed while other threads read: what comes too
 * late gets an {@link InvalidStateStoreException}, where RocksDB itself would crash the process.
 */
final class LetterDatabase implements AutoCloseable {
  private final Path directory;
  private final RocksDB rocks;
  private final Map<Family, ColumnFamilyHandle> families;
  private final Map<Family, Integer> numbers = new EnumMap<>(Family.class);
  private final WriteOptions writeOptions;
  private final List<AutoCloseable> natives;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final CounterNames names = new CounterNames();
  private volatile Set<String> arrivals = Set.of();
  private final Set<SnapshotScan> scans = ConcurrentHashMap.newKeySet();
  private final Set<RowCursor> cursors = ConcurrentHashMap.newKeySet();
  private final boolean readOnly;
  private volatile boolean damaged;
  private boolean closed;

  private LetterDatabase(
      Path directory,
      boolean readOnly,
      RocksDB rocks,
      Map<Family, ColumnFamilyHandle> families,
      WriteOptions writeOptions,
      List<AutoCloseable> natives) {
    this.directory = directory;
    this.readOnly = readOnly;
    this.rocks = rocks;
    this.families = families;
    this.writeOptions = writeOptions;
    this.natives = natives;
    families.forEach((family, handle) -> numbers.put(family, handle.getID()));
  }

  static LetterDatabase open(Path directory, RocksMemory memory) {
    return open(directory, memory, false);
  }

  /** For looking only; the directory is not changed and may belong to a process that was killed. */
  static LetterDatabase openReadOnly(Path directory, RocksMemory memory) {
    return open(directory, memory, true);
  }

  private static LetterDatabase open(Path directory, RocksMemory memory, boolean readOnly) {
    List<AutoCloseable> natives = new ArrayList<>();
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    for (Family family : Family.values()) {
      ColumnFamilyOptions options = memory.familyOptions(family);
      natives.add(options);
      descriptors.add(new ColumnFamilyDescriptor(family.rocksName(), options));
    }
    DBOptions options = memory.databaseOptions();
    natives.add(options);
    WriteOptions writeOptions = memory.writeOptions();
    natives.add(writeOptions);
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try {
      String path = directory.toString();
      if (!readOnly) {
        Files.createDirectories(directory);
      }
      RocksDB rocks =
          readOnly
              ? RocksDB.openReadOnly(options, path, descriptors, handles)
              : RocksDB.open(options, path, descriptors, handles);
      natives.add(0, rocks);
      natives.addAll(0, handles);
      Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
      Iterator<ColumnFamilyHandle> opened = handles.iterator();
      for (Family family : Family.values()) {
        families.put(family, opened.next());
      }
      return new LetterDatabase(directory, readOnly, rocks, families, writeOptions, natives);
    } catch (RocksDBException | IOException e) {
      Natives.close(natives);
      throw new ProcessorStateException("Cannot open the letter store at " + directory, e);
    }
  }

  Path directory() {
    return directory;
  }

  byte @Nullable [] get(Family family, byte[] key) {
    lock.readLock().lock();
    try {
      return opened().get(handle(family), key);
    } catch (RocksDBException e) {
      throw failed("read", e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** All of the batch or nothing of it, for readers too. The batch is empty afterwards. */
  void write(Batch batch) throws RocksDBException {
    lock.readLock().lock();
    try (WriteBatch changes = batch.rocks()) {
      opened().write(writeOptions, changes);
    } catch (RocksDBException e) {
      noticed(e);
      throw e;
    } finally {
      batch.clear();
      lock.readLock().unlock();
    }
  }

  /** Deletes every row of a family; keys start with a letter, so none lies past 0xFF. */
  void deleteAll(Family family) throws RocksDBException {
    lock.readLock().lock();
    try {
      opened().deleteRange(handle(family), writeOptions, new byte[] {0}, new byte[] {(byte) 0xFF});
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The pipelines of the {@link ArrivalIndex}. */
  Set<String> arrivals() {
    return arrivals;
  }

  void arrivals(Set<String> pipelines) {
    arrivals = pipelines;
  }

  /** The numbers that counters are kept under. */
  CounterNames names() {
    return names;
  }

  Batch newBatch() {
    return new Batch(numbers);
  }

  /** Reads one consistent state. Nothing of the view may leave the function. */
  <R> R read(Function<View, R> reader) {
    lock.readLock().lock();
    try (View view = new View(opened(), families, names, this::noticed)) {
      return reader.apply(view);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Rows with {@code from <= key < to}; null: no bound. */
  RowCursor rows(byte @Nullable [] from, byte @Nullable [] to, boolean backwards) {
    lock.readLock().lock();
    try {
      RocksDB open = opened();
      ColumnFamilyHandle rows = handle(Family.ROWS);
      RowCursor cursor =
          new RowCursor(
              options -> open.newIterator(rows, options),
              from,
              to,
              backwards,
              cursors::remove,
              this::noticed);
      cursors.add(cursor);
      return cursor;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Letters of the present state, to be closed by who reads them. */
  LetterScan scan(ScanQuery query, DetailView masked) {
    lock.readLock().lock();
    try {
      SnapshotScan scan =
          new SnapshotScan(
              new View(opened(), families, names, this::noticed), query, masked, scans::remove);
      scans.add(scan);
      return scan;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Closes what is read for too long. */
  void closeOverdue(long now) {
    scans.stream().filter(scan -> scan.isOverdue(now)).forEach(SnapshotScan::close);
  }

  /** How many are open. */
  int scans() {
    return scans.size();
  }

  long estimatedRows() {
    return property(Family.ROWS, "rocksdb.estimate-num-keys");
  }

  /** A number that RocksDB knows of a family by a name of its own. */
  long property(Family family, String name) {
    lock.readLock().lock();
    try {
      return opened().getLongProperty(handle(family), name);
    } catch (RocksDBException e) {
      throw failed("read", e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Of the tables; the write-ahead log comes on top. */
  long diskBytes() {
    lock.readLock().lock();
    try {
      return opened().getAggregatedLongProperty("rocksdb.total-sst-files-size");
    } catch (RocksDBException e) {
      throw failed("read", e);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        List.copyOf(scans).forEach(SnapshotScan::close);
        List.copyOf(cursors).forEach(RowCursor::close);
        Natives.close(natives);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private RocksDB opened() {
    if (closed) {
      throw new InvalidStateStoreException("The letter store at " + directory + " is closed");
    }
    return rocks;
  }

  private ColumnFamilyHandle handle(Family family) {
    return Objects.requireNonNull(families.get(family));
  }

  /** Whether something was read, or could not be, that RocksDB did not write so. */
  boolean isDamaged() {
    return damaged;
  }

  private void noticed(RocksDBException e) {
    if (!damaged && !readOnly && Damage.is(e)) {
      damaged = true;
      Damage.mark(directory, e);
    }
  }

  private ProcessorStateException failed(String what, RocksDBException e) {
    noticed(e);
    return new ProcessorStateException("Cannot " + what + " the letter store at " + directory, e);
  }
}
