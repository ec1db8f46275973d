// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.config.KeyHash;
import dev.redrive.config.Role;
import dev.redrive.http.Api.Reply;
import dev.redrive.http.RateLimits.Standing;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class RateLimitsTest {
  private static final long NOW = 1_000_000;
  private final RateLimits limits = new RateLimits();

  @Test
  void tenSecondsOfTheRateMayComeAtOnceAndThenTheRateHolds() {
    for (int i = 0; i < 20; i++) {
      assertThat(limits.take("a", 2, NOW).allowed()).isTrue();
    }
    assertThat(limits.take("a", 2, NOW)).isEqualTo(new Standing(false, 20, 0, 1_010, 1));
    assertThat(limits.take("a", 2, NOW + 499).allowed()).isFalse();
    assertThat(limits.take("a", 2, NOW + 500).allowed()).isTrue();
    assertThat(limits.take("a", 2, NOW + 600).allowed()).isFalse();
    assertThat(limits.take("a", 2, NOW + 100_000).remaining()).isEqualTo(19);
  }

  @Test
  void aClockThatIsSetBackStopsNobody() {
    limits.take("a", 1, NOW);
    assertThat(limits.take("a", 1, NOW - 60_000).allowed()).isTrue();
    assertThat(limits.take("a", 1, NOW - 59_000).remaining()).isEqualTo(8);
  }

  @Test
  void eachCallerHasItsOwnAndOnlySoManyAreRemembered() {
    for (int i = 0; i < 10; i++) {
      limits.take("a", 1, NOW);
    }
    assertThat(limits.take("a", 1, NOW).allowed()).isFalse();
    assertThat(limits.take("b", 1, NOW).allowed()).isTrue();
    for (int i = 0; i < 10_000; i++) {
      limits.take("from " + i, 1, NOW);
    }
    assertThat(limits.take("a", 1, NOW).allowed()).as("forgotten").isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "/api/dlq, X-RateLimit",
    "/api/runs, X-RateLimit",
    "/v2/pipelines/declared/dead_letters, X-RateLimit",
    "/v2/workflows/dlq, Burst-RateLimit",
    "/v2/dlq, Burst-RateLimit"
  })
  void answersSayHowTheLimitStandsInTheWordsOfTheFamily(String path, String prefix)
      throws IOException {
    try (Api api = limited()) {
      Reply first = api.call("GET", path, Api.VIEWER, null);
      assertThat(first.status()).isEqualTo(200);
      assertThat(first.header(prefix + "-Limit")).isEqualTo("10");
      assertThat(first.header(prefix + "-Remaining")).isEqualTo("9");
      Reply refused = first;
      for (int i = 0; i < 30 && refused.status() == 200; i++) {
        refused = api.call("GET", path, Api.VIEWER, null);
      }
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(refused.header(prefix + "-Remaining")).isEqualTo("0");
      assertThat(Long.parseLong(refused.header(prefix + "-Reset")))
          .isBetween(System.currentTimeMillis() / 1_000, System.currentTimeMillis() / 1_000 + 11);
      assertThat(api.call("GET", path, Api.ADMIN, null).status()).as("another key").isEqualTo(200);
      assertThat(api.get("/metrics").text())
          .contains("redrive_http_limited_total{caller=\"key vic\"} 1.0")
          .contains("redrive_http_limited_total{caller=\"key ada\"} 0.0");
      assertThat(api.call("GET", "/health/live", null, null).status()).isEqualTo(200);
    }
  }

  @Test
  void aKeyMayHaveALimitOfItsOwn() throws IOException {
    ApiKey busy = new ApiKey("busy", KeyHash.of("busy"), Role.VIEWER, false, Set.of(), 100);
    HttpOptions options = new HttpOptions("127.0.0.1", 0, 10, true, List.of(busy)).limited(1);
    try (Api api = new Api(options)) {
      Reply reply = api.call("GET", "/api/dlq", "busy", null);
      assertThat(reply.header("X-RateLimit-Limit")).isEqualTo("1000");
    }
  }

  @Test
  void whoGuessesIsSlowedDownAndLocksOutNobody() throws IOException {
    try (Api api = limited()) {
      Reply refused = api.call("GET", "/api/dlq", "guess", null);
      assertThat(refused.status()).isEqualTo(401);
      for (int i = 0; i < 30 && refused.status() == 401; i++) {
        refused = api.call("GET", "/api/dlq", i % 2 == 0 ? null : "guess " + i, null);
      }
      assertThat(refused.status()).isEqualTo(429);
      assertThat(api.call("GET", "/api/dlq", Api.VIEWER, null).status()).isEqualTo(200);
    }
  }

  @Test
  void withoutALimitNobodyIsToldOfOne() throws IOException {
    try (Api api = Api.start()) {
      assertThat(api.get("/api/dlq").headers()).doesNotContainKey("x-ratelimit-limit");
    }
  }

  private static Api limited() throws IOException {
    return new Api(new HttpOptions("127.0.0.1", 0, 1_024, true, Api.KEYS).limited(1));
  }
}
