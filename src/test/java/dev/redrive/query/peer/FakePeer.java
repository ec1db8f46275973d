// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.redrive.codec.UnreadableBytesException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Another instance, as good or bad as a test wants it, behind a real socket. */
final class FakePeer implements AutoCloseable {
  static final String SECRET = "the secret of the test";

  final AtomicInteger asked = new AtomicInteger();
  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Behaviour behaviour;

  /** What it does with a request. */
  interface Behaviour {
    void answer(FakePeer self, HttpExchange exchange) throws IOException, InterruptedException;
  }

  FakePeer(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext(
        "/internal/",
        exchange -> {
          asked.incrementAndGet();
          try {
            this.behaviour.answer(this, exchange);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            exchange.close();
          }
        });
    http.start();
  }

  /** A good one. */
  static Behaviour serving(PeerService service) {
    return (self, exchange) -> {
      if (!("Bearer " + SECRET).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        send(exchange, 401, new byte[0]);
        return;
      }
      try {
        send(exchange, 200, service.answer(exchange.getRequestBody().readAllBytes()));
      } catch (UnreadableBytesException e) {
        send(exchange, 400, String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
      }
    };
  }

  /** One that takes the request and says nothing. */
  static Behaviour hanging() {
    return (self, exchange) -> self.closing.await();
  }

  /** One that begins to answer at once and goes on a byte at a time. */
  static Behaviour dripping() {
    return (self, exchange) -> {
      exchange.sendResponseHeaders(200, 1_000_000);
      OutputStream out = exchange.getResponseBody();
      while (!self.closing.await(20, TimeUnit.MILLISECONDS)) {
        out.write(' ');
        out.flush();
      }
    };
  }

  /** One that sends a part of a file and then nothing. */
  static Behaviour stalling() {
    return (self, exchange) -> {
      exchange.sendResponseHeaders(200, 1_000_000);
      exchange.getResponseBody().write(new byte[1_000]);
      exchange.getResponseBody().flush();
      self.closing.await();
    };
  }

  /** One that answers with this, whatever was asked. */
  static Behaviour saying(int status, String body) {
    return (self, exchange) -> send(exchange, status, body.getBytes(StandardCharsets.UTF_8));
  }

  /** One that never stops. */
  static Behaviour endless() {
    return (self, exchange) -> {
      exchange.sendResponseHeaders(200, 0);
      byte[] much = new byte[1024 * 1024];
      while (self.closing.getCount() > 0) {
        exchange.getResponseBody().write(much);
      }
    };
  }

  void behaves(Behaviour other) {
    behaviour = other;
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  @Override
  public void close() {
    closing.countDown();
    http.stop(0);
    threads.shutdownNow();
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }
}
