// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.redrive.config.Role;
import dev.redrive.http.Api.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tokens that are checked with the keys of a real server. */
@Timeout(120)
class TokensTest {
  private static final String ISSUER = "https://issuer.test";
  private static final String AUDIENCE = "redrive";
  private static final RSAKey FIRST = rsa("first");
  private static final RSAKey SECOND = rsa("second");
  private static final ECKey CURVE = curve();
  private static final Tokens.Claims CLAIMS =
      new Tokens.Claims("sub", "redrive_role", Map.of(), "redrive_pipelines");

  private final AtomicInteger asked = new AtomicInteger();
  private volatile JWKSet published = new JWKSet(List.of(FIRST, CURVE));
  private HttpServer issuer;
  private Api api;

  @BeforeEach
  void start() throws IOException {
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.createContext(
        "/jwks",
        exchange -> {
          asked.incrementAndGet();
          byte[] body = published.toString().getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    issuer.start();
    api = api(CLAIMS, Duration.ofMinutes(15));
    api.ledger.fail("a", "1", 1_000, "x", "{}");
    api.ledger.fail("b", "1", 2_000, "y", "{}");
  }

  @AfterEach
  void stop() {
    api.close();
    issuer.stop(0);
  }

  @Test
  void aTokenOfTheIssuerLetsInAsItsClaimsSay() throws JOSEException {
    for (JWK key : List.of(FIRST, CURVE)) {
      Reply list = get("/api/dlq", signed(key, claims -> claims));
      assertThat(list.status()).as(list.text()).isEqualTo(200);
      assertThat(list.json().get("data")).hasSize(1);
      assertThat(list.json().at("/data/0/pipeline_id").asText()).isEqualTo("a");
    }
    assertThat(api.views).extracting("requestedBy").containsOnly("ann");
    String viewer = signed(FIRST, claims -> claims.claim("redrive_role", "viewer"));
    assertThat(call("POST", "/v2/dlq/retry", viewer).status()).isEqualTo(403);
    assertThat(call("POST", "/v2/dlq/retry", signed(FIRST, claims -> claims)).status())
        .isEqualTo(201);
    String all = signed(FIRST, claims -> claims.claim("redrive_pipelines", List.of("*")));
    assertThat(get("/api/dlq", all).json().get("data")).hasSize(2);
    assertThat(asked).as("keys are kept").hasValue(1);
  }

  @Test
  void keysGoOnBesideTokens() {
    assertThat(get("/api/dlq", Api.VIEWER).status()).isEqualTo(200);
    assertThat(get("/api/dlq", "wrong").status()).isEqualTo(401);
    assertThat(asked).hasValue(0);
  }

  @Test
  void whatIsNotAValidTokenIsRefused() throws Exception {
    JWTClaimsSet good = claims(claims -> claims);
    byte[] publicKey = FIRST.toRSAPublicKey().getEncoded();
    SignedJWT confused =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("first").build(), good);
    confused.sign(new MACSigner(publicKey));
    SignedJWT carriesItsKey =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(SECOND.toPublicJWK()).build(), good);
    carriesItsKey.sign(new RSASSASigner(SECOND));
    String valid = signed(FIRST, claims -> claims);
    Map<String, String> tokens =
        Map.ofEntries(
            Map.entry("alg none", new PlainJWT(good).serialize()),
            Map.entry("a public key as a shared secret", confused.serialize()),
            Map.entry("a key that it brings itself", carriesItsKey.serialize()),
            Map.entry("another key", signed(SECOND, claims -> claims)),
            Map.entry("no signature", valid.substring(0, valid.lastIndexOf('.') + 1)),
            Map.entry("another payload", tampered(valid)),
            Map.entry("another issuer", signed(FIRST, c -> c.issuer("https://other.test"))),
            Map.entry("another audience", signed(FIRST, c -> c.audience("other"))),
            Map.entry("no audience", signed(FIRST, c -> c.audience((String) null))),
            Map.entry("expired", signed(FIRST, c -> c.expirationTime(in(-120)))),
            Map.entry("without an end", signed(FIRST, c -> c.expirationTime(null))),
            Map.entry("not yet valid", signed(FIRST, c -> c.notBeforeTime(in(120)))),
            Map.entry("without a name", signed(FIRST, c -> c.subject(null))),
            Map.entry("a long name", signed(FIRST, c -> c.subject("x".repeat(201)))),
            Map.entry("no token", "eyJhbGciOiJSUzI1NiJ9.e30.AAAA"));
    tokens.forEach(
        (what, token) -> {
          Reply reply = get("/api/dlq", token);
          assertThat(reply.status()).as("%s: %s", what, reply.text()).isEqualTo(401);
          assertThat(reply.text()).as(what).doesNotContain(token);
        });
  }

  @Test
  void aTokenThatGivesNoRightHereIsForbidden() throws JOSEException {
    for (String token :
        List.of(
            signed(FIRST, claims -> claims.claim("redrive_role", null)),
            signed(FIRST, claims -> claims.claim("redrive_role", "owner")),
            signed(FIRST, claims -> claims.claim("redrive_pipelines", null)),
            signed(FIRST, claims -> claims.claim("redrive_pipelines", List.of())))) {
      assertThat(get("/api/dlq", token).status()).isEqualTo(403);
    }
  }

  @Test
  void clocksMayDifferALittle() throws JOSEException {
    String ended = signed(FIRST, claims -> claims.expirationTime(in(-10)));
    String early = signed(FIRST, claims -> claims.notBeforeTime(in(10)));
    assertThat(get("/api/dlq", ended).status()).isEqualTo(200);
    assertThat(get("/api/dlq", early).status()).isEqualTo(200);
  }

  @Test
  void aNewKeyOfTheIssuerIsTakenAtOnceAndAWithdrawnOneNotForLong() throws Exception {
    try (Api shortly = api(CLAIMS, Duration.ofMillis(300))) {
      String old = signed(FIRST, claims -> claims);
      assertThat(status(shortly, old)).isEqualTo(200);
      published = new JWKSet(SECOND);
      assertThat(status(shortly, signed(SECOND, claims -> claims))).isEqualTo(200);
      await().atMost(Duration.ofSeconds(30)).until(() -> status(shortly, old) == 401);
    }
  }

  @Test
  void madeUpKeysDoNotHaveTheIssuerAskedAllTheTime() throws JOSEException {
    for (int i = 0; i < 50; i++) {
      assertThat(get("/api/dlq", signed(SECOND, claims -> claims)).status()).isEqualTo(401);
    }
    assertThat(asked.get()).isLessThan(5);
  }

  @Test
  void whileTheIssuerIsAwayKeysWorkAndTokensMayComeAgain() throws JOSEException {
    issuer.stop(0);
    for (int i = 0; i < 10; i++) {
      Reply reply = get("/v2/dlq", signed(FIRST, claims -> claims));
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Retry-After")).isNotEmpty();
    }
    assertThat(get("/v2/dlq", Api.VIEWER).status()).isEqualTo(200);
  }

  @Test
  void rolesMayHaveOtherNamesAndLieWithinOtherClaims() throws Exception {
    Tokens.Claims claims =
        new Tokens.Claims(
            "email",
            "realm_access.roles",
            Map.of("dlq-admins", Role.ADMIN, "everybody", Role.VIEWER),
            null);
    try (Api mapped = api(claims, Duration.ofMinutes(15))) {
      mapped.ledger.fail("b", "1", 2_000, "y", "{}");
      String token =
          signed(
              FIRST,
              c ->
                  c.claim("email", "ann@example.test")
                      .claim(
                          "realm_access",
                          Map.of("roles", List.of("everybody", "dlq-admins", "x"))));
      assertThat(status(mapped, token)).isEqualTo(200);
      assertThat(mapped.views).extracting("revealed").containsExactly(true);
      assertThat(mapped.views).extracting("requestedBy").containsExactly("ann@example.test");
      String none = signed(FIRST, c -> c.claim("email", "b").claim("realm_access", "admin"));
      assertThat(status(mapped, none)).isEqualTo(403);
    }
  }

  @Test
  void withTokensAServerIsNotKeyless() throws IOException {
    HttpOptions options =
        new HttpOptions("127.0.0.1", 0, 10, true, List.of())
            .trusting(tokens(CLAIMS, Duration.ofMinutes(15)));
    try (Api keyless = new Api(options)) {
      assertThat(keyless.call("GET", "/api/dlq", null, null).status()).isEqualTo(401);
    }
  }

  private Reply get(String path, String token) {
    return call("GET", path, token);
  }

  private Reply call(String method, String path, String token) {
    return api.call(method, path, token, null);
  }

  private static int status(Api asked, String token) {
    return asked.call("GET", "/api/dlq", token, null).status();
  }

  private Api api(Tokens.Claims claims, Duration cache) throws IOException {
    return new Api(
        new HttpOptions("127.0.0.1", 0, 1_024, true, Api.KEYS).trusting(tokens(claims, cache)));
  }

  private Tokens tokens(Tokens.Claims claims, Duration cache) {
    URI jwks = URI.create("http://127.0.0.1:" + issuer.getAddress().getPort() + "/jwks");
    return new Tokens(jwks, ISSUER, AUDIENCE, Duration.ofSeconds(30), cache, claims);
  }

  private static String signed(JWK key, UnaryOperator<JWTClaimsSet.Builder> change)
      throws JOSEException {
    JWSAlgorithm algorithm = key instanceof ECKey ? JWSAlgorithm.ES256 : JWSAlgorithm.RS256;
    JWSHeader header =
        new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).type(JOSEObjectType.JWT).build();
    JWSSigner signer =
        key instanceof ECKey curve ? new ECDSASigner(curve) : new RSASSASigner((RSAKey) key);
    SignedJWT token = new SignedJWT(header, claims(change));
    token.sign(signer);
    return token.serialize();
  }

  private static JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> change) {
    return change
        .apply(
            new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject("ann")
                .expirationTime(in(300))
                .claim("redrive_role", "operator")
                .claim("redrive_pipelines", List.of("a")))
        .build();
  }

  private static String tampered(String token) {
    String[] parts = token.split("\\.", -1);
    String payload =
        new String(java.util.Base64.getUrlDecoder().decode(parts[1]), UTF_8)
            .replace("operator", "admin");
    String changed =
        java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(UTF_8));
    return parts[0] + "." + changed + "." + parts[2];
  }

  private static Date in(int seconds) {
    return Date.from(Instant.now().plusSeconds(seconds));
  }

  private static RSAKey rsa(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static ECKey curve() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }
}
