// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import dev.redrive.codec.TypedJson;
import dev.redrive.codec.UnreadableBytesException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to the other instances. Connections are kept and used again; a peer that hangs
 * costs its callers the time-out, and never more than a bounded number of them at once.
 */
final class PeerClient {
  private static final Logger LOGGER = LoggerFactory.getLogger(PeerClient.class);
  private static final int MOST_AT_ONCE = 32;

  /** One letter of the largest size that may be kept, in base64, fits. */
  private static final int MOST_BYTES = 128 * 1024 * 1024;

  private final HttpClient http;
  private final String secret;
  private final Duration timeout;
  private final Map<URI, Semaphore> free = new ConcurrentHashMap<>();

  PeerClient(String secret, Duration timeout) {
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .build();
    this.secret = secret;
    this.timeout = timeout;
  }

  /**
   * What became of a request: a reply, or why there is none.
   *
   * @param reason for a person; empty where there is a reply
   */
  record Heard(@Nullable PeerReply reply, String reason) {}

  Duration timeout() {
    return timeout;
  }

  /** Asks; what comes never fails, and is there after about the time-out at the latest. */
  CompletableFuture<Heard> ask(URI peer, PeerRequest request) {
    Semaphore places = free.computeIfAbsent(peer, p -> new Semaphore(MOST_AT_ONCE));
    if (!acquire(places)) {
      return CompletableFuture.completedFuture(
          new Heard(null, "too many requests to " + peer + " are under way"));
    }
    HttpRequest asked =
        HttpRequest.newBuilder(peer.resolve(PeerPartitions.PATH))
            .timeout(timeout)
            .header("Authorization", "Bearer " + secret)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(TypedJson.encode(request, PeerRequest.class)))
            .build();
    CompletableFuture<HttpResponse<byte[]>> exchange =
        http.sendAsync(asked, head -> new BoundedBytes(MOST_BYTES));
    // The request's own time-out ends with the response's first line; a body may drip for ever.
    return exchange
        .thenApply(Function.identity())
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (response, error) -> {
              places.release();
              if (response == null) {
                exchange.cancel(true);
                return silent(peer, error);
              }
              return heard(peer, request, response);
            });
  }

  private boolean acquire(Semaphore places) {
    try {
      return places.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Heard heard(URI peer, PeerRequest request, HttpResponse<byte[]> response) {
    switch (response.statusCode()) {
      case 200 -> {
        try {
          PeerReply reply = (PeerReply) TypedJson.decode(response.body(), PeerReply.class);
          return reply.name().equals(request.name())
              ? new Heard(reply, "")
              : strange(peer, "it answers something else");
        } catch (UnreadableBytesException e) {
          return strange(peer, "its answer can't be read: " + e.getMessage());
        }
      }
      case 503 -> {
        return new Heard(null, peer + " is stopping");
      }
      case 401 -> {
        return strange(peer, "it has another peers.secret");
      }
      default -> {
        return strange(peer, "it answered with status " + response.statusCode());
      }
    }
  }

  private Heard silent(URI peer, @Nullable Throwable error) {
    boolean late =
        error instanceof TimeoutException
            || (error != null && error.getCause() instanceof java.net.http.HttpTimeoutException);
    return new Heard(
        null,
        peer
            + (late
                ? " did not answer within " + timeout.toMillis() + " ms"
                : " can't be reached"));
  }

  /** No passing thing: somebody has to do something about it. */
  private static Heard strange(URI peer, String what) {
    LOGGER
        .atWarn()
        .addKeyValue("peer", peer)
        .addKeyValue("reason", what)
        .log("a peer does not answer as it should");
    return new Heard(null, peer + ": " + what);
  }
}
