// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An instance's HTTP, as any program asks it. */
public final class Web {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;
  private final Optional<String> key;

  public Web(int port, Optional<String> key) {
    this.port = port;
    this.key = key;
  }

  /** What came back; {@code json} is missing where the body is none. */
  public record Reply(int status, String text) {
    public JsonNode json() {
      try {
        return JSON.readTree(text);
      } catch (IOException e) {
        throw new UncheckedIOException(text, e);
      }
    }
  }

  public int port() {
    return port;
  }

  public Reply get(String path) {
    return ask("GET", path);
  }

  public Reply post(String path) {
    return ask("POST", path);
  }

  public Reply ask(String method, String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(LIMIT)
            .method(method, BodyPublishers.noBody());
    key.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    try {
      HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
      return new Reply(answer.statusCode(), answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** All letters, page by page; of one pipeline where it is not blank. */
  public List<JsonNode> letters(String pipeline) {
    List<JsonNode> letters = new ArrayList<>();
    String filter = pipeline.isBlank() ? "" : "&pipeline_id=" + URLEncoder.encode(pipeline, UTF_8);
    String cursor = "";
    while (true) {
      Reply reply = get("/api/dlq?limit=100" + filter + cursor);
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      reply.json().get("data").forEach(letters::add);
      JsonNode next = reply.json().at("/meta/page/cursor");
      if (next.isNull()) {
        return letters;
      }
      cursor = "&cursor=" + next.asText();
    }
  }

  /** The letter, with everything. */
  public JsonNode letter(String id) {
    Reply reply = get("/api/dlq/" + id);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json().get("data");
  }
}
