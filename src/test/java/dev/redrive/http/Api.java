// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.codec.Audited;
import dev.redrive.config.KeyHash;
import dev.redrive.config.Role;
import dev.redrive.config.Settings;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.diagnostics.Diagnostics;
import dev.redrive.diagnostics.artifact.Artifacts;
import dev.redrive.diagnostics.bundle.RunLog;
import dev.redrive.diagnostics.bundle.RunSources;
import dev.redrive.dialect.DialectRules;
import dev.redrive.http.desk.BulkPolicy;
import dev.redrive.http.desk.Desk;
import dev.redrive.http.diagnostics.DiagnosticsPages;
import dev.redrive.preview.Masks;
import dev.redrive.preview.Previews;
import dev.redrive.preview.SchemaRegistry;
import dev.redrive.query.EventReader;
import dev.redrive.query.GroupReader;
import dev.redrive.query.LetterExports;
import dev.redrive.query.LetterReader;
import dev.redrive.query.MemoryLedger;
import dev.redrive.query.RunReader;
import dev.redrive.query.StatisticsReader;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * A started server on a free port before a ledger in memory; every answer is held to the contract.
 */
public final class Api implements AutoCloseable {
  public static final String ADMIN = "admin-key";
  public static final String OPERATOR = "operator-key";
  public static final String VIEWER = "viewer-key";
  public static final String ONLY_A = "only-a-key";
  public static final Instant NOW = Instant.parse("2026-03-27T15:00:00Z");

  /** Of a cluster that is not there. */
  public static final EventReader NO_EVENTS =
      new EventReader(
          Map.of("bootstrap.servers", "127.0.0.1:1"), "redrive-events", Duration.ofMillis(50));

  static final List<ApiKey> KEYS =
      List.of(
          key("ada", ADMIN, Role.ADMIN, Set.of()),
          key("olga", OPERATOR, Role.OPERATOR, Set.of()),
          key("vic", VIEWER, Role.VIEWER, Set.of()),
          key("al", ONLY_A, Role.OPERATOR, Set.of("a")));

  public final MemoryLedger ledger = new MemoryLedger();

  /** What artifacts take for the time. */
  public volatile Instant artifactsNow = NOW;

  public final RunLog runLog = RunLog.listen();
  private final Path directory = Files.createTempDirectory("redrive-api");
  private final Diagnostics diagnostics;
  public final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  volatile Probes.Readiness readiness = new Probes.Readiness(true, "running");
  volatile boolean alive = true;
  volatile Callable<Void> beforeReadiness = () -> null;
  public final List<Audited> views = new CopyOnWriteArrayList<>();
  final HttpServer server;
  final Contract contract = new Contract();

  /** An answer; the JSON is null where it is another type. */
  public record Reply(int status, Map<String, List<String>> headers, String text, JsonNode json) {
    public String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of("")).get(0);
    }

    public String code() {
      return json.at("/error/code").asText();
    }

    public String field() {
      return json.at("/error/details/0/field").asText();
    }
  }

  public static Api start() throws IOException {
    return start(SettingsLoader.of(Map.of()));
  }

  /** A server with these masks and this schema registry. */
  public static Api start(Settings settings) throws IOException {
    return new Api(new HttpOptions("127.0.0.1", 0, 1_024, true, KEYS), settings);
  }

  Api(HttpOptions options) throws IOException {
    this(options, SettingsLoader.of(Map.of()));
  }

  private Api(HttpOptions options, Settings settings) throws IOException {
    Masks masks = Masks.of(settings);
    ledger.masked = masks;
    Desk desk =
        new Desk(
            new LetterReader(ledger, Duration.ofMillis(50)),
            new StatisticsReader(ledger, Duration.ofMillis(50)),
            new LetterExports(
                ledger, Duration.ofMillis(50), Duration.ofMinutes(1), Clock.systemUTC()),
            new RunReader(ledger, Duration.ofMillis(50)),
            new GroupReader(ledger, Duration.ofMillis(50)),
            NO_EVENTS,
            Duration.ofHours(24),
            ledger,
            new Previews(masks, new SchemaRegistry(settings.registry(), Clock.systemUTC())),
            id -> "name of " + id,
            DialectRules.of(
                Map.of("orders-dlt", "orders"), Map.of("lambda-dlq", "aws-lambda"), false),
            BulkPolicy.of(settings.runs().bulkActions(), "redrive", List.of("hash")),
            Clock.fixed(NOW, ZoneOffset.UTC));
    Families families = new Families(desk, Set.of("declared"), id -> "retry of " + id);
    diagnostics =
        Diagnostics.start(
            Artifacts.open(
                directory,
                new Artifacts.Limits(
                    settings.diagnostics().keep(),
                    settings.diagnostics().maxSize().bytes(),
                    settings.diagnostics().maxTotal().bytes()),
                () -> artifactsNow),
            runLog,
            new RunSources(desk.runs(), desk.letters(), desk.groups(), masks, Desk.words(masks)),
            null,
            "local",
            () -> artifactsNow);
    List<Route> routes = new ArrayList<>(families.routes());
    routes.addAll(
        new DiagnosticsPages(diagnostics, desk.runs(), settings.diagnostics().heapDumps())
            .routes());
    server =
        HttpServer.start(
            options.audited(views::add), routes, new Probes(() -> alive, this::readiness, metrics));
  }

  public int port() {
    return server.port();
  }

  public Reply get(String path) {
    return call("GET", path, ADMIN, null);
  }

  public Reply post(String path, String body) {
    return call("POST", path, ADMIN, body, "Content-Type", "application/json");
  }

  public Reply delete(String path) {
    return call("DELETE", path, ADMIN, null);
  }

  /** With this key, null for none, and these headers beside it. */
  public Reply call(String method, String path, String key, String body, String... headers) {
    return new Calls(server.port(), contract).call(method, path, key, body, headers);
  }

  /** What a well-behaved client can't send; the answer as it comes, head and body. */
  public String raw(String requestLine, String... headers) throws IOException {
    String head = requestLine + "\r\nConnection: close\r\n" + String.join("\r\n", headers);
    return spoken(head + "\r\n\r\n");
  }

  /** All that is answered to these bytes until the server ends the connection. */
  public String spoken(String requests) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(requests.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    server.close();
    diagnostics.close();
    runLog.close();
    if (Files.notExists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Probes.Readiness readiness() {
    try {
      beforeReadiness.call();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return readiness;
  }

  private static ApiKey key(String name, String key, Role role, Set<String> pipelines) {
    return new ApiKey(name, KeyHash.of(key), role, role == Role.ADMIN, pipelines);
  }
}
