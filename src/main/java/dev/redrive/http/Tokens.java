// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.health.HealthStatus;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.redrive.config.Role;
import java.net.MalformedURLException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads bearer tokens of one issuer. Only signatures by a pair of keys count: with a shared secret
 * anybody who knows the public key could sign, and a token without a signature proves nothing.
 */
public final class Tokens {
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  /** A request waits for the issuer's keys where they are read anew. */
  private static final int READ_MS = 2_000;

  private static final int MAX_JWKS = 256 * 1024;

  /** Tokens with made-up keys must not have the issuer asked all the time. */
  private static final long AGAIN_MS = 10_000;

  /** Longer ones would not fit where commands say who asked. */
  private static final int MAX_NAME = 200;

  private static final int MAX_PIPELINES = 1_000;
  private static final String ALL = "*";

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
  private final Claims claims;
  private volatile boolean answered = true;

  /**
   * What is looked for in a token.
   *
   * @param name claim with the name of who asks
   * @param role claim with the role
   * @param roles roles by the claim's values; empty: the roles' names
   * @param pipelines claim with the ids of pipelines; null: every token sees all
   */
  public record Claims(
      String name, String role, Map<String, Role> roles, @Nullable String pipelines) {
    public Claims {
      roles = Map.copyOf(roles);
    }
  }

  /**
   * Tokens of an issuer; nothing is read yet.
   *
   * @param jwks where its keys are
   * @param cache how long they are kept
   */
  public Tokens(
      URI jwks, String issuer, String audience, Duration skew, Duration cache, Claims claims) {
    this.claims = claims;
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys(jwks, cache)));
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    DefaultJWTClaimsVerifier<SecurityContext> verifier =
        new DefaultJWTClaimsVerifier<>(
            audience, new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("exp"));
    verifier.setMaxClockSkew(Math.toIntExact(skew.toSeconds()));
    processor.setJWTClaimsSetVerifier(verifier);
  }

  /** Whether it is meant as a token; no key that Redrive's users make looks so. */
  static boolean looksLike(String text) {
    return text.startsWith("eyJ") && text.chars().filter(c -> c == '.').count() == 2;
  }

  /**
   * Who the token is for.
   *
   * @throws Problem 401 where it is not valid, 403 where it gives no right here, 503 where the
   *     issuer's keys can't be read
   */
  Caller caller(String token) {
    try {
      return caller(processor.process(token, null));
    } catch (BadJWTException e) {
      throw invalid("the token is not valid: " + e.getMessage());
    } catch (KeySourceException e) {
      throw unverified();
    } catch (ParseException | BadJOSEException | JOSEException e) {
      throw invalid("the token is not signed by a key of the issuer");
    }
  }

  private Caller caller(JWTClaimsSet token) {
    String name = texts(claim(token, claims.name)).stream().findFirst().orElse("");
    if (name.isBlank() || name.length() > MAX_NAME) {
      throw invalid(
          "the token has no claim " + claims.name + " of at most " + MAX_NAME + " characters");
    }
    Role role =
        texts(claim(token, claims.role)).stream()
            .map(this::role)
            .flatMap(Optional::stream)
            .max(Role::compareTo)
            .orElseThrow(
                () -> forbidden("the token's claim " + claims.role + " names no role of Redrive"));
    return new Caller(name, role, role == Role.ADMIN, pipelines(token));
  }

  private Optional<Role> role(String value) {
    if (!claims.roles.isEmpty()) {
      return Optional.ofNullable(claims.roles.get(value));
    }
    for (Role role : Role.values()) {
      if (role.name().toLowerCase(Locale.ROOT).equals(value)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  /** Empty: all. So a token that names none must not get here. */
  private Set<String> pipelines(JWTClaimsSet token) {
    String claim = claims.pipelines;
    if (claim == null) {
      return Set.of();
    }
    Set<String> pipelines = new HashSet<>(texts(claim(token, claim)));
    if (pipelines.isEmpty() || pipelines.size() > MAX_PIPELINES) {
      throw forbidden("the token's claim " + claim + " does not name 1 to 1000 pipelines");
    }
    return pipelines.contains(ALL) ? Set.of() : pipelines;
  }

  /** A claim, or one within others, by its path. */
  private static @Nullable Object claim(JWTClaimsSet token, String path) {
    // A whole name first: names with dots, such as addresses, are usual too.
    Object found = token.getClaim(path);
    if (found != null) {
      return found;
    }
    found = token.getClaims();
    for (String part : path.split("\\.", -1)) {
      found = found instanceof Map<?, ?> inner ? inner.get(part) : null;
    }
    return found;
  }

  private static List<String> texts(@Nullable Object claim) {
    if (claim instanceof String text) {
      return List.of(text);
    }
    return claim instanceof List<?> list
        ? list.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }

  /** The issuer was not asked again because it had just been, or it did not answer. */
  private Problem unverified() {
    return answered
        ? invalid("the token is not signed by a key of the issuer")
        : Problem.unavailable("the keys of the tokens' issuer can't be read", List.of());
  }

  private JWKSource<SecurityContext> keys(URI jwks, Duration cache) {
    try {
      return JWKSourceBuilder.create(
              jwks.toURL(), new DefaultResourceRetriever(READ_MS, READ_MS, MAX_JWKS))
          .cache(cache.toMillis(), 2 * READ_MS)
          .refreshAheadCache(false)
          .healthReporting(report -> answered = report.getHealthStatus() == HealthStatus.HEALTHY)
          .rateLimited(Math.min(AGAIN_MS, cache.toMillis() / 2))
          .outageTolerant(2 * cache.toMillis())
          .build();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("not an address: " + jwks, e);
    }
  }

  private static Problem invalid(String why) {
    return Problem.of(401, "unauthorized", why);
  }

  private static Problem forbidden(String why) {
    return Problem.of(403, "forbidden", why);
  }
}
