// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.redrive.cli.SandboxOptions;
import dev.redrive.config.KeyHash;
import dev.redrive.sandbox.sample.SamplePipeline;
import dev.redrive.sandbox.sample.SampleTopics;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * Redrive with everything around it in this process: a broker, Redrive itself and pipelines that
 * fail. Listens on 127.0.0.1 only.
 */
public final class Sandbox implements AutoCloseable {
  /** May do everything, in all API families. */
  static final String API_KEY = "sandbox";

  private final OpenParts parts;
  private final int httpPort;
  private final String bootstrapServers;

  private Sandbox(OpenParts parts, int httpPort, String bootstrapServers) {
    this.parts = parts;
    this.httpPort = httpPort;
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Runs until Ctrl-C or SIGTERM, then stops within ten seconds.
   *
   * @param out gets what to try
   * @param err gets why it did not start, one line
   * @return the exit code: 0, or 1 if it did not start
   */
  public static int run(
      SandboxOptions options, RedriveStarter redrive, PrintStream out, PrintStream err) {
    try (OpenParts parts = new OpenParts()) {
      StopSignal signal = StopSignal.on(parts::close);
      refuseTakenPorts(options);
      quieten();
      out.println("Starting a Kafka broker, Redrive and a sample pipeline ...");
      DataDir data = DataDir.open(options.dataDirectory());
      Sandbox sandbox = open(parts, options, data, redrive);
      out.println(Welcome.text(sandbox.httpPort, sandbox.bootstrapServers, data));
      signal.await();
      return 0;
    } catch (IllegalStateException e) {
      err.println(e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /**
   * The same for a program that stops it itself.
   *
   * @throws IllegalStateException with one line that says what to do, if it does not start
   */
  public static Sandbox start(SandboxOptions options, RedriveStarter redrive) {
    OpenParts parts = new OpenParts();
    try {
      refuseTakenPorts(options);
      return open(parts, options, DataDir.open(options.dataDirectory()), redrive);
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  /** Of Redrive, on 127.0.0.1. */
  public int httpPort() {
    return httpPort;
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** In reverse order of the start; may be called again. */
  @Override
  public void close() {
    parts.close();
  }

  private static Sandbox open(
      OpenParts parts, SandboxOptions options, DataDir data, RedriveStarter redrive) {
    parts.add("data directory", data::close);
    EmbeddedBroker broker = EmbeddedBroker.start(data.kafka(), options.kafkaPort(), Map.of());
    parts.add("broker", broker::close);
    String bootstrap = broker.bootstrapServers();
    RedriveStarter.Running running = redrive.start(settings(options, data, bootstrap));
    parts.add("redrive", running::close);
    SamplePipeline sample =
        SamplePipeline.start(Map.of("bootstrap.servers", bootstrap), SampleTopics.DEFAULT);
    parts.add("sample", sample::close);
    return new Sandbox(parts, running.httpPort(), bootstrap);
  }

  private static Map<String, String> settings(
      SandboxOptions options, DataDir data, String bootstrap) {
    return Map.of(
        "kafka.bootstrap.servers",
        bootstrap,
        "state-dir",
        data.state().toString(),
        "http.host",
        Ports.HOST,
        "http.port",
        String.valueOf(options.httpPort()),
        "auth.keys[0].name",
        API_KEY,
        "auth.keys[0].sha256",
        KeyHash.of(API_KEY).hex(),
        "auth.keys[0].role",
        "admin");
  }

  private static void refuseTakenPorts(SandboxOptions options) {
    List<String> taken = new ArrayList<>();
    if (Ports.isTaken(options.httpPort())) {
      taken.add("port %d, choose another with --http-port".formatted(options.httpPort()));
    }
    if (Ports.isTaken(options.kafkaPort())) {
      taken.add("port %d, choose another with --kafka-port".formatted(options.kafkaPort()));
    }
    if (!taken.isEmpty()) {
      throw new IllegalStateException(
          "Taken on %s: %s (0 takes a free one)".formatted(Ports.HOST, String.join("; ", taken)));
    }
  }

  /** Warnings of every start that mean nothing where the broker is in the same process. */
  private static void quieten() {
    List<String> noisy =
        List.of(
            "org.apache.kafka.controller.QuorumController",
            "org.apache.kafka.clients.NetworkClient");
    for (String name : noisy) {
      if (LoggerFactory.getLogger(name) instanceof Logger logger) {
        logger.setLevel(Level.ERROR);
      }
    }
  }
}
