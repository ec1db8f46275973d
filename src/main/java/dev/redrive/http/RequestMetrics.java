// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import io.javalin.http.Context;
import io.javalin.http.RequestLogger;
import io.javalin.router.Endpoint;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;

/**
 * Times requests by route template, method and status. All three come from closed sets, so that
 * nobody can make series without end by asking for odd paths.
 */
final class RequestMetrics implements RequestLogger {
  private static final Set<String> METHODS =
      Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD");
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  private final MeterRegistry registry;

  RequestMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void handle(Context request, Float millis) {
    Endpoint route = request.endpoints().matchedHttpEndpoint();
    String method = request.method().name();
    Timer.builder("redrive.http.requests")
        .description("HTTP requests, by route")
        .tag("method", METHODS.contains(method) ? method : "other")
        .tag("route", route == null ? "none" : route.path)
        .tag("status", Integer.toString(request.statusCode()))
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(Duration.ofNanos((long) (millis * 1_000_000)));
  }
}
