// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.RowKey;
import dev.redrive.config.Settings;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.dialect.DialectRules;
import dev.redrive.http.Api;
import dev.redrive.http.HttpOptions;
import dev.redrive.http.HttpServer;
import dev.redrive.http.Probes;
import dev.redrive.http.desk.BulkPolicy;
import dev.redrive.http.desk.Desk;
import dev.redrive.letter.Letter;
import dev.redrive.preview.Masks;
import dev.redrive.preview.Previews;
import dev.redrive.preview.SchemaRegistry;
import dev.redrive.query.GroupReader;
import dev.redrive.query.LetterExports;
import dev.redrive.query.LetterReader;
import dev.redrive.query.PartitionAnswer;
import dev.redrive.query.Partitions;
import dev.redrive.query.RunReader;
import dev.redrive.query.StatisticsReader;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.query.Query;

/**
 * The HTTP server before one real store; as a program, an export of many letters in a small heap.
 */
public final class ExportServer implements AutoCloseable {
  private static final int BATCH = 500;

  final StoreKit kit;
  final HttpServer http;

  public ExportServer(Path stateDir) throws IOException {
    kit = new StoreKit(stateDir);
    Partitions partitions = new OneStore(kit);
    Settings settings = SettingsLoader.of(Map.of());
    Clock clock = Clock.systemUTC();
    Duration wait = Duration.ofMillis(50);
    Desk desk =
        new Desk(
            new LetterReader(partitions, wait),
            new StatisticsReader(partitions, wait),
            new LetterExports(partitions, wait, Duration.ofMinutes(30), clock),
            new RunReader(partitions, wait),
            new GroupReader(partitions, wait),
            Api.NO_EVENTS,
            Duration.ofHours(24),
            command -> {
              throw new UnsupportedOperationException();
            },
            new Previews(Masks.of(settings), new SchemaRegistry(settings.registry(), clock)),
            id -> id,
            DialectRules.NONE,
            BulkPolicy.of(List.of(), "redrive", List.of()),
            clock);
    Probes probes =
        new Probes(
            () -> true,
            () -> new Probes.Readiness(true, "running"),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    http =
        HttpServer.start(
            new HttpOptions("127.0.0.1", 0, 1_024, true, List.of()), desk.routes(), probes);
  }

  private record OneStore(StoreKit kit) implements Partitions {
    @Override
    public int count() {
      return 1;
    }

    @Override
    public <R> Map<Integer, PartitionAnswer<R>> ask(Query<R> query, Set<Integer> partitions) {
      Map<Integer, PartitionAnswer<R>> answers = new HashMap<>();
      answers.put(0, new PartitionAnswer.Served<>(kit.ask(query)));
      return answers;
    }
  }

  /** Keeps so many letters, of about a kilobyte each, as if they were restored. */
  public void fill(int letters) {
    List<KeyValue<byte[], byte[]>> batch = new ArrayList<>();
    for (int i = 0; i < letters; i++) {
      Letter letter =
          Letters.letter(
              "pipeline-" + i % 5,
              "record-" + i + "-" + "x".repeat(900),
              Letters.MONDAY + i,
              "code-" + i % 3,
              i + 1,
              i + 1);
      batch.add(KeyValue.pair(RowKey.letter(letter.id()), Letters.row(letter)));
      if (batch.size() == BATCH || i == letters - 1) {
        kit.restore(batch);
        batch.clear();
      }
    }
  }

  public URI export(String query) {
    return URI.create("http://127.0.0.1:" + http.port() + "/api/dlq/export" + query);
  }

  int openScans() {
    return kit.store.database().scans();
  }

  @Override
  public void close() {
    http.close();
    kit.close();
  }

  /** Arguments: a directory, the number of letters. Prints how many lines the export had. */
  public static void main(String[] args) throws Exception {
    try (ExportServer server = new ExportServer(Path.of(args[0]))) {
      server.fill(Integer.parseInt(args[1]));
      HttpResponse<InputStream> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(server.export("?format=ndjson")).build(),
                  HttpResponse.BodyHandlers.ofInputStream());
      long lines = 0;
      try (BufferedReader in =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        while (in.readLine() != null) {
          lines++;
        }
      }
      System.out.println(
          "exported " + lines + " in a heap of " + (Runtime.getRuntime().maxMemory() >> 20));
    }
  }
}
