// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.ingest;

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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How long an idle instance takes: from an arrival on the error topic to its being listed, and from
 * {@code POST …/reprocess} to the record readable on the retry topic under {@code read_committed}.
 *
 * <pre>mvn -Pbench test-compile exec:exec -Dbench=dev.redrive.ingest.LatencyBench
 *     -Dbench.args="300"</pre>
 */
public final class LatencyBench {
  private static final int WARM_UP = 50;
  private static final String NAME = "latency";

  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> retries;

  private LatencyBench(
      String base, KafkaProducer<byte[], byte[]> producer, KafkaConsumer<byte[], byte[]> retries) {
    this.base = base;
    this.producer = producer;
    this.retries = retries;
  }

  public static void main(String[] args) throws Exception {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 300;
    Path directory = BenchDirectory.create();
    Process broker =
        IngestBench.start(List.of("dev.redrive.ingest.BrokerProcess", directory.toString()));
    try {
      String bootstrap = IngestBench.line(broker, "listening on ");
      Map<String, String> settings = OurRun.settings(bootstrap, NAME, directory + "/state");
      try (Redrive redrive = Redrive.start(SettingsLoader.of(settings), Clock.systemUTC());
          KafkaProducer<byte[], byte[]> producer = producer(bootstrap);
          KafkaConsumer<byte[], byte[]> retries = consumer(bootstrap)) {
        while (!redrive.ready()) {
          Thread.sleep(50);
        }
        retries.subscribe(List.of(NAME + "-retry"));
        new LatencyBench("http://127.0.0.1:" + redrive.httpPort(), producer, retries).run(count);
      }
    } finally {
      broker.destroy();
      broker.waitFor(20, TimeUnit.SECONDS);
    }
    System.exit(0);
  }

  private void run(int count) throws IOException, InterruptedException {
    Random random = new Random(1);
    List<Double> listed = new ArrayList<>();
    List<Double> replayed = new ArrayList<>();
    for (int i = 0; i < WARM_UP + count; i++) {
      ProducerRecord<byte[], byte[]> record = BenchRecords.record(i, random);
      LetterId id =
          LetterId.of(header(record, "redrive-pipeline-id"), header(record, "redrive-record-id"));
      long sent = System.nanoTime();
      var unused = producer.send(record);
      producer.flush();
      await("GET", "/api/dlq/" + id, 200);
      double toListed = (System.nanoTime() - sent) / 1e6;
      long asked = System.nanoTime();
      var answer =
          http.sendAsync(request("POST", "/api/dlq/" + id + "/reprocess"), BodyHandlers.ofString());
      while (retries.poll(Duration.ofSeconds(1)).isEmpty()) {
        // Not there yet.
      }
      double toReplayed = (System.nanoTime() - asked) / 1e6;
      answer.join();
      if (i >= WARM_UP) {
        listed.add(toListed);
        replayed.add(toReplayed);
      }
    }
    print("arrival to listed", listed);
    print("POST reprocess to readable on the retry topic", replayed);
  }

  private void await(String method, String path, int status)
      throws IOException, InterruptedException {
    while (http.send(request(method, path), BodyHandlers.ofString()).statusCode() != status) {
      Thread.sleep(2);
    }
  }

  private HttpRequest request(String method, String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(Duration.ofSeconds(30))
        .method(method, HttpRequest.BodyPublishers.noBody())
        .build();
  }

  private static void print(String what, List<Double> millis) {
    List<Double> sorted = millis.stream().sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "%s: p50 %.0f ms, p99 %.0f ms of %d, after %d to warm up%n",
        what,
        sorted.get(sorted.size() / 2),
        sorted.get(sorted.size() * 99 / 100),
        sorted.size(),
        WARM_UP);
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static KafkaProducer<byte[], byte[]> producer(String bootstrap) {
    return new KafkaProducer<>(
        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String bootstrap) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
            ConsumerConfig.GROUP_ID_CONFIG, "bench",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
