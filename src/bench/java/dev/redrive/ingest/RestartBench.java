// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.ingest;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.ingest.BenchRecords.Told;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long an instance that was killed takes until it answers again, from the start of the process,
 * by the number of letters; and how long the same two hops over a stock Streams store take until
 * they run. A member that the group knows again ({@code kafka.group.instance.id}), so that nobody
 * waits for the one that was killed.
 *
 * <pre>mvn -Pbench test-compile exec:exec -Dbench=dev.redrive.ingest.RestartBench
 *     -Dbench.args="2000000 5"</pre>
 *
 * Arguments: letters; kills.
 */
public final class RestartBench {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final String bootstrap;
  private final Path directory;
  private final int records;

  /** What the records make; some of them are repeats. */
  private int letters;

  private RestartBench(String bootstrap, Path directory, int letters) {
    this.bootstrap = bootstrap;
    this.directory = directory;
    // About one in ten is a repeat.
    this.records = letters / 9 * 10;
  }

  public static void main(String[] args) throws Exception {
    int letters = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
    int kills = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    Path directory = BenchDirectory.create();
    Process broker =
        IngestBench.start(List.of("dev.redrive.ingest.BrokerProcess", directory.toString()));
    try {
      String bootstrap = IngestBench.line(broker, "listening on ");
      RestartBench bench = new RestartBench(bootstrap, directory, letters);
      BenchRecords.produce(bootstrap, bench.records, Told.ORDINARY);
      List<Long> ours = bench.ours(kills);
      print("ours", bench.letters, ours);
      print("stock", bench.letters, bench.stock(kills));
    } finally {
      broker.destroy();
      broker.waitFor(20, TimeUnit.SECONDS);
    }
    System.exit(0);
  }

  private List<Long> ours(int kills) throws Exception {
    List<String> command = new ArrayList<>(List.of("dev.redrive.Main", "serve"));
    Map<String, String> settings =
        OurRun.settings(bootstrap, "ours", directory.resolve("ours").toString());
    settings.put("kafka.group.instance.id", "ours");
    settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    Process process = IngestBench.start(command);
    awaitTaken(address(process));
    List<Long> times = new ArrayList<>();
    for (int kill = 0; kill < kills; kill++) {
      process.destroyForcibly().waitFor();
      long start = System.nanoTime();
      process = IngestBench.start(command);
      URI address = address(process);
      while (get(address, "/api/dlq?limit=50").statusCode() != 200) {
        Thread.sleep(5);
      }
      times.add((System.nanoTime() - start) / 1_000_000);
      // What was answered is all of it.
      awaitLetters(address);
    }
    process.destroyForcibly().waitFor();
    return times;
  }

  private List<Long> stock(int kills) throws Exception {
    List<String> command =
        List.of(
            "dev.redrive.ingest.StockRun",
            bootstrap,
            "stock",
            directory.resolve("stock").toString(),
            String.valueOf(records));
    Process process = IngestBench.start(command);
    IngestBench.line(process, "processed");
    List<String> again = new ArrayList<>(command);
    again.set(4, "0");
    List<Long> times = new ArrayList<>();
    for (int kill = 0; kill < kills; kill++) {
      process.destroyForcibly().waitFor();
      long start = System.nanoTime();
      process = IngestBench.start(again);
      IngestBench.line(process, "running");
      times.add((System.nanoTime() - start) / 1_000_000);
    }
    process.destroyForcibly().waitFor();
    return times;
  }

  private static URI address(Process process) throws IOException {
    return URI.create(IngestBench.line(process, "Redrive listens on "));
  }

  /** Until all records are taken in, which says how many letters there are. */
  private void awaitTaken(URI address) throws Exception {
    String all = "redrive_failures_total " + (double) records;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!get(address, "/metrics").body().contains(all)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not all " + records + " records are taken in");
      }
      Thread.sleep(200);
    }
    // One more commit, so that nothing is under way when it is killed.
    Thread.sleep(2_000);
    letters = total(address);
  }

  private int total(URI address) throws IOException, InterruptedException {
    HttpResponse<String> answer = get(address, "/api/dlq/stats");
    return answer.statusCode() == 200
        ? JSON.readTree(answer.body()).at("/data/total_entries").asInt()
        : -1;
  }

  private void awaitLetters(URI address) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      if (total(address) == letters) {
        return;
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("there are not " + letters + " letters");
  }

  private HttpResponse<String> get(URI address, String path)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address.resolve(path)).GET().build();
    return http.send(request, BodyHandlers.ofString());
  }

  private static void print(String who, int letters, List<Long> times) {
    System.out.printf(
        Locale.ROOT,
        "%-5s %,d letters, kill -9 to serving again, ms from the start of the process: %s%n",
        who,
        letters,
        times);
  }
}
