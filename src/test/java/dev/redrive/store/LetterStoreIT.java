// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redrive.codec.LetterRow;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.Letter;
import dev.redrive.sandbox.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.query.StateQueryResult;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The store under Streams itself and a real broker: commits, errors, a cut after a commit. */
@Timeout(180)
class LetterStoreIT {
  private static final String INPUT = "failures";
  private static final int PARTITIONS = 2;

  @TempDir Path brokerDir;
  @TempDir Path stateDir;
  private EmbeddedBroker broker;
  private LetterDatabases databases;
  private KafkaStreams streams;
  private final AtomicBoolean failNext = new AtomicBoolean();
  private final AtomicBoolean cutNext = new AtomicBoolean();
  private final AtomicInteger replaced = new AtomicInteger();

  @BeforeEach
  void start() throws Exception {
    broker = EmbeddedBroker.start(brokerDir, 0, Map.of());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(INPUT, PARTITIONS, (short) 1),
                  new NewTopic("app-letters-changelog", PARTITIONS, (short) 1)
                      .configs(Map.of("cleanup.policy", "compact"))))
          .all()
          .get();
    }
    startStreams();
  }

  @AfterEach
  void stop() {
    stopStreams();
    broker.close();
  }

  @Test
  void errorsAndCutsCostATailAndARestartNothing() {
    send(0, 300);
    awaitLetters(300);

    failNext.set(true);
    send(300, 310);
    awaitLetters(310);
    assertThat(replaced).hasValue(1);
    assertThat(restored()).isZero();

    cutNext.set(true);
    send(310, 320);
    awaitLetters(320);
    assertThat(replaced).hasValue(2);
    assertThat(restored()).isBetween(1L, 10L);
    assertAgreement();

    stopStreams();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      Path directory = stateDir.resolve("app-letters").resolve("letters-" + partition);
      try (StoreAudit audit = StoreAudit.of(directory)) {
        assertThat(audit.disagreements()).isEmpty();
        assertThat(audit.isAheadOfOffset()).isFalse();
      }
    }

    startStreams();
    awaitLetters(320);
    assertThat(restored()).isZero();
    assertAgreement();
  }

  private void startStreams() {
    databases = new LetterDatabases(StoreSettings.DEFAULTS, Clock.systemUTC());
    Topology topology = new Topology();
    topology.addSource(
        "source", Serdes.ByteArray().deserializer(), Serdes.ByteArray().deserializer(), INPUT);
    topology.addProcessor("keep", Keeper::new, "source");
    topology.addStateStore(LetterStores.builder("letters", databases, Map.of()), "keep");
    streams =
        new KafkaStreams(
            topology, config(), new CommittingClientSupplier(databases, new CuttingClients()));
    streams.setUncaughtExceptionHandler(
        failure -> {
          replaced.incrementAndGet();
          return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    streams.start();
  }

  private void stopStreams() {
    streams.close(Duration.ofSeconds(30));
    databases.close();
  }

  private Properties config() {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "app");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50);
    config.put("auto.offset.reset", "earliest");
    // A thread that died is waited for so long.
    config.put("session.timeout.ms", 6_000);
    config.put("heartbeat.interval.ms", 1_500);
    return config;
  }

  private void send(int from, int to) {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = from; i < to; i++) {
        Letter letter = Letters.letter("p", "r" + i, Letters.MONDAY + i, "c", i, i + 1);
        var unused =
            producer.send(new ProducerRecord<>(INPUT, i % PARTITIONS, null, Letters.row(letter)));
      }
    }
  }

  private void awaitLetters(int count) {
    await()
        .atMost(Duration.ofSeconds(90))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(letters()).isEqualTo(count));
  }

  private long letters() {
    StateQueryResult<Totals> answer =
        streams.query(
            StateQueryRequest.inStore("letters")
                .withQuery(new TotalsQuery(Long.MIN_VALUE, Long.MAX_VALUE)));
    assertThat(answer.getPartitionResults()).hasSize(PARTITIONS);
    return answer.getPartitionResults().values().stream()
        .flatMap(part -> part.getResult().counts().values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  private long restored() {
    return databases.figures().stream().mapToLong(StoreFigures::restored).sum();
  }

  private void assertAgreement() {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      assertThat(databases.audit("letters", partition)).isEmpty();
    }
  }

  /** Keeps each letter, and fails once when told to. */
  private final class Keeper implements Processor<byte[], byte[], Void, Void> {
    private KeyValueStore<Bytes, byte[]> store;

    @Override
    public void init(ProcessorContext<Void, Void> context) {
      store = context.getStateStore("letters");
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      store.put(
          Bytes.wrap(RowKey.letter(LetterRow.head(record.value()).facts().letterId())),
          record.value());
      if (failNext.compareAndSet(true, false)) {
        throw new IllegalStateException("told to fail");
      }
    }
  }

  /** Clients whose producers lose the news of a commit when told to. */
  private final class CuttingClients implements KafkaClientSupplier {
    @Override
    public Admin getAdmin(Map<String, Object> config) {
      return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
      return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()) {
        @Override
        public void commitTransaction() {
          super.commitTransaction();
          if (cutNext.compareAndSet(true, false)) {
            throw new KafkaException("told to lose the news of a commit");
          }
        }
      };
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
      return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
      return getConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
      return getConsumer(config);
    }
  }
}
