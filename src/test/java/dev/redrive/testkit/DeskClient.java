// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
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

/** Talks to the desk family as any client would: over HTTP, on 127.0.0.1, without a key. */
public final class DeskClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final String base;

  public DeskClient(int port) {
    this.base = "http://127.0.0.1:" + port;
  }

  /**
   * An answer; the body is missing where there was none.
   *
   * @param behind which partitions standbys answered for, as the header says it; empty: none
   */
  public record Reply(int status, JsonNode body, Optional<String> behind) {

    /** Whether it may be older than a change that somebody was told of. */
    public boolean old() {
      return behind.isPresent();
    }
  }

  public Reply get(String path) {
    return send(request(path).GET());
  }

  public Reply post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  public Reply delete(String path) {
    return send(request(path).DELETE());
  }

  /** The body of an answer that is no JSON object, such as an export. */
  public String text(String path) {
    HttpResponse<byte[]> response = bytes(request(path).GET());
    assertThat(response.statusCode()).isEqualTo(200);
    return new String(response.body(), UTF_8);
  }

  /** The newest letters of a pipeline, at most 100. */
  public List<JsonNode> letters(String pipelineId) {
    Reply reply = get("/api/dlq?limit=100&pipeline_id=" + URLEncoder.encode(pipelineId, UTF_8));
    assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
    List<JsonNode> letters = new ArrayList<>();
    reply.body().get("data").forEach(letters::add);
    return letters;
  }

  /** With everything that is known of it; empty where the answer is 404. */
  public Optional<JsonNode> letter(String id) {
    Reply reply = get("/api/dlq/" + id);
    if (reply.status() == 404) {
      return Optional.empty();
    }
    assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
    return Optional.of(reply.body().get("data"));
  }

  /** Sends a letter's record back; returns once every read sees that. */
  public void reprocess(String id) {
    Reply reply = post("/api/dlq/" + id + "/reprocess", "{}");
    assertThat(reply.status()).as("%s", reply.body()).isEqualTo(202);
    assertThat(reply.body().at("/data/status").asText()).isEqualTo("queued");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT);
  }

  private Reply send(HttpRequest.Builder request) {
    HttpResponse<byte[]> response = bytes(request);
    try {
      JsonNode body =
          response.body().length == 0 ? MissingNode.getInstance() : JSON.readTree(response.body());
      return new Reply(
          response.statusCode(), body, response.headers().firstValue("Redrive-Behind"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<byte[]> bytes(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for an answer", e);
    }
  }
}
