// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.codec.UnreadableBytesException;
import dev.redrive.config.KeyHash;
import dev.redrive.query.peer.PeerPartitions;
import dev.redrive.query.peer.PeerService;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where the other instances ask. They know the secret of the peers; a user's key, of whatever role,
 * opens nothing here, since what is asked here knows neither pipelines nor masks of a key.
 */
public final class PeerDoor {
  private static final String BEARER = "Bearer ";

  /** A filter with as many values as it may have stays far below. */
  private static final int MAX_QUESTION = 16 * 1024 * 1024;

  private final KeyHash secret;
  private final PeerService service;

  public PeerDoor(String secret, PeerService service) {
    this.secret = KeyHash.of(secret);
    this.service = service;
  }

  /** Not one of the API's: neither described nor promised to stay. */
  public Route route() {
    return new Route(HandlerType.POST, PeerPartitions.PATH, null, true, this::answer);
  }

  private void answer(Context request) throws IOException {
    requirePeer(request, secret);
    byte[] question = request.req().getInputStream().readNBytes(MAX_QUESTION + 1);
    if (question.length > MAX_QUESTION) {
      throw Problem.of(413, "body_too_large", "a question has at most " + MAX_QUESTION + " bytes");
    }
    RequestBody.wasRead(request);
    try {
      request.contentType(Json.TYPE).result(service.answer(question));
    } catch (UnreadableBytesException e) {
      throw Problem.of(400, "invalid_request", String.valueOf(e.getMessage()));
    }
  }

  /**
   * Lets nobody in but another instance.
   *
   * @throws Problem 401
   */
  public static void requirePeer(Context request, KeyHash secret) {
    if (!isPeer(request.header("Authorization"), secret)) {
      throw Problem.of(401, "unauthorized", "this path is for other instances of this Redrive");
    }
  }

  private static boolean isPeer(@Nullable String authorization, KeyHash secret) {
    return authorization != null
        && authorization.startsWith(BEARER)
        && secret.matches(authorization.substring(BEARER.length()));
  }
}
