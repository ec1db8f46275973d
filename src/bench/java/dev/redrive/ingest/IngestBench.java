// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.ingest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Compares how fast failures are taken in with what the engine can do at best: the same two hops,
 * the same events, a plain Streams RocksDB store and no index. Both read the same error topic, take
 * turns, and run in processes of their own beside a broker in a third.
 *
 * <pre>mvn -Pbench test-compile exec:exec -Dbench=dev.redrive.ingest.IngestBench
 *     -Dbench.args="500000 2"</pre>
 *
 * Arguments: records, rounds, and any settings of Redrive as {@code key=value}.
 */
public final class IngestBench {
  private static final Duration LIMIT = Duration.ofMinutes(15);

  private IngestBench() {}

  /** What one run cost. */
  private record Result(double perSecond, double appCpu, double brokerCpu) {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int records = args.length > 0 ? Integer.parseInt(args[0]) : 500_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    List<String> settings = List.of(args).subList(Math.min(2, args.length), args.length);
    Path directory = Files.createTempDirectory("redrive-bench");
    Process broker = start(List.of("dev.redrive.ingest.BrokerProcess", directory.toString()));
    try {
      String bootstrap = line(broker, "listening on ");
      BenchRecords.produce(bootstrap, records);
      System.out.printf(
          Locale.ROOT,
          "%,d records of %,d bytes, one in ten a repeat%n",
          records,
          BenchRecords.SIZE);
      List<Result> ours = new ArrayList<>();
      List<Result> floor = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        // Who goes first changes, so that neither always meets the warmer broker.
        for (int turn = 0; turn < 2; turn++) {
          boolean our = (round + turn) % 2 == 0;
          (our ? ours : floor)
              .add(run(our, round, bootstrap, directory, records, broker, settings));
        }
      }
      print(ours, floor);
    } finally {
      broker.destroy();
      broker.waitFor(20, TimeUnit.SECONDS);
    }
  }

  private static Result run(
      boolean ours,
      int round,
      String bootstrap,
      Path directory,
      int records,
      Process broker,
      List<String> settings)
      throws IOException, InterruptedException {
    String name = (ours ? "ours-" : "floor-") + round;
    List<String> command =
        new ArrayList<>(
            List.of(
                ours ? "dev.redrive.ingest.OurRun" : "dev.redrive.ingest.FloorRun",
                bootstrap,
                name,
                directory.resolve(name).toString(),
                Integer.toString(records)));
    command.addAll(settings);
    Process app = start(command);
    line(app, "first");
    Duration brokerBefore = cpu(broker);
    String[] done = line(app, "done ").split(" ", -1);
    double brokerCpu = cpu(broker).minus(brokerBefore).toMillis() / 1e3;
    app.waitFor(30, TimeUnit.SECONDS);
    app.destroyForcibly();
    double seconds = Double.parseDouble(done[0]);
    Result result =
        new Result(
            records / seconds,
            Double.parseDouble(done[1]) * 100_000 / records,
            brokerCpu * 100_000 / records);
    System.out.printf(
        Locale.ROOT,
        "%-8s %,9.0f records/s   app %.2f   broker %.2f CPU-s per 100,000%n",
        name,
        result.perSecond,
        result.appCpu,
        result.brokerCpu);
    return result;
  }

  private static void print(List<Result> ours, List<Result> floor) {
    System.out.printf(
        Locale.ROOT,
        "ours / floor: records/s %.2f   app CPU %.2f   app and broker CPU %.2f%n",
        sum(ours, 0) / sum(floor, 0),
        sum(ours, 1) / sum(floor, 1),
        (sum(ours, 1) + sum(ours, 2)) / (sum(floor, 1) + sum(floor, 2)));
  }

  private static double sum(List<Result> results, int which) {
    return results.stream()
        .mapToDouble(r -> which == 0 ? r.perSecond : which == 1 ? r.appCpu : r.brokerCpu)
        .sum();
  }

  private static Duration cpu(Process process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  static Process start(List<String> mainAndArguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms1g",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(mainAndArguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** The rest of the first line that begins so. */
  static String line(Process process, String start) throws IOException {
    // Not closed: the next line is read from the same stream.
    BufferedReader lines = Lines.of(process);
    long end = System.nanoTime() + LIMIT.toNanos();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(start)) {
        return line.substring(start.length());
      }
      if (System.nanoTime() > end) {
        break;
      }
    }
    throw new IOException("the process ended without saying \"" + start + "\"");
  }

  /** One reader for each process: a second one would miss what the first has buffered. */
  private static final class Lines {
    private static final java.util.Map<Process, BufferedReader> READERS =
        new java.util.concurrent.ConcurrentHashMap<>();

    private Lines() {}

    static BufferedReader of(Process process) {
      return READERS.computeIfAbsent(
          process,
          p ->
              new BufferedReader(
                  new InputStreamReader(p.getInputStream(), StandardCharsets.UTF_8)));
    }
  }
}
