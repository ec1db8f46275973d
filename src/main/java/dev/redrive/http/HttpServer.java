// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.config.Role;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.Header;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server, from the start until it is closed. */
public final class HttpServer implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(HttpServer.class);
  private static final long STOP_MS = 5_000;

  private static final Duration TLS_LOOK = Duration.ofSeconds(30);

  /**
   * Longer than any request waits: Jetty may end a connection just after the answer to a request
   * that took as long as it may be idle.
   */
  private static final long IDLE_MS = 90_000;

  /** How long a stop waits for connections that are open but ask nothing. */
  private static final long IDLE_AT_STOP_MS = 100;

  private final Javalin javalin;
  private final GracefulHandler requests;
  private final List<Route> routes;
  private final @Nullable Tls tls;

  private HttpServer(
      Javalin javalin, GracefulHandler requests, List<Route> routes, @Nullable Tls tls) {
    this.javalin = javalin;
    this.requests = requests;
    this.routes = routes;
    this.tls = tls;
  }

  /**
   * Starts it.
   *
   * @param families the operations of all API families, and what peers ask
   * @throws BindException where the port is taken or the address is not this machine's
   * @throws IOException where the files for TLS can't be used
   * @throws IllegalArgumentException where it would let anybody in over the network
   */
  public static HttpServer start(HttpOptions options, List<Route> families, Probes probes)
      throws IOException {
    if (options.keyless() && !InetAddress.getByName(options.host()).isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "without a key in auth.keys the server listens on loopback only, not on "
              + options.host());
    }
    List<Route> routes = new ArrayList<>(families);
    routes.addAll(new ServiceRoutes(probes).routes());
    GracefulHandler requests = new GracefulHandler();
    TlsIdentity identity = options.tls();
    Tls tls = identity == null ? null : Tls.open(identity, TLS_LOOK);
    Javalin javalin =
        Javalin.create(config -> configure(config, options, routes, probes, requests, tls));
    try {
      javalin.start(options.host(), options.port());
    } catch (JavalinBindException e) {
      javalin.stop();
      if (tls != null) {
        tls.close();
      }
      BindException bind =
          new BindException("can't listen on " + options.host() + ":" + options.port());
      bind.initCause(e);
      throw bind;
    }
    for (Connector connector : javalin.jettyServer().server().getConnectors()) {
      if (connector instanceof AbstractConnector listening) {
        listening.setIdleTimeout(IDLE_MS);
        listening.setShutdownIdleTimeout(IDLE_AT_STOP_MS);
      }
    }
    return new HttpServer(javalin, requests, List.copyOf(routes), tls);
  }

  /** The port it listens on. */
  public int port() {
    return javalin.port();
  }

  /** Every operation it has. */
  public List<Route> routes() {
    return routes;
  }

  /** Takes no more requests, and lets those that are under way end for a bounded time. */
  @Override
  public void close() {
    // Before the server stops: it would cut a request that waits longer than an idle connection.
    try {
      requests.shutdown().get(STOP_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOGGER.atWarn().log("Requests were under way for too long and are cut");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stop();
    if (tls != null) {
      tls.close();
    }
  }

  /**
   * Jetty throws where connections outlast its stop time-out; it has stopped and cut them then.
   * Javalin lets that through though it declares no checked exception.
   */
  private void stop() {
    try {
      javalin.stop();
    } catch (Exception e) {
      LOGGER.atInfo().setCause(e).log("connections were cut when the HTTP server stopped");
    }
  }

  private static void configure(
      JavalinConfig config,
      HttpOptions options,
      List<Route> routes,
      Probes probes,
      GracefulHandler requests,
      @Nullable Tls tls) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.prefer405over404 = true;
    config.http.maxRequestSize = options.maxBody();
    config.jetty.modifyServer(server -> prepare(server, requests));
    config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
    if (tls != null) {
      config.jetty.addConnector(
          (server, http) -> tls.connector(server, http, options.host(), options.port()));
    }
    config.requestLogger.http(new RequestMetrics(probes.metrics()));
    Errors.register(config);

    Gate gate = new Gate(options.keys(), options.tokens(), options.perSecond(), probes.metrics());
    Predicate<String> open =
        routes.stream()
            .filter(route -> route.guarded() || (options.open() && route.role() == null))
            .map(route -> Literals.pattern(route.path()).asMatchPredicate())
            .reduce(path -> false, Predicate::or);
    Literals literals = new Literals(routes);
    config.routes.before(
        request -> {
          Staleness.forget();
          requireOwnMethod(request);
          admit(request, gate, open, options);
          literals.refuse(request);
        });
    routes.forEach(route -> add(config, route));
    config.routes.after(Staleness::tell);
    config.routes.after(RequestBody::dropUnread);
  }

  /**
   * Javalin takes the method from this header where it is there, so that a GET could delete. Who
   * sends it means it, so it is not just ignored.
   */
  private static void requireOwnMethod(Context request) {
    if (request.header(Header.X_HTTP_METHOD_OVERRIDE) != null) {
      throw Problem.of(
          400,
          "invalid_request",
          "the method is that of the request; leave out the header "
              + Header.X_HTTP_METHOD_OVERRIDE);
    }
  }

  /** Whatever is not known to be open needs a key, paths that do not exist too. */
  private static void admit(
      Context request, Gate gate, Predicate<String> open, HttpOptions options) {
    request.header("X-Content-Type-Options", "nosniff");
    if (!open.test(request.path())) {
      request.header("Cache-Control", "no-store");
      gate.admit(request).enter(request);
      Views.enter(request, options.audit());
      Places.enter(request, options.secret());
    }
    RequestBody.limit(request, options.maxBody());
  }

  private static void add(JavalinConfig config, Route route) {
    Role role = route.role();
    Handler own = Errors.guarded(route.handler());
    Handler handler =
        role == null
            ? own
            : request -> {
              Gate.require(Caller.of(request), role);
              own.handle(request);
            };
    config.routes.addHttpHandler(route.method(), route.path(), handler);
    if (route.method().equals(HandlerType.GET)) {
      // Javalin would answer 200 by itself, whatever a GET would be answered, and to whom.
      config.routes.addHttpHandler(HandlerType.HEAD, route.path(), handler);
    }
  }

  private static void prepare(Server server, GracefulHandler requests) {
    server.setErrorHandler(new JettyErrors());
    server.insertHandler(requests);
    // A bound, not a wait: on a busy machine twice the idle time was too short, and stopping
    // failed.
    server.setStopTimeout(20 * IDLE_AT_STOP_MS);
  }
}
