// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import com.sun.management.OperatingSystemMXBean;
import dev.redrive.codec.DetailCodec;
import dev.redrive.codec.LetterRow;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState;
import dev.redrive.letter.Origin;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/**
 * What keeping a letter costs in the store alone: look up, put, commit every 2,000; against a bare
 * RocksDB with the options that Kafka Streams gives its stores, and no index. Run: {@code mvn
 * -Pbench test-compile exec:exec -Dbench=dev.redrive.store.StorePutBench -Dbench.args="500000 3"}.
 */
public final class StorePutBench {
  static {
    RocksDB.loadLibrary();
  }

  private static final int COMMIT_EVERY = 2_000;
  private static final long START = 1_767_607_200_000L;

  private final int letters;
  private final byte[][] details = new byte[256][];

  private StorePutBench(int letters) {
    this.letters = letters;
    Random random = new Random(1);
    for (int i = 0; i < details.length; i++) {
      details[i] = DetailCodec.encode(detail(random));
    }
  }

  /** Arguments: letters, rounds. */
  public static void main(String[] args) throws Exception {
    StorePutBench bench = new StorePutBench(args.length > 0 ? Integer.parseInt(args[0]) : 500_000);
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    for (int round = 0; round < rounds; round++) {
      bench.run("encode", bench::encodeOnly);
      double plain = bench.run("plain", bench::plain);
      for (StoreSettings.WriteAheadLog log : StoreSettings.WriteAheadLog.values()) {
        double ours = bench.run("letters, log " + log, dir -> bench.letters(dir, log));
        System.out.printf("   ratio of records/s to plain: %.2f%n", plain / ours);
      }
    }
  }

  private interface Way {
    void run(Path directory) throws Exception;
  }

  /** Answers microseconds per letter. */
  private double run(String name, Way way) throws Exception {
    Path directory = Files.createTempDirectory("store-bench");
    OperatingSystemMXBean os = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    System.gc();
    long cpu = os.getProcessCpuTime();
    long start = System.nanoTime();
    way.run(directory);
    double micros = (System.nanoTime() - start) / 1e3 / letters;
    double cpuMicros = (os.getProcessCpuTime() - cpu) / 1e3 / letters;
    System.out.printf(
        "%-20s %6.2f us a letter, %6.2f us CPU, %4d MB%n",
        name, micros, cpuMicros, sizeOf(directory) >> 20);
    DatabaseFiles.delete(directory);
    return micros;
  }

  private void encodeOnly(Path directory) {
    long sum = 0;
    for (int i = 0; i < letters; i++) {
      sum += row(i).length + RowKey.letter(id(i)).length;
    }
    if (sum == 0) {
      throw new IllegalStateException();
    }
  }

  private void plain(Path directory) throws RocksDBException {
    try (LRUCache cache = new LRUCache(50L << 20);
        BloomFilter filter = new BloomFilter();
        Options options =
            new Options()
                .setCreateIfMissing(true)
                .setOptimizeFiltersForHits(true)
                .setWriteBufferSize(16L << 20)
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setCompactionStyle(CompactionStyle.UNIVERSAL)
                .setMaxWriteBufferNumber(3)
                .setIncreaseParallelism(2)
                .setTableFormatConfig(
                    new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setBlockSize(4_096)
                        .setFilterPolicy(filter));
        WriteOptions write = new WriteOptions().setDisableWAL(true);
        RocksDB db = RocksDB.open(options, directory.resolve("db").toString())) {
      for (int i = 0; i < letters; i++) {
        byte[] key = RowKey.letter(id(i));
        db.get(key);
        db.put(write, key, row(i));
      }
    }
  }

  private void letters(Path directory, StoreSettings.WriteAheadLog log) {
    try (LetterDatabases databases =
        new LetterDatabases(StoreSettings.DEFAULTS.withLog(log), Clock.systemUTC())) {
      Transaction transaction = new Transaction();
      databases.bind(transaction);
      LetterStore store = new LetterStore("letters", databases);
      store.init(new BenchContext(directory), store);
      for (int i = 0; i < letters; i++) {
        Bytes key = Bytes.wrap(RowKey.letter(id(i)));
        store.get(key);
        store.put(key, row(i));
        if (i % COMMIT_EVERY == COMMIT_EVERY - 1) {
          transaction.sending("app-letters-changelog", 0).acknowledged(i);
          transaction.consumed(Map.of());
          transaction.committed();
        }
      }
      transaction.committed();
      store.close();
    }
  }

  private static LetterId id(int i) {
    // 10 % of the failures are of letters that are there already.
    int record = i % 10 == 9 ? i / 2 : i;
    long mixed = (record + 1) * 0x9E3779B97F4A7C15L;
    return new LetterId(mixed, ~mixed * 31);
  }

  private byte[] row(int i) {
    FailureFacts facts =
        new FailureFacts(
            "pipeline-" + i % 7,
            "orders-0-" + i,
            Origin.PIPELINE,
            FailureKind.EXCEPTION,
            "connection-" + i % 5,
            "code_" + i % 4,
            "group-" + i % 11,
            null,
            START + i * 10L,
            START + i * 10L,
            START + i * 10L,
            null,
            List.of(),
            "orders",
            Fidelity.ORIGINAL,
            new DeadLetterPosition(new UUID(1, 1), "redrive-errors", 0, i, 0, START + i * 10L),
            null,
            null);
    LetterHead head =
        new LetterHead(
            facts, START, START, START, 1, 0, List.of(), null, LetterState.Pending.PLAIN, i + 1);
    return LetterRow.encode(head, details[i & 0xFF]);
  }

  private static FailureDetail detail(Random random) {
    List<Header> headers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      headers.add(Header.utf8("header-name-" + i, "value-" + random.nextInt(1_000_000)));
    }
    StringBuilder json = new StringBuilder("{");
    while (json.length() < 550) {
      json.append("\"field").append(random.nextInt(40)).append("\":").append(random.nextInt());
    }
    return new FailureDetail(
        new RawRecord(
            RawBytes.utf8("key-" + random.nextInt()), RawBytes.utf8(json.toString()), headers),
        "spring",
        List.of("spring"),
        new FailureError("code", "it failed " + random.nextLong(), "a.b.C", "a.b.D", null),
        new Source("orders", 0, 1L, 1L, "group"),
        null,
        null,
        List.of(),
        null);
  }

  private static long sizeOf(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
