// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.cluster;

import static java.util.stream.Collectors.joining;

import dev.redrive.testkit.FreePort;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kafka.tools.StorageTool;

/** One broker of several, a process of its own and a controller too. */
final class BrokerNode implements AutoCloseable {
  private final Path dir;
  private final Ports ports;
  private Process process;

  /**
   * Where it listens.
   *
   * @param clients for everybody
   * @param link for who reaches it by a link that may be cut
   */
  record Ports(int id, int clients, int link, int controller) {
    static Ports free(int id) {
      return new Ports(id, FreePort.find(), FreePort.find(), FreePort.find());
    }
  }

  private BrokerNode(Path dir, Ports ports) {
    this.dir = dir;
    this.ports = ports;
  }

  /**
   * Prepares its directory; it does not run yet.
   *
   * @param linkedAs the port that who comes by the link is told
   * @param all the ports of all brokers
   */
  static BrokerNode format(Path dir, Ports ports, int linkedAs, List<Ports> all, String clusterId)
      throws IOException {
    Files.createDirectories(dir);
    BrokerNode node = new BrokerNode(dir, ports);
    Files.write(
        node.file(),
        node.settings(linkedAs, all).entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue())
            .toList());
    int code =
        StorageTool.execute(
            new String[] {"format", "-t", clusterId, "-c", node.file().toString()},
            new PrintStream(OutputStream.nullOutputStream(), false));
    if (code != 0) {
      throw new IOException("kafka-storage format ended with " + code);
    }
    return node;
  }

  String address() {
    return "127.0.0.1:" + ports.clients();
  }

  Ports ports() {
    return ports;
  }

  void start() throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    process =
        new ProcessBuilder(
                java.toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "kafka.Kafka",
                file().toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
  }

  /** Fails where it has ended by itself, with what it said. */
  void requireAlive() throws IOException {
    if (!process.isAlive()) {
      throw new AssertionError("The broker has ended; it said: " + Files.readString(log()));
    }
  }

  long pid() {
    return process.pid();
  }

  /** {@code kill -9}, and waits until nothing of it is left. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private Path log() {
    return dir.resolve("log.txt");
  }

  private Path file() {
    return dir.resolve("broker.properties");
  }

  private Map<String, String> settings(int linkedAs, List<Ports> all) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", String.valueOf(ports.id()));
    settings.put("log.dirs", dir.resolve("data").toString());
    settings.put(
        "listeners",
        "PLAINTEXT://127.0.0.1:%d,LINK://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
            .formatted(ports.clients(), ports.link(), ports.controller()));
    settings.put(
        "advertised.listeners",
        "PLAINTEXT://127.0.0.1:%d,LINK://127.0.0.1:%d".formatted(ports.clients(), linkedAs));
    settings.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,LINK:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("inter.broker.listener.name", "PLAINTEXT");
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put(
        "controller.quorum.voters",
        all.stream()
            .map(each -> each.id() + "@127.0.0.1:" + each.controller())
            .collect(joining(",")));
    settings.putAll(REPLICATED);
    return settings;
  }

  /** As in production, but for small machines, and soon to know that a broker or member is dead. */
  private static final Map<String, String> REPLICATED =
      Map.ofEntries(
          Map.entry("default.replication.factor", "3"),
          Map.entry("min.insync.replicas", "2"),
          Map.entry("offsets.topic.replication.factor", "3"),
          Map.entry("offsets.topic.num.partitions", "3"),
          Map.entry("transaction.state.log.replication.factor", "3"),
          Map.entry("transaction.state.log.min.isr", "2"),
          Map.entry("transaction.state.log.num.partitions", "3"),
          Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"),
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          Map.entry("group.min.session.timeout.ms", "1000"),
          Map.entry("broker.session.timeout.ms", "6000"),
          Map.entry("broker.heartbeat.interval.ms", "1000"),
          Map.entry("auto.create.topics.enable", "false"),
          Map.entry("log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20)),
          Map.entry("log.index.size.max.bytes", String.valueOf(1 << 20)),
          Map.entry("num.network.threads", "2"),
          Map.entry("num.io.threads", "2"));
}
