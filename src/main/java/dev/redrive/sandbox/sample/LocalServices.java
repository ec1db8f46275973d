// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The services that the shop depends on, on a free port of 127.0.0.1: a payment gateway and some
 * webhook receivers, and the client to reach them.
 *
 * <p>An outage lasts for {@link #OUTAGE} from when a message is first asked for, so that every try
 * of a slow machine meets it and a later replay does not; and it never concerns a message made
 * before this start, so that it is over after a restart.
 */
final class LocalServices implements AutoCloseable {
  /** Request header, epoch milliseconds. */
  static final String CREATED_AT = "X-Created-At";

  /** Request header. */
  static final String MESSAGE_ID = "X-Message-Id";

  /** Request header. */
  static final String BANK = "X-Bank";

  static final String BANK_WITH_OUTAGE = "north";

  static final Duration OUTAGE = Duration.ofSeconds(4);

  private final long startedAt = System.currentTimeMillis();
  private final Map<String, Long> firstAsked = new ConcurrentHashMap<>();
  private final HttpServer server;
  private final ExecutorService threads;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();

  private LocalServices(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  static LocalServices start() {
    ExecutorService threads =
        Executors.newCachedThreadPool(task -> daemon(task, "sample-services"));
    LocalServices services = new LocalServices(listening(), threads);
    HttpServer server = services.server;
    server.setExecutor(threads);
    server.createContext("/gateway/charge", services::charge);
    server.createContext("/hooks/shop", LocalServices::fine);
    server.createContext("/hooks/crm", LocalServices::alwaysBroken);
    server.createContext("/hooks/ledger", services::inMaintenance);
    server.createContext("/callbacks/told", LocalServices::fine);
    server.createContext("/callbacks/broken", LocalServices::alwaysBroken);
    server.start();
    return services;
  }

  private static HttpServer listening() {
    try {
      InetAddress host = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      return HttpServer.create(new InetSocketAddress(host, 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("No free port on 127.0.0.1", e);
    }
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /**
   * @throws java.net.http.HttpTimeoutException if no answer comes in time
   */
  HttpResponse<String> post(
      String path, Map<String, String> headers, String body, Duration patience) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .timeout(patience)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + path, e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** During its outage it takes the request and says nothing for longer than anybody waits. */
  private void charge(HttpExchange exchange) throws IOException {
    try {
      boolean reached = !BANK_WITH_OUTAGE.equals(exchange.getRequestHeaders().getFirst(BANK));
      if (!reached && inOutage(exchange)) {
        boolean stopped = closed.await(1, TimeUnit.SECONDS);
        answer(exchange, 503, "{\"error\":\"%s\"}".formatted(stopped ? "stopped" : "overloaded"));
      } else {
        answer(exchange, 200, "{\"charged\":true}");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.close();
    }
  }

  private static void fine(HttpExchange exchange) throws IOException {
    answer(exchange, 200, "{\"ok\":true}");
  }

  private static void alwaysBroken(HttpExchange exchange) throws IOException {
    answer(exchange, 500, "{\"error\":\"NullPointerException in ContactController\"}");
  }

  private void inMaintenance(HttpExchange exchange) throws IOException {
    if (inOutage(exchange)) {
      exchange.getResponseHeaders().set("Retry-After", "5");
      answer(exchange, 503, "{\"error\":\"down for maintenance\"}");
    } else {
      answer(exchange, 200, "{\"ok\":true}");
    }
  }

  private boolean inOutage(HttpExchange exchange) {
    long now = System.currentTimeMillis();
    String createdAt = exchange.getRequestHeaders().getFirst(CREATED_AT);
    boolean readable = createdAt != null && createdAt.matches("\\d{1,15}");
    String id = exchange.getRequestHeaders().getFirst(MESSAGE_ID);
    if (!readable || id == null || Long.parseLong(createdAt) < startedAt) {
      return false;
    }
    return now < firstAsked.computeIfAbsent(id, key -> now) + OUTAGE.toMillis();
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      byte[] body = json.getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
