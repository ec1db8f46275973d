// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of failure callbacks, each path as a test wants it; others answer 200. */
public final class Hooks implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Way> ways = new ConcurrentHashMap<>();
  private final Map<String, List<Heard>> heard = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> answered = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  public Hooks() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** What a call brought. */
  public record Heard(String callbackId, JsonNode body) {}

  /** How a path answers. */
  public interface Way {
    void take(Call call) throws IOException;
  }

  /** One call. */
  public final class Call {
    private final HttpExchange exchange;
    private final String path;
    private final int number;

    private Call(HttpExchange exchange, String path, int number) {
      this.exchange = exchange;
      this.path = path;
      this.number = number;
    }

    /** Which of its path's, from 1. */
    public int number() {
      return number;
    }

    public void answer(int status, String body) throws IOException {
      byte[] bytes = body.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }

    /** Answers when the test says so. */
    public void answerLater(int status, String body) throws IOException {
      pass(gate(path));
      answer(status, body);
    }

    public void redirect(String to) throws IOException {
      exchange.getResponseHeaders().add("Location", to);
      exchange.sendResponseHeaders(307, -1);
    }

    /** Says nothing as long as the server lives. */
    public void hang() {
      pass(closed);
    }

    /** Answers without end, or for a GiB. */
    public void pour() throws IOException {
      exchange.sendResponseHeaders(200, 0);
      byte[] part = "x".repeat(1 << 16).getBytes(UTF_8);
      for (int i = 0; i < 1 << 14; i++) {
        exchange.getResponseBody().write(part);
      }
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public void on(String path, Way way) {
    ways.put(path, way);
  }

  /** Lets those go that wait at this path. */
  public void answerNow(String path) {
    gate(path).countDown();
  }

  public List<Heard> heard(String path) {
    return heard.getOrDefault(path, List.of());
  }

  public void await(String path, int calls) {
    org.awaitility.Awaitility.await().atMost(PATIENCE).until(() -> heard(path).size() >= calls);
  }

  public void awaitAnswered(String path, int calls) {
    org.awaitility.Awaitility.await().atMost(PATIENCE).until(() -> counter(path).get() >= calls);
  }

  private void handle(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    try (exchange) {
      List<Heard> calls = heard.computeIfAbsent(path, any -> new CopyOnWriteArrayList<>());
      JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
      int number;
      synchronized (calls) {
        calls.add(new Heard(exchange.getRequestHeaders().getFirst("Redrive-Callback-Id"), body));
        number = calls.size();
      }
      Way way = ways.getOrDefault(path, call -> call.answer(200, "told"));
      way.take(new Call(exchange, path, number));
    } catch (IOException e) {
      // Whoever called did not wait for the end: that is what some tests are about.
    } finally {
      counter(path).incrementAndGet();
    }
  }

  private CountDownLatch gate(String path) {
    return gates.computeIfAbsent(path, any -> new CountDownLatch(1));
  }

  private AtomicInteger counter(String path) {
    return answered.computeIfAbsent(path, any -> new AtomicInteger());
  }

  private static void pass(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    gates.values().forEach(CountDownLatch::countDown);
    server.stop(0);
    threads.shutdownNow();
  }
}
