// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.redrive.Redrive;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.sandbox.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker, one Redrive on it that may be stopped and started, and what writes to its topics. */
final class Rig implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(60);

  /** The error topic that settings name where a test says nothing else. */
  static final String ERRORS = "redrive-errors";

  private final Path dir;
  private final EmbeddedBroker broker;
  private final Map<String, String> settings = new HashMap<>();
  final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;
  private Optional<Redrive> redrive = Optional.empty();

  private Rig(Path dir, EmbeddedBroker broker) {
    this.dir = dir;
    this.broker = broker;
    Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
    this.admin = Admin.create(client);
    Map<String, Object> producing = new HashMap<>(client);
    producing.put("max.request.size", 32 << 20);
    producing.put("linger.ms", 5);
    this.producer =
        new KafkaProducer<>(producing, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Starts the broker alone; its topics come only when they are created. */
  static Rig start(Path dir, Map<String, String> brokerSettings) {
    Map<String, String> all = new HashMap<>(brokerSettings);
    all.put("auto.create.topics.enable", "false");
    return new Rig(dir, EmbeddedBroker.start(dir.resolve("kafka"), 0, all));
  }

  /** Starts an instance and returns when it answers for all of its partitions. */
  Redrive startRedrive(Map<String, String> more) throws Exception {
    Redrive started = beginRedrive(more);
    await().atMost(READY).until(started::ready);
    return started;
  }

  /** Starts an instance and does not wait for it. */
  Redrive beginRedrive(Map<String, String> more) throws Exception {
    settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
    settings.put("state-dir", dir.resolve("state").toString());
    settings.put("http.port", "0");
    settings.put("topics.partitions", "2");
    settings.put("stream-threads", "2");
    settings.put("store.block-cache", "16MiB");
    settings.put("store.write-buffers", "16MiB");
    settings.putAll(more);
    Redrive started = Redrive.start(SettingsLoader.of(settings), Clock.systemUTC());
    redrive = Optional.of(started);
    return started;
  }

  void stopRedrive() {
    redrive.ifPresent(Redrive::close);
    redrive = Optional.empty();
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  Web web() {
    return new Web(redrive.orElseThrow().httpPort(), Optional.empty());
  }

  Follower follow(String... topics) {
    return new Follower(broker.bootstrapServers(), List.of(topics));
  }

  /** Follows events of which only place, key and type matter. */
  Follower followTypes(String topic) {
    return new Follower(broker.bootstrapServers(), List.of(topic), Follower::typeOnly);
  }

  void create(String topic, int partitions, Map<String, String> configs) throws Exception {
    admin
        .createTopics(
            List.of(
                new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(configs)))
        .all()
        .get();
  }

  void configure(String topic, String name, String value) throws Exception {
    admin
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
        .all()
        .get();
  }

  /** Returns when the broker has it. */
  RecordMetadata send(ProducerRecord<byte[], byte[]> record) throws Exception {
    return producer.send(record).get();
  }

  /** Returns when the broker has all of them. */
  void send(List<ProducerRecord<byte[], byte[]>> records)
      throws InterruptedException, ExecutionException {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    records.forEach(record -> sent.add(producer.send(record)));
    for (Future<RecordMetadata> each : sent) {
      each.get();
    }
  }

  /** Sends a command, whatever it reads like. */
  void command(String json) throws Exception {
    send(new ProducerRecord<>("redrive-commands", 0, null, json.getBytes(UTF_8)));
  }

  @Override
  public void close() {
    stopRedrive();
    producer.close();
    admin.close();
    broker.close();
  }
}
