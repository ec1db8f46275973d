// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox;

import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/**
 * One Kafka broker, its own controller, in this JVM, reachable on 127.0.0.1 only. This is the only
 * class that touches Kafka's internal server API; it fits the Kafka version in the pom.
 *
 * <p>Topics spring up when first written to, as on a broker fresh from its box: people come with
 * kcat and programs that expect it. What must not spring up with default settings (Redrive's own
 * topics) is created before anybody writes to it.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final int NODE_ID = 1;
  private static final int PORT_ATTEMPTS = 5;

  /** Kafka's own topics on one broker, a small heap and small files, no wait for more members. */
  private static final Map<String, String> FOR_ONE_NODE =
      Map.ofEntries(
          Map.entry("auto.create.topics.enable", "true"),
          Map.entry("default.replication.factor", "1"),
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("offsets.topic.num.partitions", "4"),
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("transaction.state.log.num.partitions", "4"),
          Map.entry("share.coordinator.state.topic.replication.factor", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"),
          Map.entry("share.coordinator.state.topic.num.partitions", "1"),
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          Map.entry("log.cleaner.dedupe.buffer.size", String.valueOf(16 << 20)),
          Map.entry("log.segment.bytes", String.valueOf(128 << 20)),
          Map.entry("log.index.size.max.bytes", String.valueOf(1 << 20)),
          Map.entry("num.network.threads", "2"),
          Map.entry("num.io.threads", "4"));

  private final KafkaRaftServer server;
  private final int port;

  private EmbeddedBroker(KafkaRaftServer server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Starts a broker and returns when it takes requests, after about two seconds.
   *
   * @param dir holds the broker's data and nothing else; created if missing, gone on with if not
   * @param port 0 for any free one
   * @param overrides broker settings that win over those chosen here
   * @throws IllegalStateException if it does not start; nothing is left running then
   */
  public static EmbeddedBroker start(Path dir, int port, Map<String, String> overrides) {
    for (int attempt = 1; ; attempt++) {
      try {
        return startOnce(dir, port, overrides);
      } catch (IllegalStateException e) {
        // Somebody else may take a free port between finding it and listening on it.
        if (!causedByTakenPort(e) || port != 0 || attempt == PORT_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** For a client's {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return Ports.HOST + ":" + port;
  }

  public int port() {
    return port;
  }

  /** Stops the broker and waits until its data is on disk. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  // The server throws whatever it likes, checked or not, and leaves non-daemon threads behind.
  private static EmbeddedBroker startOnce(Path dir, int wanted, Map<String, String> overrides) {
    KafkaRaftServer server = null;
    try {
      int port = Ports.listenOn(wanted);
      Properties settings = settings(dir, port, Ports.listenOn(0), overrides);
      format(dir);
      server = new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
      server.startup();
      return new EmbeddedBroker(server, port);
    } catch (Throwable e) {
      stop(server, e);
      String why = "The embedded broker did not start on %s:%d with its data in %s: %s";
      throw new IllegalStateException(why.formatted(Ports.HOST, wanted, dir, e.getMessage()), e);
    }
  }

  private static void stop(@Nullable KafkaRaftServer server, Throwable cause) {
    if (server == null) {
      return;
    }
    try {
      server.shutdown();
      server.awaitShutdown();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  /** The marker file is written last, so a format that was cut short is done again. */
  private static void format(Path dir) throws Exception {
    Files.createDirectories(dir);
    if (Files.exists(dir.resolve("meta.properties"))) {
      return;
    }
    new Formatter()
        .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false))
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(NODE_ID)
        .setControllerListenerName("CONTROLLER")
        .setMetadataLogDirectory(dir.toString())
        .addDirectory(dir.toString())
        .run();
  }

  private static Properties settings(
      Path dir, int port, int controllerPort, Map<String, String> overrides) {
    Map<String, String> settings = new HashMap<>();
    settings.put("node.id", String.valueOf(NODE_ID));
    settings.put("process.roles", "broker,controller");
    settings.put("log.dirs", dir.toString());
    settings.put(
        "listeners",
        "PLAINTEXT://%s:%d,CONTROLLER://%s:%d"
            .formatted(Ports.HOST, port, Ports.HOST, controllerPort));
    settings.put("advertised.listeners", "PLAINTEXT://%s:%d".formatted(Ports.HOST, port));
    settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put(
        "controller.quorum.voters", "%d@%s:%d".formatted(NODE_ID, Ports.HOST, controllerPort));
    settings.putAll(FOR_ONE_NODE);
    settings.putAll(overrides);
    Properties properties = new Properties();
    properties.putAll(settings);
    return properties;
  }

  private static boolean causedByTakenPort(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return true;
      }
    }
    return false;
  }
}
