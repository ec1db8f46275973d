// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.cluster;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;

/** Three brokers, of which one may be killed while the others go on. */
final class Brokers implements AutoCloseable {
  private static final int COUNT = 3;
  private static final Duration UP = Duration.ofMinutes(4);

  private final List<BrokerNode> nodes;
  private final List<Proxy> link;

  private Brokers(List<BrokerNode> nodes, List<Proxy> link) {
    this.nodes = nodes;
    this.link = link;
  }

  /** Returns when all of them know each other. */
  static Brokers start(Path dir) throws IOException {
    List<BrokerNode.Ports> ports =
        IntStream.rangeClosed(1, COUNT).mapToObj(BrokerNode.Ports::free).toList();
    String clusterId = Uuid.randomUuid().toString();
    List<BrokerNode> nodes = new ArrayList<>();
    List<Proxy> link = new ArrayList<>();
    Brokers brokers = new Brokers(nodes, link);
    try {
      for (BrokerNode.Ports each : ports) {
        Proxy proxy = Proxy.to(each.link());
        link.add(proxy);
        BrokerNode node =
            BrokerNode.format(
                dir.resolve("broker-" + each.id()), each, proxy.port(), ports, clusterId);
        nodes.add(node);
        node.start();
      }
      brokers.awaitUp();
      return brokers;
    } catch (IOException | RuntimeException e) {
      brokers.close();
      throw e;
    }
  }

  String bootstrapServers() {
    return nodes.stream().map(BrokerNode::address).collect(Collectors.joining(","));
  }

  /** For a client that can be cut off: see {@link #cutLink}. */
  String bootstrapServersByLink() {
    return link.stream().map(each -> "127.0.0.1:" + each.port()).collect(Collectors.joining(","));
  }

  /** Whoever came by the link hears nothing any more, and is not heard. */
  void cutLink() {
    link.forEach(Proxy::cut);
  }

  void mendLink() {
    link.forEach(Proxy::mend);
  }

  BrokerNode node(int number) {
    return nodes.get(number);
  }

  void create(String topic, int partitions, Map<String, String> configs) throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(configs)))
          .all()
          .get();
    }
  }

  /** Waits until all are up and no partition lacks a replica, so that one more may be lost. */
  void awaitUp() {
    try (Admin admin = admin()) {
      await()
          .atMost(UP)
          .ignoreExceptionsInstanceOf(ExecutionException.class)
          .until(() -> isWhole(admin));
    }
  }

  @Override
  public void close() {
    nodes.forEach(BrokerNode::close);
    link.forEach(Proxy::close);
  }

  private boolean isWhole(Admin admin)
      throws ExecutionException, InterruptedException, IOException {
    for (BrokerNode node : nodes) {
      node.requireAlive();
    }
    if (admin.describeCluster().nodes().get().size() < COUNT) {
      return false;
    }
    return admin
        .describeTopics(admin.listTopics().names().get())
        .allTopicNames()
        .get()
        .values()
        .stream()
        .flatMap(topic -> topic.partitions().stream())
        .allMatch(partition -> partition.isr().size() == partition.replicas().size());
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
  }
}
