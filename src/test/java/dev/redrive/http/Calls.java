// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.http.Api.Reply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks a server on this machine and holds every answer to the contract. */
public final class Calls {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final int port;
  private final Contract contract;

  public Calls(int port, Contract contract) {
    this.port = port;
    this.contract = contract;
  }

  /** With this key, null for none, and these headers beside it. */
  public Reply call(String method, String path, String key, String body, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(LIMIT)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
      String type = response.headers().firstValue("content-type").orElse("");
      if (!method.equals("HEAD")) {
        contract.check(
            method, URI.create(path).getPath(), response.statusCode(), type, response.body());
      }
      return new Reply(
          response.statusCode(),
          response.headers().map(),
          response.body(),
          type.startsWith(Json.TYPE) && !method.equals("HEAD")
              ? Json.MAPPER.readTree(response.body())
              : null);
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
