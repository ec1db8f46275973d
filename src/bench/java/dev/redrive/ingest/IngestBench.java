// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.ingest;

import dev.redrive.ingest.BenchRecords.Told;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Compares how fast failures are taken in with what the engine can do at best. {@code plain} is the
 * same two hops and events over a plain Streams RocksDB store without index; {@code bare} reads
 * nothing of a record but its id and keeps it. All read the same error topic, take turns, and run
 * in processes of their own beside a broker in another.
 *
 * <pre>mvn -Pbench test-compile exec:exec -Dbench=dev.redrive.ingest.IngestBench
 *     -Dbench.args="500000 2"</pre>
 *
 * Arguments: records; rounds; how much they tell, {@code little}, {@code ordinary} or {@code
 * everything}; any settings of Redrive as {@code key=value}.
 */
public final class IngestBench {
  private static final Duration LIMIT = Duration.ofMinutes(15);

  /** Redrive, its hops over a plain store, and the least that keeps a record. */
  private static final List<String> WHO = List.of("ours", "plain", "bare");

  private IngestBench() {}

  /** What a run cost, CPU in seconds per 100,000 records. */
  private record Cost(double perSecond, double appCpu, double brokerCpu) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%,9.0f records/s, CPU app %5.2f broker %5.2f",
          perSecond,
          appCpu,
          brokerCpu);
    }
  }

  /** One run: all of it, and its second half. */
  private record Result(Cost whole, Cost warm) {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int records = args.length > 0 ? Integer.parseInt(args[0]) : 500_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    boolean toldGiven = args.length > 2 && !args[2].contains("=");
    Told told = toldGiven ? Told.valueOf(args[2].toUpperCase(Locale.ROOT)) : Told.ORDINARY;
    List<String> settings =
        List.of(args).subList(Math.min(toldGiven ? 3 : 2, args.length), args.length);
    Path directory = BenchDirectory.create();
    Process broker = start(List.of("dev.redrive.ingest.BrokerProcess", directory.toString()));
    try {
      String bootstrap = line(broker, "listening on ");
      BenchRecords.produce(bootstrap, records, told);
      System.out.printf(
          Locale.ROOT,
          "%,d records of about %,d bytes that tell %s, one in ten a repeat%n",
          records,
          BenchRecords.SIZE,
          told);
      // Not counted: these find a broker that has compiled little yet, and pay for it.
      for (String who : List.of("plain", "ours")) {
        run(who, -1, bootstrap, directory, records, broker, settings);
      }
      Map<String, List<Result>> results = new HashMap<>();
      for (int round = 0; round < rounds; round++) {
        // Who goes first changes, so that nobody always meets the warmer broker.
        for (int turn = 0; turn < WHO.size(); turn++) {
          String who = WHO.get((round + turn) % WHO.size());
          Result result = run(who, round, bootstrap, directory, records, broker, settings);
          results.computeIfAbsent(who, w -> new ArrayList<>()).add(result);
        }
      }
      for (String floor : List.of("plain", "bare")) {
        print(results, floor, Result::whole, "whole");
        print(results, floor, Result::warm, "second half");
      }
    } finally {
      broker.destroy();
      broker.waitFor(20, TimeUnit.SECONDS);
    }
  }

  private static Result run(
      String who,
      int round,
      String bootstrap,
      Path directory,
      int records,
      Process broker,
      List<String> settings)
      throws IOException, InterruptedException {
    boolean ours = who.equals("ours");
    String name = who + "-" + round;
    List<String> command =
        new ArrayList<>(
            List.of(
                ours ? "dev.redrive.ingest.OurRun" : "dev.redrive.ingest.FloorRun",
                bootstrap,
                name,
                directory.resolve(name).toString(),
                Integer.toString(records)));
    command.addAll(ours ? settings : List.of(who));
    Process app = start(command);
    line(app, "first");
    Duration atFirst = cpu(broker);
    line(app, "half");
    Duration atHalf = cpu(broker);
    String[] done = line(app, "done ").split(" ", -1);
    Duration atEnd = cpu(broker);
    app.waitFor(30, TimeUnit.SECONDS);
    app.destroyForcibly();
    Result result =
        new Result(
            cost(records, done[0], done[1], atEnd.minus(atFirst)),
            cost(records - records / 2, done[2], done[3], atEnd.minus(atHalf)));
    System.out.printf("%-9s %s; second half %s%n", name, result.whole, result.warm);
    return result;
  }

  private static Cost cost(int records, String seconds, String appCpu, Duration brokerCpu) {
    double per = 100_000.0 / records;
    return new Cost(
        records / Double.parseDouble(seconds),
        Double.parseDouble(appCpu) * per,
        brokerCpu.toMillis() / 1e3 * per);
  }

  private static void print(
      Map<String, List<Result>> results, String floor, Function<Result, Cost> part, String name) {
    List<Cost> ours = results.getOrDefault("ours", List.of()).stream().map(part).toList();
    List<Cost> other = results.getOrDefault(floor, List.of()).stream().map(part).toList();
    double ourApp = sum(ours, Cost::appCpu);
    double otherApp = sum(other, Cost::appCpu);
    System.out.printf(
        Locale.ROOT,
        "ours / %-5s %s: records/s %.2f   app CPU %.2f   app and broker CPU %.2f%n",
        floor,
        name,
        sum(ours, Cost::perSecond) / sum(other, Cost::perSecond),
        ourApp / otherApp,
        (ourApp + sum(ours, Cost::brokerCpu)) / (otherApp + sum(other, Cost::brokerCpu)));
  }

  private static double sum(List<Cost> costs, ToDoubleFunction<Cost> figure) {
    return costs.stream().mapToDouble(figure).sum();
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
    private static final Map<Process, BufferedReader> READERS =
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
