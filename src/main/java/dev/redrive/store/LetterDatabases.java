// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.filter.DetailView;
import java.io.File;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.errors.LockException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All letter databases of the process: their shared memory, where they lie, which are open and in
 * which thread's transaction. Lives longer than the Streams application that uses it.
 *
 * <p>A database lies beside the task directories, since Streams deletes a task's directory whenever
 * the task ends with an error, and is removed by {@link #sweep}, since Streams does not know of it.
 */
public final class LetterDatabases implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(LetterDatabases.class);

  private final StoreSettings settings;
  private final Clock clock;
  private final DetailView masked;
  private final Set<String> arrivals;
  private final RocksMemory memory;

  @SuppressWarnings("ThreadLocalUsage") // two applications of a process are two of these
  private final ThreadLocal<@Nullable Transaction> transactions = new ThreadLocal<>();

  private final Map<Path, LetterStore> open = new TreeMap<>();
  private final Set<Path> roots = new HashSet<>();
  private final Map<Path, Long> orphanSince = new HashMap<>();
  private final Map<Path, LongAdder> restored = new ConcurrentHashMap<>();
  private volatile boolean transactional;

  /** Filters that are masked find nothing inside texts. */
  public LetterDatabases(StoreSettings settings, Clock clock) {
    this(settings, clock, DetailView.BLIND, Set.of());
  }

  /**
   * Nothing is open yet.
   *
   * @param masked what filters that are masked look at
   * @param arrivals pipelines whose letters are listed by arrival; another set than at the last
   *     start makes a database derive its indexes anew
   */
  public LetterDatabases(
      StoreSettings settings, Clock clock, DetailView masked, Set<String> arrivals) {
    this.arrivals = Set.copyOf(arrivals);
    this.settings = settings;
    this.clock = clock;
    this.masked = masked;
    this.memory = new RocksMemory(settings);
    if (settings.directory() != null) {
      roots.add(settings.directory().toAbsolutePath());
    }
  }

  /**
   * Whether the calling thread's uncommitted writes are so large that it had better ask for a
   * commit. Cheap enough to be asked for every record.
   */
  public boolean wantsCommit() {
    Transaction transaction = transactions.get();
    return transaction != null && transaction.bytes() >= settings.commitAtBytes();
  }

  /** Figures of the stores that are open here. */
  public synchronized List<StoreFigures> figures() {
    return open.values().stream().flatMap(store -> store.figures().stream()).toList();
  }

  /** Bytes of the shared memory in use: cached blocks and write buffers. */
  public long memoryBytes() {
    return memory.usedBytes();
  }

  /**
   * Compares an open store's rows with all that was derived from them.
   *
   * @return what disagrees; empty: nothing
   * @throws IllegalArgumentException if that store is not open here
   */
  public List<String> audit(String store, int partition) {
    LetterStore found;
    synchronized (this) {
      found =
          open.values().stream()
              .filter(each -> each.name().equals(store) && each.partition() == partition)
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "store " + store + "-" + partition + " is not open here"));
    }
    return found.audit();
  }

  /**
   * Keeps the open databases from ageing, and deletes those whose task directory Streams removed a
   * while ago. To be called now and then, say every minute.
   *
   * @return the directories that were deleted
   */
  public synchronized List<Path> sweep() {
    long now = clock.millis();
    open.values().forEach(store -> store.touch(now));
    Set<Path> orphans = new HashSet<>();
    for (Path root : roots) {
      for (Path directory : DatabaseFiles.databasesIn(root)) {
        if (!open.containsKey(directory) && DatabaseFiles.isOrphan(directory)) {
          orphans.add(directory);
        }
      }
    }
    // An error in a task removes its directory too, for the moment it takes to begin again.
    orphanSince.keySet().retainAll(orphans);
    orphans.forEach(directory -> orphanSince.putIfAbsent(directory, now));
    long before = now - settings.removeAfter().toMillis();
    List<Path> expired =
        orphanSince.entrySet().stream()
            .filter(orphan -> orphan.getValue() <= before)
            .map(Map.Entry::getKey)
            .toList();
    expired.forEach(this::remove);
    return expired;
  }

  /** Closes what Streams, closed before, has left open. */
  @Override
  public void close() {
    List<LetterStore> left;
    synchronized (this) {
      left = List.copyOf(open.values());
    }
    left.forEach(LetterStore::close);
    memory.close();
  }

  Path directory(File taskDirectory, String store, int partition) {
    Path given = settings.directory();
    File application = taskDirectory.getAbsoluteFile().getParentFile();
    Path root =
        given == null ? Path.of(application.getPath() + "-letters") : given.toAbsolutePath();
    return root.resolve(store + "-" + partition);
  }

  LetterDatabase open(Path directory, Path marker, LetterStore store) {
    claim(directory, store);
    try {
      LetterDatabase database =
          DatabaseFiles.open(directory, memory, settings.wipeAfter(), arrivals, clock.millis());
      DatabaseFiles.mark(marker, directory);
      return database;
    } catch (RuntimeException e) {
      closed(directory, store);
      throw e;
    }
  }

  private synchronized void claim(Path directory, LetterStore store) {
    LetterStore owner = open.putIfAbsent(directory, store);
    if (owner != null && owner != store) {
      // Streams tries again after this, when the other task has let go.
      throw new LockException("The letter store at " + directory + " is open in another task");
    }
    roots.add(directory.getParent());
    orphanSince.remove(directory);
  }

  synchronized void closed(Path directory, LetterStore store) {
    open.remove(directory, store);
  }

  LongAdder restored(Path directory) {
    return restored.computeIfAbsent(directory, d -> new LongAdder());
  }

  DetailView masked() {
    return masked;
  }

  long now() {
    return clock.millis();
  }

  /** From now on a put must belong to a transaction; a store outside of one writes through. */
  void expectTransactions() {
    transactional = true;
  }

  void bind(Transaction transaction) {
    transactions.set(transaction);
  }

  void unbind(Transaction transaction) {
    if (transactions.get() == transaction) {
      transactions.remove();
    }
  }

  /** The calling thread's transaction; null: there is none, so writes go through. */
  @Nullable Transaction transaction() {
    Transaction transaction = transactions.get();
    if (transaction == null && transactional) {
      throw new IllegalStateException(
          "A letter store was written by "
              + Thread.currentThread().getName()
              + ", which has no transaction; only the stores' own tasks may write");
    }
    return transaction;
  }

  private void remove(Path directory) {
    LOGGER
        .atInfo()
        .addKeyValue("directory", directory)
        .log("a letter store is deleted: its partition has moved to another instance");
    DatabaseFiles.delete(directory);
    orphanSince.remove(directory);
  }
}
