// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.filter.LetterFilter;
import dev.redrive.http.Api.Reply;
import dev.redrive.letter.LetterId;
import dev.redrive.query.Cursor;
import java.io.IOException;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthTest {
  private Api api;
  private LetterId a;
  private LetterId b;

  @BeforeAll
  void start() throws IOException {
    api = Api.start();
    a = api.ledger.fail("a", "1", 1_000, "x", "{}");
    b = api.ledger.fail("b", "1", 2_000, "y", "{}");
  }

  @AfterAll
  void stop() {
    api.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/dlq, 200, 200, 200",
    "GET, /api/dlq/stats, 200, 200, 200",
    "GET, /api/dlq/{id}, 200, 200, 200",
    "POST, /api/dlq/{id}/reprocess, 403, 202, 202",
    "DELETE, /api/dlq/{id}, 403, 200, 200"
  })
  void eachRoleMayDoWhatItSays(String method, String path, int viewer, int operator, int admin) {
    assertThat(status(method, path, Api.VIEWER)).isEqualTo(viewer);
    assertThat(status(method, path, Api.OPERATOR)).isEqualTo(operator);
    assertThat(status(method, path, Api.ADMIN)).isEqualTo(admin);
    assertThat(status(method, path, "wrong")).isEqualTo(401);
    assertThat(status(method, path, null)).isEqualTo(401);
  }

  private int status(String method, String path, String key) {
    LetterId fresh = api.ledger.fail("m", method + path + key, 3_000, "z", "{}");
    int status = api.call(method, path.replace("{id}", fresh.toString()), key, null).status();
    api.ledger.remove(fresh);
    return status;
  }

  @Test
  void aKeyMayComeInThreeWays() {
    assertThat(api.call("GET", "/api/dlq", null, null, "x-api-key", Api.VIEWER).status())
        .isEqualTo(200);
    assertThat(api.call("GET", "/api/dlq", null, null, "Authorization", "bearer " + Api.VIEWER))
        .extracting(Reply::status)
        .isEqualTo(200);
    assertThat(api.call("GET", "/api/dlq?qstash_token=" + Api.VIEWER, null, null).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic YWRtaW4ta2V5", "Bearer", "Bearer ", "admin-key", "Bearer  x y"})
  void anythingElseIsNoKey(String authorization) {
    Reply reply = api.call("GET", "/api/dlq", null, null, "Authorization", authorization);
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.code()).isEqualTo("unauthorized");
    assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer");
  }

  @Test
  void aWrongKeyIsNotRepeated() {
    Reply reply = api.call("GET", "/api/dlq?qstash_token=secret-guess", null, null);
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.text()).doesNotContain("secret-guess");
    assertThat(api.call("GET", "/api/dlq?qstash_token=" + Api.ADMIN + "&x=1", null, null).text())
        .doesNotContain(Api.ADMIN);
  }

  @Test
  void whatDoesNotExistIsNotToldWithoutAKey() {
    assertThat(api.call("GET", "/nothing", null, null).status()).isEqualTo(401);
    assertThat(api.call("GET", "/api/dlq/", null, null).status()).isEqualTo(401);
    assertThat(api.get("/nothing").status()).isEqualTo(404);
  }

  @Test
  void aKeyForOnePipelineLearnsNothingOfOthers() {
    Reply list = api.call("GET", "/api/dlq", Api.ONLY_A, null);
    assertThat(list.json().at("/data")).hasSize(1);
    assertThat(list.json().at("/data/0/pipeline_id").asText()).isEqualTo("a");
    Reply stats = api.call("GET", "/api/dlq/stats", Api.ONLY_A, null);
    assertThat(stats.json().at("/data/total_entries").asInt()).isEqualTo(1);
    assertThat(stats.text()).doesNotContain("\"y\"").doesNotContain("\"b\"");

    LetterId none = LetterId.of("b", "unknown");
    for (LetterId hidden : List.of(b, none)) {
      assertThat(api.call("GET", "/api/dlq/" + hidden, Api.ONLY_A, null).status()).isEqualTo(404);
      assertThat(api.call("DELETE", "/api/dlq/" + hidden, Api.ONLY_A, null).status())
          .isEqualTo(404);
      Reply reprocess = api.call("POST", "/api/dlq/" + hidden + "/reprocess", Api.ONLY_A, null);
      assertThat(reprocess.status()).isEqualTo(404);
      assertThat(reprocess.text()).contains("there is no letter " + hidden);
    }
    assertThat(api.get("/api/dlq/" + b).status()).isEqualTo(200);
    assertThat(api.call("GET", "/api/dlq/" + a, Api.ONLY_A, null).status()).isEqualTo(200);
    assertThat(api.call("GET", "/api/dlq?pipeline_id=a", Api.ONLY_A, null).status()).isEqualTo(200);
    for (String other : List.of("b", "unknown")) {
      assertThat(api.call("GET", "/api/dlq?pipeline_id=" + other, Api.ONLY_A, null).status())
          .isEqualTo(403);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/health/live",
        "/health/ready",
        "/metrics",
        "/openapi.yaml",
        "/docs",
        "/docs/start.js",
        "/"
      })
  void serviceRoutesAreOpenUntilClosed(String path) throws IOException {
    assertThat(api.call("GET", path, null, null).status()).isEqualTo(200);
    try (Api closed = new Api(new HttpOptions("127.0.0.1", 0, 10, false, Api.KEYS))) {
      assertThat(closed.call("GET", path, null, null).status()).isEqualTo(401);
      assertThat(closed.call("GET", path, Api.VIEWER, null).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/dlq", "/v2/workflows/dlq", "/v2/pipelines/a/dead_letters"})
  void whereAListGoesOnTellsALimitedKeyNothing(String path) throws IOException {
    try (Api one = Api.start()) {
      one.ledger.fail("a", "1", 1_000, "x", "{}");
      one.ledger.fail("b", "1", 2_000, "y", "{}");
      one.ledger.fail("a", "2", 3_000, "x", "{}");
      boolean pipelines = path.startsWith("/v2/pipelines");
      String size = path.equals("/v2/workflows/dlq") ? "?count=1" : "?limit=1";
      String name = pipelines ? "page_key" : "cursor";
      Set<String> seen = new HashSet<>();
      String next = "";
      do {
        Reply page = one.call("GET", path + size + next, Api.ONLY_A, null);
        assertThat(page.status()).as(page.text()).isEqualTo(200);
        for (String list : List.of("data", "messages", "dead_letters")) {
          page.json().path(list).forEach(letter -> seen.add(letter.toString()));
        }
        String cursor = page.json().findPath(name).asText("");
        next = cursor.isEmpty() || cursor.equals("null") ? "" : "&" + name + "=" + cursor;
        if (!next.isEmpty()) {
          assertThat(Cursor.read(cursor, LetterFilter.ALL)).isEmpty();
          assertThat(Base64.getUrlDecoder().decode(cursor)).hasSize(70);
          assertThat(one.call("GET", path + size + next, Api.OPERATOR, null).status())
              .as("it is this key's alone")
              .isEqualTo(400);
        }
      } while (!next.isEmpty());
      assertThat(seen).hasSize(2);
    }
  }

  @Test
  void metricsThatAreClosedAreForKeysThatSeeAllPipelines() throws IOException {
    try (Api closed = new Api(new HttpOptions("127.0.0.1", 0, 10, false, Api.KEYS))) {
      assertThat(closed.call("GET", "/metrics", Api.VIEWER, null).status()).isEqualTo(200);
      assertThat(closed.call("GET", "/metrics", Api.ONLY_A, null).status()).isEqualTo(403);
    }
  }

  @Test
  void withoutKeysOnlyThisMachineIsServed() throws IOException {
    HttpOptions open = new HttpOptions("127.0.0.1", 0, 10, true, List.of());
    try (Api keyless = new Api(open)) {
      assertThat(keyless.call("GET", "/api/dlq", null, null).status()).isEqualTo(200);
      assertThat(keyless.raw("GET /api/dlq HTTP/1.1", "Host: localhost:80")).contains(" 200 ");
      assertThat(keyless.raw("GET /api/dlq HTTP/1.1", "Host: evil.example")).contains(" 403 ");
      assertThat(
              keyless.raw(
                  "DELETE /api/dlq/" + a + " HTTP/1.1",
                  "Host: 127.0.0.1",
                  "Origin: https://evil.example"))
          .contains(" 403 ");
    }
    assertThatThrownBy(() -> new Api(new HttpOptions("0.0.0.0", 0, 10, true, List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("auth.keys");
  }
}
