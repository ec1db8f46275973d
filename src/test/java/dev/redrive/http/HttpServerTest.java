// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.http.Api.Reply;
import dev.redrive.query.PartitionAnswer;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpServerTest {
  private Api api;

  @BeforeEach
  void start() throws IOException {
    api = Api.start();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void routesAndDescribedOperationsAreTheSame() {
    assertThat(
            api.server.routes().stream()
                .map(route -> route.method().name() + " " + route.path())
                .collect(Collectors.toSet()))
        .isEqualTo(api.contract.operations());
  }

  /** The limit stands before every route, and its answer must fit the description too. */
  @Test
  void everyOperationSaysThatItMayBeLimited() {
    assertThat(api.contract.operations())
        .isNotEmpty()
        .allMatch(operation -> api.contract.declares(operation, 429));
  }

  @Test
  void servesItsDescriptionAndAFirstPage() {
    assertThat(api.get("/openapi.yaml").text()).startsWith("openapi: 3.1.0");
    Reply page = api.get("/");
    assertThat(page.text()).contains("Redrive").contains("curl");
    assertThat(page.text()).doesNotContain("src=").doesNotContain("https://");
  }

  @Test
  void showsItsDescriptionAsAPageThatLoadsNothingFromElsewhere() {
    Reply page = api.call("GET", "/docs", null, null);
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.text()).doesNotContain("://").doesNotContain("<script>");
    List<String> loads =
        Pattern.compile("(?:src|href)=\"([^\"]+)\"")
            .matcher(page.text())
            .results()
            .map(found -> found.group(1))
            .filter(address -> !address.startsWith("data:"))
            .toList();
    assertThat(loads).hasSize(4);
    for (String address : loads) {
      Reply loaded = api.call("GET", "/" + address, null, null);
      assertThat(loaded.status()).as(address).isEqualTo(200);
      assertThat(loaded.text()).as(address).isNotEmpty();
    }
    assertThat(api.call("GET", "/docs/start.js", null, null).text()).contains("openapi.yaml");
    for (String none : List.of("/docs/none.js", "/docs/swagger-ui.js", "/docs/..%2fopenapi.yaml")) {
      assertThat(api.call("GET", none, Api.ADMIN, null).status()).as(none).isIn(400, 404);
    }
  }

  @Test
  void saysWhereAStandbyAnsweredAndHowFarItWasBehind() {
    assertThat(api.get("/api/dlq").header(Staleness.HEADER)).isEmpty();
    api.ledger.standby(0, 12);
    api.ledger.standby(2, PartitionAnswer.UNKNOWN);

    assertThat(api.get("/api/dlq").header(Staleness.HEADER)).isEqualTo("0=12, 2=unknown");
    assertThat(api.get("/v2/workflows/dlq").header(Staleness.HEADER)).isNotEmpty();
    assertThat(api.get("/health/live").header(Staleness.HEADER)).isEmpty();
    api.ledger.up(0);
    api.ledger.up(2);
    assertThat(api.get("/api/dlq").header(Staleness.HEADER)).isEmpty();
  }

  @Test
  void aBodyThatNobodyReadIsNotInTheWayOfTheNextRequest() throws IOException {
    String unread = "GET /openapi.yaml HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
    String refused = "POST /api/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
    String last = "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    String answers = api.spoken(unread + refused + unread + last);

    assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(4);
    assertThat(answers.split("HTTP/1.1 401 Unauthorized", -1)).hasSize(2);
    assertThat(answers.split("openapi: 3.1.0", -1)).hasSize(3);
    assertThat(api.post("/api/dlq/bulk", "x".repeat(2_000)).header("Connection")).isEmpty();
    assertThat(api.get("/api/dlq").header("Connection")).isEmpty();
  }

  @Test
  void whoSendsABodyThatIsTooLargeGetsTheWholeAnswer() {
    String large = "x".repeat(3_000_000);
    assertThat(api.call("GET", "/api/dlq", Api.ADMIN, large).status()).isEqualTo(200);
    assertThat(api.call("POST", "/api/runs", null, large).status()).isEqualTo(401);
    assertThat(api.post("/api/dlq/bulk", large).status()).isEqualTo(413);
    assertThat(api.get("/api/dlq").status()).isEqualTo(200);
  }

  @Test
  void aBodyThatIsTooLargeToBeReadForNothingEndsTheConnectionAndSaysSo() throws IOException {
    for (String key : List.of("none", Api.ADMIN)) {
      String answer =
          api.spoken(
              "POST /api/runs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                  + key
                  + "\r\nContent-Length: 900000000\r\n\r\n{");
      assertThat(answer).startsWith("HTTP/1.1 4").contains("Connection: close");
    }
  }

  @Test
  void aBodyThatDoesNotComeHoldsNoThreadOfARefusedRequest() throws IOException {
    long asked = System.nanoTime();
    String answer = api.spoken("POST /api/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{");
    assertThat(answer).startsWith("HTTP/1.1 401 ").contains("Connection: close");
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void anAmpersandTooManyIsNoParameter() {
    assertThat(api.get("/api/dlq?limit=5&").status()).isEqualTo(200);
    assertThat(api.get("/api/dlq?&limit=5&&").status()).isEqualTo(200);
    assertThat(api.get("/api/dlq?=x").field()).isEqualTo("query");
  }

  @Test
  void aTakenPortIsSaid() {
    assertThatThrownBy(
            () -> new Api(new HttpOptions("127.0.0.1", api.server.port(), 10, true, Api.KEYS)))
        .isInstanceOf(BindException.class)
        .hasMessageContaining(Integer.toString(api.server.port()));
  }

  @Test
  void readyOnlyWhenItsPartitionsCanBeRead() {
    assertThat(api.get("/health/ready").json().at("/status").asText()).isEqualTo("ok");
    api.readiness = new Probes.Readiness(false, "restoring 3 of 8 partitions");
    Reply reply = api.get("/health/ready");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.json().at("/reason").asText()).isEqualTo("restoring 3 of 8 partitions");
    assertThat(api.get("/health/live").status()).isEqualTo(200);
    api.alive = false;
    assertThat(api.get("/health/live").status()).isEqualTo(503);
  }

  @Test
  void metricsComeInTheFormatAskedFor() {
    api.get("/api/dlq/dlq_00000000000000000000000000");
    api.get("/nowhere/" + System.nanoTime());
    Reply text = api.get("/metrics");
    assertThat(text.header("content-type")).startsWith("text/plain; version=0.0.4");
    assertThat(text.text())
        .contains(
            "redrive_http_requests_seconds_count{method=\"GET\",route=\"/api/dlq/{id}\",status=\"404\"}"
                + " 1")
        .contains("route=\"none\"")
        .doesNotContain("nowhere")
        .doesNotContain("dlq_0000");
    Reply open =
        api.call("GET", "/metrics", null, null, "Accept", "application/openmetrics-text;q=0.9");
    assertThat(open.header("content-type")).startsWith("application/openmetrics-text");
    assertThat(open.text()).endsWith("# EOF\n");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /api/dlq, 'GET, HEAD'",
    "POST, /api/dlq/stats, 'GET, HEAD'",
    "DELETE, /api/dlq/stats, 'GET, HEAD'",
    "PATCH, /api/dlq/dlq_00000000000000000000000000, 'GET, HEAD, DELETE'",
    "GET, /api/dlq/dlq_00000000000000000000000000/reprocess, POST",
    "POST, /health/live, 'GET, HEAD'"
  })
  void aWrongMethodSaysWhichAreRight(String method, String path, String allowed) {
    Reply reply = api.call(method, path, Api.ADMIN, null);
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.code()).isEqualTo("method_not_allowed");
    assertThat(reply.header("Allow").split(", *")).containsExactlyInAnyOrder(allowed.split(", "));
  }

  @ParameterizedTest
  @CsvSource({"GET, DELETE", "POST, DELETE", "DELETE, GET", "GET, GET", "GET, BREW", "GET, ''"})
  void noHeaderMakesAnotherMethodOfIt(String method, String header) {
    String path = "/v2/dlq/dlq_00000000000000000000000000";
    Reply reply = api.call(method, path, Api.ADMIN, null, "X-HTTP-Method-Override", header);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().path("error").asText()).contains("X-HTTP-Method-Override");
  }

  @ParameterizedTest
  @CsvSource({"GET, /api/diagnostics/none/of/these", "GET, /api/dlq/none/of/these"})
  void whatThisVersionLacksIsNotFound(String method, String path) {
    Reply reply = api.call(method, path, Api.ADMIN, null);
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.code()).isEqualTo("not_found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/dlq/a%2Fb HTTP/1.1",
        "GET /api/dlq/%2e%2e/x HTTP/1.1",
        "GET /api/dlq/%zz HTTP/1.1",
        "GET /api/dlq?since=%zz HTTP/1.1",
        "GET /api/dlq/%c0%80 HTTP/1.1",
        "GET /api/dlq;x=1 HTTP/1.1",
        "GARBAGE"
      })
  void malformedRequestsAreRefusedInTheSameShape(String requestLine) throws IOException {
    String answer = api.raw(requestLine, "Host: localhost", "Authorization: Bearer " + Api.ADMIN);
    assertThat(answer).containsPattern("^HTTP/1.1 (400|404) ").doesNotContainIgnoringCase("jetty");
    String body = answer.substring(answer.indexOf("\r\n\r\n"));
    assertThat(body).contains("{\"error\":{\"code\":");
  }

  @Test
  void headersTooLargeAreRefusedInTheSameShape() throws IOException {
    String answer =
        api.raw("GET /api/dlq HTTP/1.1", "Host: localhost", "X-Long: " + "x".repeat(20_000));
    assertThat(answer).startsWith("HTTP/1.1 431 ").contains("{\"error\":{\"code\":");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/health/ready",
        "/openapi.yaml",
        "/docs",
        "/api/dlq",
        "/api/dlq?limit=0",
        "/api/dlq/dlq_00000000000000000000000000",
        "/v2/pipelines/nobodys/dead_letters",
        "/v2/workflows/dlq",
        "/nowhere"
      })
  void headIsAnsweredAsGetWithoutTheBody(String path) {
    api.ledger.fail("a", "1", 1_000, "x", "{}");
    Reply get = api.call("GET", path, Api.VIEWER, null);
    api.views.clear();
    Reply head = api.call("HEAD", path, Api.VIEWER, null);
    assertThat(head.status()).isEqualTo(get.status());
    assertThat(head.text()).isEmpty();
    assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
    assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));
    assertThat(api.views).as("who saw payloads").isEmpty();
    assertThat(api.call("HEAD", "/api/dlq", null, null).status()).isEqualTo(401);
  }

  @Test
  void closeLetsRequestsUnderWayEnd() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    api.beforeReadiness =
        () -> {
          entered.countDown();
          assertThat(leave.await(30, TimeUnit.SECONDS)).isTrue();
          return null;
        };
    CompletableFuture<Reply> slow = CompletableFuture.supplyAsync(() -> api.get("/health/ready"));
    assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(api::close);
    CompletableFuture<Void> left =
        CompletableFuture.runAsync(
            leave::countDown, CompletableFuture.delayedExecutor(1_500, TimeUnit.MILLISECONDS));
    assertThat(slow.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
    assertThat(left).isCompleted();
    assertThat(closed).succeedsWithin(Duration.ofSeconds(30));
  }
}
