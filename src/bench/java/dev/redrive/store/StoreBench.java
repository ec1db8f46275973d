// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.ingest.TopicScan;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.LetterId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * What questions cost in one task's store: pages of 50 by every filter and by pairs, the newest and
 * from a random place; statistics; pages while letters arrive; and the same page by reading the
 * topic with a plain consumer. After compaction has settled. "CPU" is the processor time of the
 * thread that asks: what a page costs where others use the machine too.
 *
 * <pre>mvn -Pbench test-compile exec:exec -Dbench=dev.redrive.store.StoreBench
 *     -Dbench.args="100000"</pre>
 *
 * <p>It reads all files once before it asks; where a machine drops what nobody read for seconds,
 * {@code keep=} a directory in memory, such as {@code /dev/shm/store}, else it measures the disk.
 * 5,000,000 letters take 6 GB there.
 *
 * <p>Arguments: letters; requests of each kind, 2,000 where absent; "noscan" to leave the topic
 * out; "keep=DIR" to keep the filled store there, or to use the one that was kept with so many
 * letters.
 */
public final class StoreBench {
  private static final String KEEP = "keep=";
  private static final int PAGE = 50;
  private static final int WARM_UP = 300;
  private static final int COMMIT_EVERY = 2_000;
  private static final int ARRIVALS_A_SECOND = 5_000;
  private static final int TICKS_A_SECOND = 10;
  private static final long DAY = TimeUnit.DAYS.toMillis(1);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final List<Set<Attribute>> PAIRS =
      List.of(
          Set.of(Attribute.PIPELINE, Attribute.ERROR_CODE),
          Set.of(Attribute.PIPELINE, Attribute.STATUS),
          Set.of(Attribute.LABEL, Attribute.ERROR_CODE));

  private final BenchLetters letters;
  private final BenchStore store;
  private final int requests;
  private final SplittableRandom random = new SplittableRandom(7);

  private StoreBench(BenchLetters letters, BenchStore store, int requests) {
    this.letters = letters;
    this.store = store;
    this.requests = requests;
  }

  public static void main(String[] args) throws Exception {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
    int requests = args.length > 1 ? Integer.parseInt(args[1]) : 2_000;
    Optional<Path> kept =
        Arrays.stream(args).filter(arg -> arg.startsWith(KEEP)).map(StoreBench::kept).findFirst();
    Path directory = kept.isPresent() ? kept.get() : Files.createTempDirectory("store-bench");
    boolean filled = kept.isPresent() && Files.exists(directory);
    BenchLetters letters = new BenchLetters(count);
    try (BenchStore store = new BenchStore(directory, StoreSettings.DEFAULTS)) {
      StoreBench bench = new StoreBench(letters, store, requests);
      if (!filled) {
        bench.fill();
      }
      store.readThrough();
      bench.pages();
      bench.statistics(false, requests);
      bench.statistics(true, Math.max(10, requests / 50));
      bench.pagesUnderLoad();
      bench.memory();
    } finally {
      if (kept.isEmpty()) {
        DatabaseFiles.delete(directory);
      }
    }
    if (!List.of(args).contains("noscan")) {
      TopicScan.run(count, number -> letters.row((int) number));
    }
    System.exit(0);
  }

  private static Path kept(String argument) {
    return Path.of(argument.substring(KEEP.length()));
  }

  private void fill() throws InterruptedException, IOException {
    long start = System.nanoTime();
    for (int i = 0; i < letters.count(); i++) {
      put(i);
      if (i % COMMIT_EVERY == COMMIT_EVERY - 1) {
        store.commit();
      }
    }
    store.commit();
    double seconds = (System.nanoTime() - start) / 1e9;
    store.settle();
    System.out.printf(
        Locale.ROOT,
        "%,d letters, made and put in %.0f s; %,d bytes of disk a letter%n",
        letters.count(),
        seconds,
        store.bytesOnDisk() / letters.count());
  }

  private void put(int number) {
    FailureFacts facts = letters.facts(number);
    store.put(facts.letterId(), letters.row(number));
  }

  private void pages() {
    List<Set<Attribute>> filters = filters();
    // What comes first must not pay for what the JVM compiles.
    for (Set<Attribute> attributes : filters) {
      var unused = times(attributes, true);
    }
    System.out.printf(
        "%-34s %8s %8s %8s   %8s %8s %8s%n",
        "page of 50, ms", "newest", "p99", "CPU p99", "anywhere", "p99", "CPU p99");
    filters.forEach(this::print);
  }

  /** None, every attribute that has a list, and the pairs. */
  private static List<Set<Attribute>> filters() {
    List<Set<Attribute>> filters = new ArrayList<>();
    filters.add(Set.of());
    for (LetterIndex list : LetterIndex.values()) {
      for (Attribute attribute : Attribute.values()) {
        if (LetterIndex.by(attribute).filter(list::equals).isPresent()) {
          filters.add(Set.of(attribute));
        }
      }
    }
    filters.addAll(PAIRS);
    return filters;
  }

  private void print(Set<Attribute> attributes) {
    List<String> names = attributes.stream().map(Attribute::wire).sorted().toList();
    String name = names.isEmpty() ? "all" : String.join(" and ", names);
    Times newest = times(attributes, false);
    Times anywhere = times(attributes, true);
    System.out.printf(
        Locale.ROOT,
        "%-34s %8.2f %8.2f %8.2f   %8.2f %8.2f %8.2f%n",
        name,
        at(newest.wall, 50),
        at(newest.wall, 99),
        at(newest.cpu, 99),
        at(anywhere.wall, 50),
        at(anywhere.wall, 99),
        at(anywhere.cpu, 99));
  }

  /** Milliseconds of each request, sorted. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Times(double[] wall, double[] cpu) {}

  private Times times(Set<Attribute> attributes, boolean anywhere) {
    double[] wall = new double[requests];
    double[] cpu = new double[requests];
    for (int i = -WARM_UP; i < requests; i++) {
      PageQuery query = query(attributes, anywhere);
      long cpuStart = THREADS.getCurrentThreadCpuTime();
      long start = System.nanoTime();
      store.ask(query);
      if (i >= 0) {
        wall[i] = (System.nanoTime() - start) / 1e6;
        cpu[i] = (THREADS.getCurrentThreadCpuTime() - cpuStart) / 1e6;
      }
    }
    Arrays.sort(wall);
    Arrays.sort(cpu);
    return new Times(wall, cpu);
  }

  private PageQuery query(Set<Attribute> attributes, boolean anywhere) {
    LetterFilter filter = LetterFilter.ALL;
    for (Attribute attribute : attributes) {
      String value = BenchLetters.value(attribute, random, letters.count());
      filter = filter.with(attribute, Set.of(value));
    }
    PageQuery first = PageQuery.newest(filter, PAGE);
    long at = BenchLetters.START + random.nextLong(BenchLetters.SPAN);
    return anywhere ? first.from(new PagePosition(at, new LetterId(0, 0))) : first;
  }

  private void statistics(boolean byGroup, int times) {
    double[] millis = new double[times];
    double[] cpu = new double[times];
    for (int i = -Math.min(WARM_UP, times); i < times; i++) {
      // Bounds that are no whole hours: the edges are counted letter by letter.
      long since = BenchLetters.START + random.nextLong(BenchLetters.SPAN / 60);
      long start = System.nanoTime();
      long cpuStart = THREADS.getCurrentThreadCpuTime();
      store.ask(
          new StatisticsQuery(
              Set.of(),
              since,
              since + BenchLetters.SPAN,
              since + BenchLetters.SPAN - DAY,
              byGroup));
      if (i >= 0) {
        millis[i] = (System.nanoTime() - start) / 1e6;
        cpu[i] = (THREADS.getCurrentThreadCpuTime() - cpuStart) / 1e6;
      }
    }
    Arrays.sort(millis);
    Arrays.sort(cpu);
    System.out.printf(
        Locale.ROOT,
        "statistics of 30 days by pipeline and code%s, ms: p50 %.2f p99 %.2f; CPU p50 %.2f p99 %.2f%n",
        byGroup ? " and group" : "",
        at(millis, 50),
        at(millis, 99),
        at(cpu, 50),
        at(cpu, 99));
  }

  private void pagesUnderLoad() throws InterruptedException {
    List<Set<Attribute>> asked = List.of(Set.of(), Set.of(Attribute.PIPELINE), PAIRS.get(0));
    List<double[]> quiet = new ArrayList<>();
    asked.forEach(attributes -> quiet.add(times(attributes, true).wall));
    AtomicBoolean done = new AtomicBoolean();
    Thread arrivals = new Thread(() -> arrive(done), "arrivals");
    arrivals.start();
    for (int i = 0; i < asked.size(); i++) {
      double[] loaded = times(asked.get(i), true).wall;
      System.out.printf(
          Locale.ROOT,
          "page anywhere, %s, with %,d arrivals/s, ms: p50 %.2f p99 %.2f; quiet %.2f %.2f%n",
          asked.get(i),
          ARRIVALS_A_SECOND,
          at(loaded, 50),
          at(loaded, 99),
          at(quiet.get(i), 50),
          at(quiet.get(i), 99));
    }
    done.set(true);
    arrivals.join();
  }

  /** New letters at an even pace, committed ten times a second. */
  private void arrive(AtomicBoolean done) {
    store.take();
    int number = letters.count();
    long next = System.nanoTime();
    while (!done.get()) {
      for (int i = 0; i < ARRIVALS_A_SECOND / TICKS_A_SECOND; i++) {
        put(number++);
      }
      store.commit();
      next += TimeUnit.SECONDS.toNanos(1) / TICKS_A_SECOND;
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  private void memory() throws IOException {
    String resident =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS"))
            .findFirst()
            .orElse("VmRSS: not known here");
    System.out.printf(
        Locale.ROOT,
        "%s; block cache and write buffers %,d MB%n",
        resident.replaceAll("\\s+", " "),
        store.memoryBytes() >> 20);
  }

  private static double at(double[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }
}
