// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Health, metrics, the API's description and the first page. */
final class ServiceRoutes {
  private static final String OPEN_METRICS = "application/openmetrics-text";
  private static final String OPEN_METRICS_TYPE = OPEN_METRICS + "; version=1.0.0; charset=utf-8";
  private static final String TEXT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Probes probes;
  private final byte[] openApi = resource("openapi.yaml");
  private final byte[] index = resource("index.html");

  ServiceRoutes(Probes probes) {
    this.probes = probes;
  }

  List<Route> routes() {
    List<Route> routes = new ArrayList<>(new DocsPage().routes());
    routes.addAll(service());
    return routes;
  }

  private List<Route> service() {
    return List.of(
        Route.open("/health/live", this::live),
        Route.open("/health/ready", this::ready),
        Route.open("/metrics", this::metrics),
        Route.open("/openapi.yaml", request -> file(request, "application/yaml", openApi)),
        Route.open("/", request -> file(request, "text/html; charset=utf-8", index)));
  }

  private void live(Context request) {
    boolean alive = probes.alive().getAsBoolean();
    health(request, alive, alive ? "running" : "a thread that must not end has ended");
  }

  private void ready(Context request) {
    Probes.Readiness readiness = probes.readiness().get();
    health(request, readiness.ready(), readiness.reason());
  }

  private static void health(Context request, boolean good, String reason) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("status", good ? "ok" : "unavailable").put("reason", reason);
    request.header("Cache-Control", "no-store");
    Json.answer(request, good ? 200 : 503, body);
  }

  /** In the format that the scraper asks for, the classic text format by default. */
  private void metrics(Context request) throws IOException {
    if (Caller.find(request).filter(Caller::restricted).isPresent()) {
      throw Problem.of(403, "forbidden", "metrics tell of pipelines that the key may not see");
    }
    String accept = request.header("Accept");
    String type = accept != null && accept.contains(OPEN_METRICS) ? OPEN_METRICS_TYPE : TEXT_TYPE;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    probes.metrics().scrape(out, type);
    request.contentType(type).result(out.toByteArray());
  }

  private static void file(Context request, String type, byte[] content) {
    request.contentType(type).result(content);
  }

  private static byte[] resource(String name) {
    try (InputStream in = ServiceRoutes.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
