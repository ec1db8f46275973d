// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.config.Role;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets requests in: by their key, or, on a server without keys, from this machine only. */
final class Gate {
  private static final String BEARER = "bearer ";

  /** Kinds of callers; people with tokens and addresses are without end, so they are one each. */
  private static final String KEY = "key ";

  private static final String TOKEN = "token";
  private static final String ADDRESS = "address";
  private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private final List<ApiKey> keys;
  private final @Nullable Tokens tokens;
  private final @Nullable Integer perSecond;
  private final RateLimits limits = new RateLimits();
  private final MeterRegistry metrics;

  /**
   * @param tokens taken beside keys; null: none
   * @param perSecond how often whoever has no limit of their own may ask; null: as often as they
   *     like
   */
  Gate(
      List<ApiKey> keys,
      @Nullable Tokens tokens,
      @Nullable Integer perSecond,
      MeterRegistry metrics) {
    this.keys = keys;
    this.tokens = tokens;
    this.perSecond = perSecond;
    this.metrics = metrics;
    // At zero from the start, or the first refusals would be no increase.
    keys.forEach(key -> refusals(KEY + key.name()));
    refusals(ADDRESS);
    if (tokens != null) {
      refusals(TOKEN);
    }
  }

  /**
   * Who asks.
   *
   * @throws Problem 401 without a key or with an unknown one, 403 for a browser that another site
   *     sent here and for a token that gives no right, 429 for who asks too often, 503 where a
   *     token can't be read now
   */
  Caller admit(Context request) {
    if (keys.isEmpty() && tokens == null) {
      requireLocal(request);
      limit(request, ADDRESS, "", perSecond);
      return Caller.LOCAL;
    }
    Optional<String> key = presented(request);
    Optional<ApiKey> known = key.flatMap(this::find);
    if (known.isPresent()) {
      Integer own = known.get().perSecond();
      limit(request, KEY + known.get().name(), "", own == null ? perSecond : own);
      return known.get().caller();
    }
    if (key.isPresent() && tokens != null && Tokens.looksLike(key.get())) {
      return ofToken(request, tokens, key.get());
    }
    stranger(request);
    throw Problem.of(
        401,
        "unauthorized",
        key.isPresent()
            ? "the key is not known"
            : "a key is needed: send the header Authorization: Bearer <key>");
  }

  private Caller ofToken(Context request, Tokens issued, String token) {
    Caller caller;
    try {
      caller = issued.caller(token);
    } catch (Problem refused) {
      stranger(request);
      throw refused;
    }
    limit(request, TOKEN, caller.name(), perSecond);
    return caller;
  }

  /** After the keys were looked at: else one who guesses could lock out others of their address. */
  private void stranger(Context request) {
    limit(request, ADDRESS, request.ip(), perSecond);
  }

  /**
   * @param kind of the caller, from a closed set
   * @param one which of that kind
   */
  private void limit(Context request, String kind, String one, @Nullable Integer rate) {
    if (rate != null) {
      RateLimits.Standing standing =
          limits.take(kind + ' ' + one, rate, System.currentTimeMillis());
      Family.of(request.path()).headers(standing).forEach(request::header);
      if (!standing.allowed()) {
        refusals(kind).increment();
        throw Problem.limited(standing.retryAfterSeconds());
      }
    }
  }

  private Counter refusals(String kind) {
    return Counter.builder("redrive.http.limited")
        .description("Requests refused because their caller asked too often")
        .tag("caller", kind)
        .register(metrics);
  }

  static void require(Caller caller, Role role) {
    if (!caller.may(role)) {
      throw Problem.of(
          403, "forbidden", "the key " + caller.name() + " has not the role " + name(role));
    }
  }

  /** Compares with every key, in a time that does not tell which of them was close. */
  private Optional<ApiKey> find(String key) {
    Optional<ApiKey> found = Optional.empty();
    for (ApiKey known : keys) {
      if (known.sha256().matches(key)) {
        found = Optional.of(known);
      }
    }
    return found;
  }

  private static Optional<String> presented(Context request) {
    String authorization = request.header("Authorization");
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.of(authorization.substring(BEARER.length()).strip());
    }
    String header = request.header("x-api-key");
    return Optional.ofNullable(header == null ? request.queryParam(Parameters.KEY) : header);
  }

  /**
   * Without keys a page of any site could have the browser on this machine post here, or read by a
   * name that it points to loopback; so the request must name this machine, and its origin too.
   */
  private static void requireLocal(Context request) {
    String origin = request.header("Origin");
    boolean local = isLocal("http://" + request.header("Host"));
    if (!local || (origin != null && !isLocal(origin))) {
      throw Problem.of(
          403,
          "forbidden",
          "a server without keys answers to localhost only; set auth.keys to reach it otherwise");
    }
  }

  private static boolean isLocal(@Nullable String address) {
    try {
      String host = address == null ? null : new URI(address).getHost();
      return host != null && LOCAL_NAMES.contains(host);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static String name(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
