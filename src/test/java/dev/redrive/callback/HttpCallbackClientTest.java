// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.callback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.redrive.config.AllowedHost;
import dev.redrive.config.Network;
import dev.redrive.letter.CallbackReply;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.HttpDelivery;
import dev.redrive.letter.HttpDelivery.Response;
import dev.redrive.letter.Letter;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.Transitions;
import dev.redrive.query.MemoryLedger;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls over real connections. */
@Timeout(120)
class HttpCallbackClientTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> looked = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;
  private CallbackClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
    server.setExecutor(threads);
    server.start();
    client = client(PATIENCE, 2, host -> List.of(HERE));
  }

  @AfterEach
  void stop() throws Exception {
    over.countDown();
    client.close();
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void theReceiverGetsTheVendorsFields() throws Exception {
    CompletableFuture<JsonNode> body = new CompletableFuture<>();
    CompletableFuture<Map<String, List<String>>> headers = new CompletableFuture<>();
    serve(
        "/hook",
        exchange -> {
          headers.complete(exchange.getRequestHeaders());
          body.complete(JSON.readTree(exchange.getRequestBody().readAllBytes()));
          answer(exchange, 201, "thanks");
        });

    CallbackReply reply = call("/hook");

    assertThat(reply.worked()).as("%s", reply).isTrue();
    assertThat(reply.response().status()).isEqualTo(201);
    assertThat(reply.response().body().text()).isEqualTo("thanks");
    assertThat(reply.response().header()).containsEntry("X-answer", List.of("yes"));
    JsonNode json = body.get();
    assertThat(json.at("/status").asInt()).isEqualTo(502);
    assertThat(json.at("/body").asText()).isEqualTo("YnVzeQ==");
    assertThat(json.at("/header/Via/1").asText()).isEqualTo("b");
    assertThat(json.at("/sourceBody").asText()).isEqualTo("e30=");
    assertThat(json.at("/sourceHeader/Upstash-Retries/0").asText()).isEqualTo("3");
    assertThat(json.at("/url").asText()).isEqualTo("https://a.example/w/step");
    assertThat(json.at("/method").asText()).isEqualTo("PUT");
    assertThat(json.at("/sourceMessageId").asText()).isEqualTo("msg_1");
    assertThat(json.at("/dlqId").asText()).startsWith("dlq_");
    assertThat(json.at("/maxRetries").asInt()).isEqualTo(5);
    assertThat(json.at("/retried").asInt()).isEqualTo(3);
    assertThat(json.at("/createdAt").asLong()).isEqualTo(7);
    assertThat(headers.get().get("Host").get(0)).isEqualTo("hooks.test:" + port());
    assertThat(headers.get().get("X-secret")).containsExactly("s3");
    assertThat(headers.get().get("Content-type")).containsExactly("application/json");
    assertThat(headers.get().get("Redrive-callback-id")).containsExactly("the-id");
    assertThat(headers.get().get("Redrive-letter-id").get(0)).isEqualTo(json.at("/dlqId").asText());
    assertThat(headers.get().get("Evil")).isNull();
    assertThat(headers.get().get("Content-length")).hasSize(1);
    assertThat(looked).containsExactly("hooks.test");
  }

  @Test
  void anErrorIsAnAnswerAndTheVendorsFinalOneIsHopeless() throws Exception {
    serve("/500", exchange -> answer(exchange, 500, "broken"));
    serve("/489", exchange -> answer(exchange, 489, "never"));

    assertThat(call("/500").worked()).isFalse();
    assertThat(call("/500").hopeless()).isFalse();
    assertThat(call("/500").response().body().text()).isEqualTo("broken");
    assertThat(call("/489").hopeless()).isTrue();
  }

  @Test
  void ofAHugeBodyOnlyTheStartIsRead() throws Exception {
    AtomicInteger written = new AtomicInteger();
    serve(
        "/huge",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] part = "0123456789abcdef".repeat(4_096).getBytes(UTF_8);
          try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; i < 4_000; i++) {
              out.write(part);
              written.incrementAndGet();
            }
          }
        });

    CallbackReply reply = call("/huge");

    assertThat(reply.worked()).isTrue();
    assertThat(reply.response().body().size()).isEqualTo(CallbackReply.MAX_BODY);
    assertThat(written.get()).as("parts of 64 KiB").isLessThan(1_000);
  }

  @Test
  void neitherSilenceNorATrickleOutlastsTheTimeOut() throws Exception {
    serve("/silent", exchange -> awaitOver());
    serve(
        "/trickle",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          while (over.getCount() > 0) {
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            pause();
          }
        });
    CallbackClient hasty = client(Duration.ofMillis(700), 2, host -> List.of(HERE));
    try {
      CallbackReply silent = call(hasty, url("/silent"));
      CallbackReply trickle = call(hasty, url("/trickle"));

      assertThat(silent.response().status()).isNull();
      assertThat(silent.response().body().text()).contains("within 700 ms");
      assertThat(silent.hopeless()).isFalse();
      assertThat(trickle.response().body().text()).contains("within 700 ms");
    } finally {
      hasty.close();
    }
  }

  @Test
  void aRedirectThatKeepsTheMethodIsFollowedButSecretsStay() throws Exception {
    CompletableFuture<Map<String, List<String>>> same = new CompletableFuture<>();
    CompletableFuture<Map<String, List<String>>> other = new CompletableFuture<>();
    serve("/moved", exchange -> redirect(exchange, 307, "/here"));
    serve("/away", exchange -> redirect(exchange, 308, "http://other.test:" + port() + "/there"));
    serve(
        "/here",
        exchange -> {
          same.complete(exchange.getRequestHeaders());
          answer(exchange, 200, exchange.getRequestMethod());
        });
    serve(
        "/there",
        exchange -> {
          other.complete(exchange.getRequestHeaders());
          answer(exchange, 200, exchange.getRequestMethod());
        });

    assertThat(call("/moved").response().body().text()).isEqualTo("POST");
    assertThat(call("/away").response().body().text()).isEqualTo("POST");
    assertThat(same.get().get("X-secret")).containsExactly("s3");
    assertThat(other.get().get("X-secret")).isNull();
  }

  @Test
  void redirectsGoNowhereThatIsNotAllowedAndNotForEver() throws Exception {
    AtomicInteger loops = new AtomicInteger();
    serve("/outside", exchange -> redirect(exchange, 307, "http://evil.example:" + port() + "/x"));
    serve("/inside", exchange -> redirect(exchange, 307, "http://inside.test:" + port() + "/x"));
    serve("/file", exchange -> redirect(exchange, 307, "file:///etc/passwd"));
    serve("/garbage", exchange -> redirect(exchange, 307, "http://[oops"));
    serve("/get", exchange -> redirect(exchange, 302, "/loop"));
    serve(
        "/loop",
        exchange -> {
          loops.incrementAndGet();
          redirect(exchange, 307, "/loop");
        });
    serve("/x", exchange -> answer(exchange, 200, "stolen"));
    CallbackClient careful =
        client(
            PATIENCE, 2, host -> List.of(host.equals("inside.test") ? address(10, 0, 0, 1) : HERE));
    try {
      CallbackReply outside = call(careful, url("/outside"));
      assertThat(outside.hopeless()).isTrue();
      assertThat(outside.response().body().text()).contains("evil.example", "allowed-hosts");
      CallbackReply inside = call(careful, url("/inside"));
      assertThat(inside.hopeless()).isTrue();
      assertThat(inside.response().body().text()).contains("10.0.0.1 is not a public address");
      assertThat(call(careful, url("/file")).hopeless()).isTrue();
      assertThat(call(careful, url("/garbage")).worked()).isFalse();
      assertThat(call(careful, url("/get")).response().status()).isEqualTo(302);
      assertThat(call(careful, url("/loop")).response().status()).isEqualTo(307);
      assertThat(loops.get()).isEqualTo(4);
    } finally {
      careful.close();
    }
  }

  @Test
  void everyAddressOfANameIsAskedAboutAtEveryCall() throws Exception {
    serve("/hook", exchange -> answer(exchange, 200, "reached"));
    AtomicInteger times = new AtomicInteger();
    CallbackClient rebound =
        client(
            PATIENCE,
            2,
            host ->
                times.incrementAndGet() == 1
                    ? List.of(HERE)
                    : List.of(HERE, address(169, 254, 169, 254)));
    try {
      assertThat(call(rebound, url("/hook")).worked()).isTrue();
      CallbackReply reply = call(rebound, url("/hook"));
      assertThat(reply.hopeless()).isTrue();
      assertThat(reply.response().body().text()).contains("169.254.169.254");
      assertThat(times.get()).isEqualTo(2);
    } finally {
      rebound.close();
    }
  }

  @Test
  void whatCannotBeReachedSaysSo() throws Exception {
    server.stop(0);
    CallbackReply nobody = call("/hook");
    assertThat(nobody.response().status()).isNull();
    assertThat(nobody.hopeless()).isFalse();
    assertThat(nobody.response().body().text()).contains("no answer came");

    CallbackClient unknown =
        client(
            PATIENCE,
            2,
            host -> {
              throw new java.net.UnknownHostException(host);
            });
    try {
      assertThat(call(unknown, url("/hook")).response().body().text()).contains("hooks.test");
    } finally {
      unknown.close();
    }
    assertThat(call(client, "http://hooks.test:" + port() + "/a b").hopeless()).isTrue();
    assertThat(call(client, "http://evil.example/").hopeless()).isTrue();
  }

  @Test
  void thereIsRoomForSoManyOnly() throws Exception {
    CountDownLatch arrived = new CountDownLatch(2);
    serve(
        "/silent",
        exchange -> {
          arrived.countDown();
          awaitOver();
          answer(exchange, 200, "at last");
        });
    List<CompletableFuture<CallbackReply>> replies = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      CompletableFuture<CallbackReply> reply = new CompletableFuture<>();
      assertThat(client.call("id", () -> letter(url("/silent")), reply::complete)).isTrue();
      replies.add(reply);
    }
    assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(client.call("id", () -> letter(url("/silent")), reply -> {})).isFalse();
    over.countDown();
    for (CompletableFuture<CallbackReply> reply : replies) {
      assertThat(reply.get(20, TimeUnit.SECONDS).worked()).isTrue();
    }
    assertThat(call("/silent").worked()).isTrue();
  }

  private CallbackClient client(Duration timeout, int concurrency, HttpCallbackClient.Names names) {
    CallbackGuard guard =
        new CallbackGuard(
            List.of(AllowedHost.parse("*.test:" + server.getAddress().getPort())),
            List.of(Network.parse("127.0.0.0/8")));
    return HttpCallbackClient.start(
        guard,
        host -> {
          looked.add(host);
          return names.addresses(host);
        },
        timeout,
        concurrency);
  }

  private CallbackReply call(String path) throws Exception {
    return call(client, url(path));
  }

  private static CallbackReply call(CallbackClient client, String url) throws Exception {
    CompletableFuture<CallbackReply> reply = new CompletableFuture<>();
    assertThat(client.call("the-id", () -> letter(url), reply::complete)).isTrue();
    return reply.get(60, TimeUnit.SECONDS);
  }

  private String url(String path) {
    return "http://hooks.test:" + port() + path;
  }

  private int port() {
    return server.getAddress().getPort();
  }

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  private void serve(String path, Handler handler) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            handler.handle(exchange);
          }
        });
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().add("X-answer", "yes");
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static void redirect(HttpExchange exchange, int status, String to) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().add("Location", to);
    exchange.sendResponseHeaders(status, -1);
  }

  private void awaitOver() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pause() {
    try {
      over.await(50, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static InetAddress address(int... parts) {
    byte[] bytes = new byte[parts.length];
    for (int i = 0; i < parts.length; i++) {
      bytes[i] = (byte) parts[i];
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static Letter letter(String callback) {
    FailureFacts facts = MemoryLedger.facts("hooks", "1", 1_700_000_000_000L, "502");
    FailureDetail plain = MemoryLedger.detail(RawBytes.utf8("{}"), "502");
    HttpDelivery http =
        new HttpDelivery(
            "msg_1",
            5L,
            "https://a.example/w/step",
            "PUT",
            Map.of("Upstash-Retries", List.of("3")),
            5,
            null,
            6L,
            7L,
            new Response(502, Map.of("Via", List.of("a", "b")), RawBytes.utf8("busy")),
            null,
            null,
            null,
            null,
            Map.of(),
            callback,
            Map.of(
                "X-Secret",
                List.of("s3"),
                "Host",
                List.of("evil.example"),
                "Content-Length",
                List.of("1"),
                "Bad",
                List.of("a\r\nEvil: yes"),
                "Bad name",
                List.of("x")),
            Response.NONE,
            null,
            null,
            null,
            null);
    FailureDetail detail =
        new FailureDetail(
            plain.raw(),
            plain.dialect(),
            plain.conventions(),
            plain.error(),
            plain.source(),
            null,
            http,
            List.of(),
            null);
    return new Letter(facts.letterId(), Transitions.failed(null, facts, 1).head(), detail);
  }
}
