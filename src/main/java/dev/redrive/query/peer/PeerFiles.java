// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import dev.redrive.letter.RawBytes;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Asks the other instances about files that lie with them. Small answers come whole and within the
 * time-out; a file is streamed, and given up where nothing of it came for {@link #STALL}.
 */
public final class PeerFiles implements AutoCloseable {
  /** Where instances ask each other about files; not for people and no part of the API. */
  public static final String PATH = "/internal/diagnostics";

  private static final Duration STALL = Duration.ofSeconds(30);

  /** Each holds a thread and a connection here and at the peer. */
  static final int STREAMS_AT_ONCE = 8;

  private static final int MOST_BYTES = 8 * 1024 * 1024;

  private final Supplier<Optional<Set<URI>>> others;
  private final HttpClient http;
  private final String secret;
  private final Duration timeout;
  private final Semaphore streams = new Semaphore(STREAMS_AT_ONCE);
  private final StallWatch watch;

  /**
   * @param others addresses of the other instances; empty: nobody knows now
   * @param secret by which peers know each other
   * @param timeout of a small answer, and of the first line of a file
   */
  public PeerFiles(Supplier<Optional<Set<URI>>> others, String secret, Duration timeout) {
    this(others, secret, timeout, STALL);
  }

  PeerFiles(Supplier<Optional<Set<URI>>> others, String secret, Duration timeout, Duration stall) {
    this.watch = new StallWatch(stall);
    this.others = others;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .build();
    this.secret = secret;
    this.timeout = timeout;
  }

  /**
   * What an instance answered.
   *
   * @param bytes empty where there is a reason
   * @param reason why there is no answer, for a person; empty: there is one
   */
  public record Answer(RawBytes bytes, String reason) {
    public boolean came() {
      return reason.isEmpty();
    }
  }

  /**
   * Asks every other instance the same; all at once, so the slowest takes the time-out at most.
   * Empty: nobody knows now who there is.
   */
  public Optional<Map<URI, Answer>> askAll(byte[] question) {
    return others.get().map(peers -> ask(peers, question));
  }

  /**
   * Begins to read a file.
   *
   * @throws IOException where the peer does not send it, or too many are read now
   */
  public InputStream open(URI peer, byte[] question) throws IOException {
    if (!streams.tryAcquire()) {
      throw new IOException(STREAMS_AT_ONCE + " files of peers are read now");
    }
    boolean opened = false;
    try {
      HttpResponse<InputStream> response =
          http.sendAsync(request(peer, question), BodyHandlers.ofInputStream()).join();
      opened = response.statusCode() == 200;
      if (opened) {
        return watch.over(response.body(), streams::release);
      }
      response.body().close();
      throw new IOException(peer + " answered with status " + response.statusCode());
    } catch (CompletionException e) {
      throw new IOException(peer + " does not send the file", e);
    } finally {
      if (!opened) {
        streams.release();
      }
    }
  }

  @Override
  public void close() {
    watch.close();
  }

  private Map<URI, Answer> ask(Set<URI> peers, byte[] question) {
    Map<URI, CompletableFuture<Answer>> coming = new TreeMap<>();
    peers.forEach(peer -> coming.put(peer, ask(peer, question)));
    Map<URI, Answer> answers = new TreeMap<>();
    coming.forEach((peer, answer) -> answers.put(peer, answer.join()));
    return answers;
  }

  private CompletableFuture<Answer> ask(URI peer, byte[] question) {
    CompletableFuture<HttpResponse<byte[]>> exchange =
        http.sendAsync(request(peer, question), head -> new BoundedBytes(MOST_BYTES));
    // The request's own time-out ends with the response's first line; a body may drip for ever.
    return exchange
        .thenApply(Function.identity())
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (response, error) -> {
              if (response == null) {
                exchange.cancel(true);
                return silent("did not answer within " + timeout.toMillis() + " ms");
              }
              return response.statusCode() == 200
                  ? new Answer(RawBytes.of(response.body()), "")
                  : silent("answered with status " + response.statusCode());
            });
  }

  private HttpRequest request(URI peer, byte[] question) {
    return HttpRequest.newBuilder(peer.resolve(PATH))
        .timeout(timeout)
        .header("Authorization", "Bearer " + secret)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(question))
        .build();
  }

  private static Answer silent(String reason) {
    return new Answer(RawBytes.EMPTY, reason);
  }
}
