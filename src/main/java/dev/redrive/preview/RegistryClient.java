// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.config.RegistrySettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** GETs of a schema registry, each within a deadline and of a bounded size. */
final class RegistryClient {
  private static final int MAX_ANSWER = 1 << 20;

  private final String base;
  private final Optional<String> authorization;
  private final HttpClient http;

  RegistryClient(URI url, RegistrySettings settings) {
    this.base = url.toString().replaceAll("/+$", "");
    this.authorization = settings.user().map(user -> basic(user, settings.password().orElse("")));
    // Never: a redirect would take the password to another host.
    this.http =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.timeout())
            .build();
  }

  /** The registry is not there, or does not talk: others that ask it now would only wait too. */
  static final class SilentException extends Exception {
    private static final long serialVersionUID = 1L;

    SilentException(String why) {
      super(why, null, false, false);
    }
  }

  /**
   * An answer's JSON.
   *
   * @param deadline on {@link System#nanoTime}
   * @throws UnreadableDataException where it answers, but not with this
   */
  JsonNode get(String path, long deadline) throws SilentException, UnreadableDataException {
    HttpResponse<byte[]> answer = send(path, deadline);
    int status = answer.statusCode();
    if (status != 200) {
      throw new UnreadableDataException(
          status == 404
              ? "the registry does not know it"
              : "the registry answered with status "
                  + status
                  + (status == 401 || status == 403 ? "; check registry.user" : ""));
    }
    try {
      return Payload.TREE.readTree(new String(answer.body(), StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new UnreadableDataException("the registry's answer is no JSON");
    }
  }

  private HttpResponse<byte[]> send(String path, long deadline)
      throws SilentException, UnreadableDataException {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      throw new SilentException("the registry took too long");
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofNanos(left))
            .header("Accept", "application/vnd.schemaregistry.v1+json, application/json");
    authorization.ifPresent(value -> request.header("Authorization", value));
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request.build(), headers -> new BoundedBody(MAX_ANSWER));
    try {
      // The request's own time-out ends with the headers; a body may trickle for ever.
      return answer.get(left, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new SilentException("the registry took too long");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BoundedBody.TooLongException) {
        throw new UnreadableDataException("the registry's answer is too long");
      }
      throw new SilentException(
          e.getCause() instanceof java.net.http.HttpTimeoutException
              ? "the registry took too long"
              : e.getCause() instanceof IOException
                  ? "the registry can't be reached"
                  : "the registry can't be asked");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SilentException("this instance is stopping");
    } finally {
      answer.cancel(true);
    }
  }

  private static String basic(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }
}
