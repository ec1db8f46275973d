// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState;
import dev.redrive.letter.Origin;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.rocksdb.RocksDBException;

/**
 * Statistics over 30 days of letters that lie in 60: 50 pipelines, 30 codes, 2,000 groups (Zipf),
 * at any edge. Only what is derived is written, since nothing else is read. Run: {@code mvn -Pbench
 * test-compile exec:exec -Dbench=dev.redrive.store.StatisticsBench -Dbench.args="5000000"}.
 */
public final class StatisticsBench {
  private static final long NOW = 1_767_607_200_000L;
  private static final long MONTH = TimeUnit.DAYS.toMillis(30);
  private static final int BATCH = 2_000;

  private StatisticsBench() {}

  /** Arguments: letters, questions. */
  public static void main(String[] args) throws Exception {
    int letters = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int questions = args.length > 1 ? Integer.parseInt(args[1]) : 500;
    Path directory = Files.createTempDirectory("redrive-statistics");
    try (RocksMemory memory = new RocksMemory(StoreSettings.DEFAULTS);
        LetterDatabase database = LetterDatabase.open(directory, memory)) {
      long began = System.nanoTime();
      fill(database, letters);
      System.out.printf(
          "%,d letters counted and indexed in %.1f s%n",
          letters, (System.nanoTime() - began) / 1e9);
      for (int round = 0; round < 3; round++) {
        ask(database, questions, "30 days by pipeline and code", false);
        ask(database, questions, "30 days, all that /stats shows", true);
      }
    }
  }

  private static void fill(LetterDatabase database, int letters) throws RocksDBException {
    Random random = new Random(1);
    Batch batch = database.newBatch();
    for (int done = 0; done < letters; done += BATCH) {
      Derivation derivation = new Derivation(batch, Set.of());
      for (int i = 0; i < BATCH; i++) {
        // In order of time, but for some that come late.
        long age = 2 * MONTH - 2 * MONTH * (done + i) / letters;
        long late = random.nextInt(20) == 0 ? random.nextInt(3_600_000) : 0;
        derivation.letter(
            new LetterId(random.nextLong(), random.nextLong()),
            null,
            head(random, NOW - age - late));
      }
      derivation.writeCounters(database.names(), key -> database.get(Family.COUNTERS, key));
      database.write(batch);
    }
  }

  private static LetterHead head(Random random, long at) {
    String pipeline = "pipeline-" + zipf(random, 50);
    FailureFacts facts =
        new FailureFacts(
            pipeline,
            "record-" + random.nextInt(),
            Origin.PIPELINE,
            FailureKind.EXCEPTION,
            null,
            "error_code_" + zipf(random, 30),
            "grp_1_0123456789abcdef" + zipf(random, 2_000),
            null,
            at,
            at,
            at,
            null,
            List.of(),
            "orders",
            Fidelity.ORIGINAL,
            DeadLetterPosition.NONE,
            null,
            null);
    LetterState state =
        random.nextInt(10) == 0
            ? new LetterState.Retrying("run_1", 1, at, at, "retry")
            : LetterState.Pending.PLAIN;
    return new LetterHead(facts, at, at, at, 1, 0, List.of(), null, state, 1);
  }

  private static int zipf(Random random, int n) {
    return (int) Math.exp(random.nextDouble() * Math.log(n));
  }

  private static void ask(LetterDatabase database, int questions, String name, boolean everything) {
    Random random = new Random(2);
    long[] took = new long[questions];
    long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    long total = 0;
    for (int i = 0; i < questions; i++) {
      long until = NOW - random.nextInt(1_000_000_000);
      long since = until - MONTH;
      long began = System.nanoTime();
      total +=
          everything
              ? database.read(view -> all(view, since, until))
              : database.read(view -> totals(view, since, until));
      took[i] = System.nanoTime() - began;
    }
    Arrays.sort(took);
    System.out.printf(
        "%-32s p50 %.2f ms, p99 %.2f ms, max %.2f ms, processor %.2f ms (%,d letters each)%n",
        name,
        took[questions / 2] / 1e6,
        took[questions * 99 / 100] / 1e6,
        took[questions - 1] / 1e6,
        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e6 / questions,
        total / questions);
  }

  private static long totals(View view, long since, long until) {
    return StatisticsAnswer.totals(view, new TotalsQuery(since, until)).counts().values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  private static long all(View view, long since, long until) {
    return StatisticsAnswer.statistics(
            view, new StatisticsQuery(Set.of(), since, until, until - MONTH, true))
        .totals()
        .values()
        .stream()
        .mapToLong(Long::longValue)
        .sum();
  }
}
