// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.Redrive;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.letter.LetterId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Runs over many letters: replayed per second without a limit and alone, then with arrivals beside
 * it and how long those take to be listed; how long sending goes on after a cancel; how true a rate
 * is over any ten seconds.
 *
 * <pre>mvn -Pbench test-compile exec:exec -Dbench=dev.redrive.ingest.RunsBench
 *     -Dbench.args="1000000 60"</pre>
 */
public final class RunsBench {
  private static final int CANCELS = 20;
  private static final int ARRIVALS_PER_SECOND = 2_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Redrive redrive;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Random random = new Random(1);
  private int records;

  private RunsBench(Redrive redrive, KafkaProducer<byte[], byte[]> producer) {
    this.redrive = redrive;
    this.producer = producer;
  }

  /**
   * Measures.
   *
   * @param args letters of the large run, and seconds of each rate
   */
  public static void main(String[] args) throws Exception {
    int letters = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 60;
    Path directory = BenchDirectory.create();
    Process broker =
        IngestBench.start(List.of("dev.redrive.ingest.BrokerProcess", directory.toString()));
    try {
      String bootstrap = IngestBench.line(broker, "listening on ");
      Map<String, String> settings =
          new HashMap<>(OurRun.settings(bootstrap, "runs", directory + "/state"));
      settings.put("replay.settle-timeout", "1h");
      try (Redrive redrive = Redrive.start(SettingsLoader.of(settings), Clock.systemUTC());
          KafkaProducer<byte[], byte[]> producer = producer(bootstrap)) {
        while (!redrive.ready()) {
          Thread.sleep(50);
        }
        RunsBench bench = new RunsBench(redrive, producer);
        bench.throughput("alone", letters, false);
        bench.throughput("with arrivals", letters, true);
        bench.cancel(Math.max(20_000, letters / 25));
        bench.rate(500, seconds);
        bench.rate(5_000, seconds);
      }
    } finally {
      broker.destroy();
      broker.waitFor(20, TimeUnit.SECONDS);
    }
    System.exit(0);
  }

  private void throughput(String name, int letters, boolean arrivals) throws Exception {
    load(name, letters);
    Arrivals beside = new Arrivals();
    if (arrivals) {
      beside.start();
      Thread.sleep(2_000);
    }
    long start = System.nanoTime();
    String run = start("{\"filter\":{\"pipeline_id\":\"" + name + "\"}}");
    JsonNode state = get("/api/runs/" + run);
    double selected = 0;
    while (state.at("/data/replayed").asLong() < letters) {
      Thread.sleep(100);
      state = get("/api/runs/" + run);
      if (selected == 0 && !state.at("/data/selected_at").isNull()) {
        selected = (System.nanoTime() - start) / 1e9;
      }
    }
    double took = (System.nanoTime() - start) / 1e9;
    post("/api/runs/" + run + "/cancel", "{}");
    print(
        "%s: %,d letters counted after %.1f s and replayed after %.1f s: %,.0f/s",
        name, letters, selected, took, letters / took);
    if (arrivals) {
      beside.end();
      List<Double> sorted = beside.listed.stream().sorted().toList();
      print(
          "  arrival to listed meanwhile: p50 %.0f ms, p99 %.0f ms, most %.0f ms of %d",
          sorted.get(sorted.size() / 2),
          sorted.get(sorted.size() * 99 / 100),
          sorted.get(sorted.size() - 1),
          sorted.size());
    }
  }

  /** At full speed: whatever is under way when the cancel comes is the most there can be. */
  private void cancel(int letters) throws Exception {
    List<Double> stops = new ArrayList<>();
    int late = 0;
    for (int i = 0; i < CANCELS; i++) {
      load("cancelled-" + i, letters);
      long before = redrive.figures().replays.sum();
      String run = start("{\"filter\":{\"pipeline_id\":\"cancelled-" + i + "\"}}");
      while (redrive.figures().replays.sum() - before < letters / 10) {
        Thread.sleep(2);
      }
      long asked = System.nanoTime();
      long last = asked;
      long count = redrive.figures().replays.sum();
      CompletableFuture<JsonNode> answered = inBackground("/api/runs/" + run + "/cancel");
      while (System.nanoTime() - last < 1_500_000_000L) {
        Thread.sleep(2);
        if (redrive.figures().replays.sum() != count) {
          count = redrive.figures().replays.sum();
          last = System.nanoTime();
        }
      }
      answered.join();
      late += get("/api/runs/" + run).at("/data/skipped/cancelled").asLong() == 0 ? 1 : 0;
      stops.add((last - asked) / 1e6);
    }
    List<Double> sorted = stops.stream().sorted().toList();
    print(
        "cancel to the last letter sent: p50 %.0f ms, most %.0f ms of %d; %d came after the end",
        sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1), sorted.size(), late);
  }

  private void rate(int rate, int seconds) throws Exception {
    String name = "rate-" + rate;
    load(name, rate * (seconds + 5));
    String run =
        start(
            "{\"filter\":{\"pipeline_id\":\"" + name + "\"},\"options\":{\"rate\":" + rate + "}}");
    long before = redrive.figures().replays.sum();
    while (redrive.figures().replays.sum() - before < rate) {
      Thread.sleep(10);
    }
    List<long[]> samples = new ArrayList<>();
    long start = System.nanoTime();
    while (System.nanoTime() - start < seconds * 1_000_000_000L) {
      samples.add(new long[] {System.nanoTime(), redrive.figures().replays.sum()});
      Thread.sleep(50);
    }
    post("/api/runs/" + run + "/cancel", "{}");
    long[] first = samples.get(0);
    long[] last = samples.get(samples.size() - 1);
    double all = (last[1] - first[1]) / ((last[0] - first[0]) / 1e9);
    print(
        "rate %,d/s over %d s: %,.1f/s (%+.2f %%); worst ten seconds %.2f %% off",
        rate, seconds, all, (all / rate - 1) * 100, worst(samples, rate) * 100);
  }

  private static double worst(List<long[]> samples, int rate) {
    double worst = 0;
    int from = 0;
    for (long[] to : samples) {
      while (to[0] - samples.get(from)[0] > 10_000_000_000L) {
        double seconds = (to[0] - samples.get(from)[0]) / 1e9;
        double seen = (to[1] - samples.get(from)[1]) / seconds;
        worst = Math.max(worst, Math.abs(seen / rate - 1));
        from++;
      }
    }
    return worst;
  }

  private void load(String pipeline, int letters) throws InterruptedException {
    long before = redrive.figures().failures.sum();
    for (int i = 0; i < letters; i++) {
      var unused = producer.send(record(pipeline));
    }
    producer.flush();
    while (redrive.figures().failures.sum() - before < letters) {
      Thread.sleep(50);
    }
    // What was taken in is listed once its transaction is committed.
    Thread.sleep(2_000);
  }

  private synchronized ProducerRecord<byte[], byte[]> record(String pipeline) {
    ProducerRecord<byte[], byte[]> record = BenchRecords.record(records++, random);
    record.headers().remove("redrive-pipeline-id");
    record.headers().add("redrive-pipeline-id", pipeline.getBytes(StandardCharsets.UTF_8));
    return record;
  }

  /** Failures that arrive all the time, of which a few are looked for. */
  private final class Arrivals implements Runnable {
    final List<Double> listed = new ArrayList<>();
    private final Thread thread = new Thread(this, "arrivals");
    private volatile boolean on = true;

    void start() {
      thread.start();
    }

    void end() throws InterruptedException {
      on = false;
      thread.join();
    }

    @Override
    public void run() {
      try {
        long start = System.nanoTime();
        long sent = 0;
        long probe = start;
        ProducerRecord<byte[], byte[]> wanted = null;
        while (on) {
          long due = (System.nanoTime() - start) * ARRIVALS_PER_SECOND / 1_000_000_000L;
          for (; sent < due; sent++) {
            ProducerRecord<byte[], byte[]> record = record("arriving");
            if (wanted == null) {
              wanted = record;
              probe = System.nanoTime();
            }
            var unused = producer.send(record);
          }
          if (wanted != null && isListed(wanted)) {
            listed.add((System.nanoTime() - probe) / 1e6);
            wanted = null;
          }
          Thread.sleep(5);
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private boolean isListed(ProducerRecord<byte[], byte[]> record)
        throws IOException, InterruptedException {
      String id =
          new String(
              record.headers().lastHeader("redrive-record-id").value(), StandardCharsets.UTF_8);
      String path = "/api/dlq/" + LetterId.of("arriving", id);
      return http.send(request(path).GET().build(), BodyHandlers.discarding()).statusCode() == 200;
    }
  }

  private String start(String json) throws IOException, InterruptedException {
    return post("/api/runs", json).at("/data/run_id").asText();
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return JSON.readTree(http.send(request(path).GET().build(), BodyHandlers.ofString()).body());
  }

  private JsonNode post(String path, String json) throws IOException, InterruptedException {
    HttpRequest request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    var answer = http.send(request, BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException(path + " answered " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  /** Its answer comes when the change can be read, and sending is to be watched until then. */
  private CompletableFuture<JsonNode> inBackground(String path) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return post(path, "{}");
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + redrive.httpPort() + path))
        .timeout(Duration.ofSeconds(30));
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }

  private static KafkaProducer<byte[], byte[]> producer(String bootstrap) {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            ProducerConfig.LINGER_MS_CONFIG,
            5,
            ProducerConfig.BATCH_SIZE_CONFIG,
            256 * 1024),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
