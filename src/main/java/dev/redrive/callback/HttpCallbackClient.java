// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.callback;

import dev.redrive.config.CallbackSettings;
import dev.redrive.letter.CallbackReply;
import dev.redrive.letter.Letter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls over HTTP/1.1, each on a connection of its own, so that each asks the {@link CallbackGuard}
 * about its addresses. It keeps no cookies, answers no challenge and goes through no proxy. Of
 * redirects it follows those that keep the method (307, 308), and asks the guard each time.
 */
public final class HttpCallbackClient implements CallbackClient {
  private static final Logger LOGGER = LoggerFactory.getLogger(HttpCallbackClient.class);
  private static final int MAX_REDIRECTS = 3;
  private static final int THREADS = 12;
  private static final int MAX_ANSWER_HEADER = 64 * 1024;

  /** The vendor's status for what must not be tried again, and the header that goes with it. */
  private static final int NOT_RETRYABLE = 489;

  /** Looks names up; blocks. */
  public interface Names {
    List<InetAddress> addresses(String host) throws UnknownHostException;
  }

  private final CallbackGuard guard;
  private final Names names;
  private final Duration timeout;
  private final Semaphore room;
  private final HttpClient http;

  private HttpCallbackClient(
      CallbackGuard guard, Names names, Duration timeout, int concurrency, HttpClient http) {
    this.guard = guard;
    this.names = names;
    this.timeout = timeout;
    this.room = new Semaphore(concurrency);
    this.http = http;
  }

  /** Starts its threads; {@link CallbackClient#OFF} where no host is allowed. */
  public static CallbackClient start(CallbackSettings settings) {
    return settings
        .allowedHosts()
        .filter(hosts -> !hosts.isEmpty())
        .<CallbackClient>map(
            hosts ->
                start(
                    new CallbackGuard(hosts, settings.privateNetworks().orElse(List.of())),
                    host -> List.of(InetAddress.getAllByName(host)),
                    settings.timeout(),
                    settings.concurrency()))
        .orElse(OFF);
  }

  static HttpCallbackClient start(
      CallbackGuard guard, Names names, Duration timeout, int concurrency) {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
    threads.setName("redrive-callback");
    threads.setDaemon(true);
    ClientConnector connector = new ClientConnector();
    connector.setExecutor(threads);
    connector.setSelectors(1);
    HttpClient http = new HttpClient(new HttpClientTransportOverHTTP(connector));
    http.setExecutor(threads);
    http.setName("redrive-callback");
    http.setFollowRedirects(false);
    http.setHttpCookieStore(new HttpCookieStore.Empty());
    http.setUserAgentField(null);
    http.setMaxConnectionsPerDestination(concurrency);
    http.setMaxResponseHeadersSize(MAX_ANSWER_HEADER);
    http.setConnectTimeout(timeout.toMillis());
    http.setAddressResolutionTimeout(timeout.toMillis());
    http.setDestinationIdleTimeout(TimeUnit.MINUTES.toMillis(1));
    HttpCallbackClient client = new HttpCallbackClient(guard, names, timeout, concurrency, http);
    http.setSocketAddressResolver(client::resolve);
    client.open();
    return client;
  }

  private void open() {
    try {
      http.start();
    } catch (Exception e) {
      throw new IllegalStateException("the client of failure callbacks did not start", e);
    }
    // What would answer for us: challenges, redirects, early hints. And bodies come as they are.
    http.getProtocolHandlers().clear();
    http.getContentDecoderFactories().clear();
  }

  @Override
  public boolean call(String id, Supplier<Letter> letter, Consumer<CallbackReply> done) {
    if (!room.tryAcquire()) {
      return false;
    }
    AtomicBoolean told = new AtomicBoolean();
    Consumer<CallbackReply> end =
        reply -> {
          if (told.compareAndSet(false, true)) {
            room.release();
            done.accept(reply);
          }
        };
    try {
      http.getExecutor().execute(() -> begin(id, letter, end));
    } catch (RuntimeException e) {
      end.accept(CallbackReply.none("this instance is stopping"));
    }
    return true;
  }

  private void begin(String id, Supplier<Letter> letter, Consumer<CallbackReply> end) {
    try {
      Optional<CallbackRequest> request = CallbackRequest.of(id, letter.get());
      if (request.isEmpty()) {
        end.accept(CallbackReply.refused("the failed delivery names no failure callback"));
        return;
      }
      long deadline = System.nanoTime() + timeout.toNanos();
      new Call(request.get(), deadline, end).to(new URI(request.get().url()), 0);
    } catch (URISyntaxException e) {
      end.accept(CallbackReply.refused("its address cannot be read: " + e.getMessage()));
    } catch (RuntimeException e) {
      // The edge of this thread: let through, nobody would hear of the call.
      LOGGER.atWarn().addKeyValue("callback", id).setCause(e).log("calling it failed");
      end.accept(CallbackReply.none("it could not be called: " + e));
    }
  }

  /** One call, redirects included. */
  private final class Call {
    private final CallbackRequest request;
    private final long deadline;
    private final Consumer<CallbackReply> end;

    private Call(CallbackRequest request, long deadline, Consumer<CallbackReply> end) {
      this.request = request;
      this.deadline = deadline;
      this.end = end;
    }

    private void to(URI target, int redirects) {
      Optional<String> refusal = guard.refusal(target);
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (refusal.isPresent()) {
        end.accept(CallbackReply.refused("not called: " + refusal.get()));
      } else if (left <= 0) {
        end.accept(late());
      } else {
        post(target, redirects > 0)
            .timeout(left, TimeUnit.MILLISECONDS)
            .send(
                new BoundedAnswer(
                    CallbackReply.MAX_BODY, answer -> answered(answer, target, redirects)));
      }
    }

    private Request post(URI target, boolean redirected) {
      boolean elsewhere = redirected && !sameOrigin(target, URI.create(request.url()));
      return http.newRequest(target)
          .method(HttpMethod.POST)
          .headers(
              headers -> {
                if (!elsewhere) {
                  request
                      .given()
                      .forEach((name, values) -> values.forEach(value -> headers.add(name, value)));
                }
                request.own().forEach(headers::put);
                headers.put(HttpHeader.CONNECTION, "close");
              })
          .body(new BytesRequestContent("application/json", request.body().array()));
    }

    private void answered(BoundedAnswer answer, URI from, int redirects) {
      try {
        Optional<String> location = answer.redirect();
        if (location.isPresent() && redirects < MAX_REDIRECTS) {
          to(from.resolve(new URI(location.get())), redirects + 1);
        } else {
          end.accept(reply(answer));
        }
      } catch (URISyntaxException | IllegalArgumentException e) {
        end.accept(CallbackReply.none("it redirects to what is no address"));
      }
    }

    private CallbackReply reply(BoundedAnswer answer) {
      Throwable failure = answer.failure();
      if (failure instanceof RefusedAddressException refused) {
        return CallbackReply.refused("not called: " + refused.getMessage());
      }
      if (failure instanceof java.util.concurrent.TimeoutException) {
        return late();
      }
      if (failure != null) {
        return CallbackReply.none("no answer came: " + told(failure));
      }
      return CallbackReply.answered(
          answer.status(), answer.header(), answer.body(), answer.status() == NOT_RETRYABLE);
    }

    private CallbackReply late() {
      return CallbackReply.none("no answer came within " + timeout.toMillis() + " ms");
    }
  }

  private static boolean sameOrigin(URI one, URI other) {
    return one.getScheme().equalsIgnoreCase(other.getScheme())
        && one.getHost().equalsIgnoreCase(other.getHost())
        && one.getPort() == other.getPort();
  }

  private static String told(Throwable failure) {
    String message = failure.getMessage();
    return failure.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  /** A name stands for nothing where one of its addresses may not be called. */
  private static final class RefusedAddressException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedAddressException(String why) {
      super(why, null, false, false);
    }
  }

  private void resolve(
      String host,
      int port,
      Map<String, Object> context,
      Promise<List<InetSocketAddress>> addresses) {
    try {
      http.getExecutor().execute(() -> resolve(host, port, addresses));
    } catch (RuntimeException e) {
      addresses.failed(e);
    }
  }

  private void resolve(String host, int port, Promise<List<InetSocketAddress>> checked) {
    try {
      List<InetSocketAddress> all = new ArrayList<>();
      for (InetAddress address : names.addresses(host)) {
        Optional<String> refusal = guard.refusal(address);
        if (refusal.isPresent()) {
          checked.failed(new RefusedAddressException(host + " is " + refusal.get()));
          return;
        }
        all.add(new InetSocketAddress(address, port));
      }
      checked.succeeded(all);
    } catch (UnknownHostException | RuntimeException e) {
      checked.failed(e);
    }
  }

  @Override
  public void close() {
    try {
      http.stop();
    } catch (Exception e) {
      LOGGER.atWarn().setCause(e).log("the client of failure callbacks did not stop in order");
    }
  }
}
