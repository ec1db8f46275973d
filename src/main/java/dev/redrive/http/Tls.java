// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.thread.DaemonThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of the server. Files that were replaced are taken up while it runs, since certificates live
 * shorter than servers.
 */
final class Tls implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Tls.class);

  private final TlsIdentity identity;
  private final SslContextFactory.Server context = new SslContextFactory.Server();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("redrive-tls"));
  private final Future<?> looks;
  private List<FileTime> seen;

  private Tls(TlsIdentity identity, Duration look) throws IOException {
    this.identity = identity;
    this.seen = changed();
    use(context);
    long every = look.toMillis();
    this.looks = thread.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
  }

  /**
   * Reads the files for the first time.
   *
   * @param look how often is looked whether they have changed
   * @throws IOException saying what is wrong with them
   */
  static Tls open(TlsIdentity identity, Duration look) throws IOException {
    return new Tls(identity, look);
  }

  Connector connector(Server server, HttpConfiguration http, String host, int port) {
    HttpConfiguration secure = new HttpConfiguration(http);
    // A name that is not the certificate's is the client's to refuse; probes come by address.
    secure.addCustomizer(new SecureRequestCustomizer(false));
    ServerConnector connector =
        new ServerConnector(
            server,
            new SslConnectionFactory(context, "http/1.1"),
            new HttpConnectionFactory(secure));
    connector.setHost(host);
    connector.setPort(port);
    return connector;
  }

  @Override
  public void close() {
    looks.cancel(false);
    thread.shutdownNow();
  }

  /** What is not whole yet is looked at again; the old certificate serves meanwhile. */
  private void look() {
    try {
      List<FileTime> now = changed();
      if (!now.equals(seen)) {
        context.reload(
            factory -> {
              try {
                use((SslContextFactory.Server) factory);
              } catch (IOException e) {
                throw new IllegalStateException(e.getMessage(), e);
              }
            });
        seen = now;
        LOGGER.atInfo().log("the server's certificate was replaced");
      }
    } catch (Exception e) {
      // The outermost edge of this thread: without the next look the certificate would expire.
      LOGGER
          .atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("the server's new certificate can't be used; the old one stays");
    }
  }

  private void use(SslContextFactory.Server factory) throws IOException {
    factory.setKeyStore(identity.load());
    factory.setKeyStorePassword(identity.password());
    factory.setKeyManagerPassword(identity.password());
  }

  private List<FileTime> changed() throws IOException {
    List<FileTime> times = new ArrayList<>();
    for (Path file : identity.files()) {
      times.add(Files.getLastModifiedTime(file));
    }
    return times;
  }
}
