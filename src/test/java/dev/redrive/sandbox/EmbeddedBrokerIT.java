// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(60)
class EmbeddedBrokerIT {
  @TempDir Path dir;

  @Test
  void recordsSurviveARestartOnAnotherPort() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(dir, 0, Map.of())) {
      produce(broker, "first");
      assertThat(consumed(broker, 1)).containsExactly("first");
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(dir, 0, Map.of())) {
      produce(broker, "second");
      assertThat(consumed(broker, 2)).containsExactly("first", "second");
    }
  }

  @Test
  void producersCanUseTransactions() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(dir, 0, Map.of())) {
      Map<String, Object> settings =
          Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "t");
      try (KafkaProducer<String, String> producer =
          new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
        producer.initTransactions();
        producer.beginTransaction();
        Future<RecordMetadata> sent = producer.send(new ProducerRecord<>("greetings", "committed"));
        producer.commitTransaction();
        assertThat(sent).isDone();
      }
      assertThat(consumed(broker, 1)).containsExactly("committed");
    }
  }

  @Test
  void aTakenPortIsToldAtOnce() throws Exception {
    try (ServerSocket taken = listening()) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> EmbeddedBroker.start(dir, port, Map.of()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("127.0.0.1:" + port)
          .hasRootCauseInstanceOf(BindException.class);
      assertThat(dir).isEmptyDirectory();
    }
  }

  @Test
  void aStartThatFailsHalfwayLeavesNothingRunning() throws Exception {
    Set<Thread> before = nonDaemonThreads();
    try (ServerSocket taken = listening()) {
      // The controller listens and starts; then the broker finds its port taken.
      int free = freePort();
      Map<String, String> overrides =
          Map.of(
              "listeners",
              "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                  .formatted(taken.getLocalPort(), free),
              "controller.quorum.voters",
              "1@127.0.0.1:" + free);
      int port = freePort();
      Logger kafka = (Logger) LoggerFactory.getLogger("kafka");
      kafka.setLevel(Level.OFF);
      assertThatThrownBy(() -> EmbeddedBroker.start(dir, port, overrides))
          .isInstanceOf(IllegalStateException.class);
      kafka.setLevel(Level.ERROR);
    }
    await()
        .pollInSameThread()
        .untilAsserted(() -> assertThat(nonDaemonThreads()).isSubsetOf(before));
  }

  @Test
  void overridesWin() {
    Map<String, String> wrong = Map.of("process.roles", "baker");
    assertThatThrownBy(() -> EmbeddedBroker.start(dir, 0, wrong)).hasMessageContaining("baker");
  }

  private static void produce(EmbeddedBroker broker, String value) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>("greetings", value)).get();
    }
  }

  private static List<String> consumed(EmbeddedBroker broker, int count) throws IOException {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", broker.bootstrapServers(),
            "group.id", "readers",
            "auto.offset.reset", "earliest",
            "enable.auto.commit", false,
            "isolation.level", "read_committed");
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of("greetings"));
      while (values.size() < count) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
          values.add(record.value());
        }
      }
    }
    return values;
  }

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = listening()) {
      return socket.getLocalPort();
    }
  }

  private static Set<Thread> nonDaemonThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && !thread.isDaemon())
        .collect(Collectors.toSet());
  }
}
