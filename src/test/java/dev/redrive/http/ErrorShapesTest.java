// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.http.Api.Reply;
import dev.redrive.letter.LetterId;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every error of every family has its family's form. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ErrorShapesTest {
  private static final String UNKNOWN = LetterId.of("a", "unknown").toString();

  private Api api;
  private String letter;
  private String retrying;

  @BeforeAll
  void start() throws IOException {
    api = Api.start();
    letter = api.ledger.fail("a", "1", 1_000, "x", "{}").toString();
    retrying = api.ledger.fail("a", "2", 1_000, "x", "{}").toString();
    assertThat(api.post("/api/dlq/" + retrying + "/reprocess", "{}").status()).isEqualTo(202);
  }

  @AfterAll
  void stop() {
    api.close();
  }

  /** The families' requests that lead to each error. */
  enum Of {
    DESK("/api/dlq", "/api/dlq/", "POST /api/runs"),
    PIPELINES("/v2/pipelines/a/dead_letters", "/v2/pipelines/a/dead_letters/", "POST "),
    WORKFLOWS("/v2/workflows/dlq", "/v2/workflows/dlq/", "DELETE "),
    MESSAGES("/v2/dlq", "/v2/dlq/", "DELETE ");

    private final String list;
    private final String one;
    private final String withBody;

    Of(String list, String one, String withBody) {
      this.list = list;
      this.one = one;
      this.withBody = withBody.endsWith(" ") ? withBody + list : withBody;
    }
  }

  @ParameterizedTest
  @EnumSource(Of.class)
  void whatTheCallerDidWrong(Of of) {
    expect(of, 400, api.get(of.list + "?nonsense=1"), "invalid_request");
    expect(of, 401, api.call("GET", of.list, null, null), "unauthorized");
    expect(of, 401, api.call("GET", of.list, "wrong", null), "unauthorized");
    expect(of, 403, api.call("DELETE", of.one + letter, Api.VIEWER, null), "forbidden");
    expect(of, 404, api.get(of.one + UNKNOWN), "not_found");
    expect(of, 404, api.get(of.list + "/no/such/path/here"), "not_found");
    Reply method = api.call("PATCH", of.list, Api.ADMIN, null);
    expect(of, 405, method, "method_not_allowed");
    assertThat(method.header("Allow")).contains("GET").doesNotContain("PATCH");
    expect(of, 405, api.call("PUT", of.one + letter, Api.ADMIN, null), "method_not_allowed");
    expect(of, 413, body(of, "{\"x\":\"" + "x".repeat(2_000) + "\"}", Json.TYPE), "body_too_large");
    expect(of, 415, body(of, "x=1", "application/x-www-form-urlencoded"), "unsupported_media_type");
    expect(of, 400, body(of, "{", Json.TYPE), "invalid_request");
  }

  @ParameterizedTest
  @CsvSource({"DESK, 409", "PIPELINES, 409", "WORKFLOWS, 404", "MESSAGES, 404"})
  void whatIsBeingRetriedIsLeftAlone(Of of, int status) {
    Reply reply = api.delete(of.one + retrying);
    expect(of, status, reply, status == 409 ? "retrying" : "not_found");
  }

  @ParameterizedTest
  @EnumSource(Of.class)
  void whoAsksTooOften(Of of) throws IOException {
    try (Api limited = new Api(new HttpOptions("127.0.0.1", 0, 10, true, Api.KEYS).limited(1))) {
      limited.ledger.fail("a", "1", 1_000, "x", "{}");
      Reply reply = limited.get(of.list);
      for (int i = 0; i < 30 && reply.status() == 200; i++) {
        reply = limited.get(of.list);
      }
      expect(of, 429, reply, "rate_limited");
      assertThat(reply.header("Retry-After")).isNotEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Of.class)
  void whatTheServerCanNotDo(Of of) {
    List<Runnable> faults =
        List.of(
            () -> {
              throw new IllegalStateException("secret detail");
            },
            () -> {
              throw new StackOverflowError("secret detail");
            });
    for (Runnable fault : faults) {
      api.ledger.beforeAnswering = fault;
      try {
        Reply reply = api.get(of.list);
        expect(of, 500, reply, "internal");
        assertThat(reply.text()).doesNotContain("secret").doesNotContain("Exception");
      } finally {
        api.ledger.beforeAnswering = () -> {};
      }
    }
    for (int partition = 0; partition < api.ledger.count(); partition++) {
      api.ledger.down(partition, "it moves");
    }
    try {
      Reply reply = api.get(of.list);
      expect(of, 503, reply, "unavailable");
      assertThat(reply.header("Retry-After")).isNotEmpty();
    } finally {
      for (int partition = 0; partition < api.ledger.count(); partition++) {
        api.ledger.up(partition);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Of.class)
  void whatNoParserReads(Of of) throws IOException {
    String answer =
        api.raw(
            "GET " + of.list + "?x=%zz HTTP/1.1", "Host: x", "Authorization: Bearer " + Api.ADMIN);
    assertThat(answer).startsWith("HTTP/1.1 400 ");
    JsonNode body = Json.MAPPER.readTree(answer.substring(answer.indexOf("\r\n\r\n")));
    form(of, 400).accept(body, "invalid_request");
  }

  @Test
  void pathsOfNoFamilyHaveTheDesksForm() {
    expect(Of.DESK, 404, api.get("/nothing"), "not_found");
    expect(Of.DESK, 401, api.call("GET", "/nothing", null, null), "unauthorized");
    expect(Of.DESK, 405, api.call("POST", "/docs", Api.ADMIN, null), "method_not_allowed");
  }

  private Reply body(Of of, String body, String type) {
    String[] request = of.withBody.split(" ", -1);
    return api.call(request[0], request[1], Api.ADMIN, body, "Content-Type", type);
  }

  private static void expect(Of of, int status, Reply reply, String code) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.header("Content-Type")).startsWith(Json.TYPE);
    form(of, status).accept(reply.json(), code);
  }

  private static BiConsumer<JsonNode, String> form(Of of, int status) {
    return (body, code) -> {
      switch (of) {
        case DESK -> {
          fields(body, "error");
          fields(body.get("error"), "code", "message", "details");
          assertThat(body.at("/error/code").asText()).isEqualTo(code);
          assertThat(body.at("/error/details").isArray()).isTrue();
        }
        case PIPELINES -> {
          if (status == 400) {
            fields(body, "field_errors", "messages", "request_id");
          } else if (status == 404) {
            fields(body, "id", "messages", "request_id");
          } else {
            fields(body, "messages", "request_id");
          }
          assertThat(body.get("messages")).hasSize(1);
        }
        default -> {
          fields(body, "error");
          assertThat(body.get("error").isTextual()).isTrue();
        }
      }
    };
  }

  private static void fields(JsonNode body, String... names) {
    Set<String> found = new HashSet<>();
    body.fieldNames().forEachRemaining(found::add);
    assertThat(found).as("%s", body).isEqualTo(new HashSet<>(Arrays.asList(names)));
  }
}
