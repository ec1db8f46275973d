// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.HeadCodec;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import java.io.File;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.processor.BatchingStateRestoreCallback;
import org.apache.kafka.streams.processor.CommitCallback;
import org.apache.kafka.streams.processor.StateRestoreCallback;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;

/**
 * A store driven as Streams would: a task's context, a transactional producer, and the changelog
 * with its records, of which those of aborted transactions are never read back.
 */
final class StoreKit implements AutoCloseable {
  static final TopicPartition CHANGELOG = new TopicPartition("app-letters-changelog", 3);
  static final TopicPartition INPUT = new TopicPartition("redrive-ledger", 3);

  final Ticker clock = new Ticker();
  final LetterDatabases databases;
  final MockProducer<byte[], byte[]> kafka =
      new MockProducer<>(
          true, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
  final Producer<byte[], byte[]> producer;
  final LetterStore store;
  final Map<Long, KeyValue<byte[], byte[]>> changelog = new LinkedHashMap<>();
  private final ConsumerGroupMetadata group =
      new MockConsumer<byte[], byte[]>("earliest").groupMetadata();
  private final Path stateDir;
  private final List<KeyValue<byte[], byte[]>> pending = new ArrayList<>();
  private BatchingStateRestoreCallback restore;
  private long sent;
  private final List<Future<org.apache.kafka.clients.producer.RecordMetadata>> sends =
      new ArrayList<>();
  private boolean inTransaction;

  StoreKit(Path stateDir) {
    this(stateDir, StoreSettings.DEFAULTS);
  }

  StoreKit(Path stateDir, StoreSettings settings) {
    this.stateDir = stateDir;
    this.databases = new LetterDatabases(settings, clock);
    this.producer =
        new CommittingClientSupplier(databases, new Clients())
            .getProducer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "app-1"));
    this.store = new LetterStore("letters", databases);
    init();
    producer.initTransactions();
  }

  void init() {
    store.init(new Context(), store);
    store.committedOffset(CHANGELOG);
  }

  Path taskDirectory() {
    return stateDir.resolve("app").resolve("1_3");
  }

  Path directory() {
    return databases.directory(taskDirectory().toFile(), "letters", 3);
  }

  void put(byte[] key, byte[] value) {
    store.put(Bytes.wrap(key), value);
    if (!inTransaction) {
      producer.beginTransaction();
      inTransaction = true;
    }
    sends.add(producer.send(new ProducerRecord<>(CHANGELOG.topic(), 3, key, value)));
    pending.add(KeyValue.pair(key, value));
  }

  void put(Letter letter) {
    put(RowKey.letter(letter.id()), Letters.row(letter));
  }

  void putHead(Letter letter) {
    put(RowKey.head(letter.id()), HeadCodec.encode(letter.head()));
  }

  void remove(LetterId id) {
    put(RowKey.letter(id), null);
    put(RowKey.head(id), null);
  }

  /** As Streams commits: offsets, then the transaction; nothing where nothing was done. */
  void commit() {
    producer.sendOffsetsToTransaction(
        Map.of(INPUT, new OffsetAndMetadata(sent + pending.size())), group);
    producer.commitTransaction();
    record();
  }

  ConsumerGroupMetadata group() {
    return group;
  }

  /** What was sent is in the changelog, whatever became of the store. */
  void record() {
    for (KeyValue<byte[], byte[]> each : pending) {
      changelog.put(sent++, each);
    }
    pending.clear();
    inTransaction = false;
  }

  void abort() {
    producer.abortTransaction();
    sent += pending.size();
    pending.clear();
    inTransaction = false;
  }

  /** The changelog as another task has written it meanwhile; what this one writes comes after. */
  void follow(StoreKit other) {
    changelog.putAll(other.changelog);
    kafka.beginTransaction();
    for (; sent < other.sent; sent++) {
      var unused = kafka.send(new ProducerRecord<>(CHANGELOG.topic(), 3, null, null));
    }
    kafka.commitTransaction();
  }

  /** Restores what lies after the stored offset, in batches, and says how many records. */
  int restore(int batchSize) {
    long from = store.committedOffset(CHANGELOG);
    List<KeyValue<byte[], byte[]>> batch = new ArrayList<>();
    int count = 0;
    long last = from;
    for (Map.Entry<Long, KeyValue<byte[], byte[]>> each : changelog.entrySet()) {
      if (each.getKey() > from) {
        batch.add(each.getValue());
        last = each.getKey();
        count++;
        if (batch.size() == batchSize) {
          restore.restoreAll(List.copyOf(batch));
          batch.clear();
        }
      }
    }
    if (!batch.isEmpty()) {
      restore.restoreAll(List.copyOf(batch));
    }
    store.commit(Map.of(CHANGELOG, last));
    return count;
  }

  void restore(Collection<KeyValue<byte[], byte[]>> records) {
    restore.restoreAll(records);
  }

  <R> R ask(Query<R> query) {
    QueryResult<R> answer = result(query);
    if (answer.isFailure()) {
      throw new InvalidStateStoreException(answer.getFailureMessage());
    }
    return answer.getResult();
  }

  <R> QueryResult<R> result(Query<R> query) {
    return store.query(query, PositionBound.unbounded(), new QueryConfig(false));
  }

  List<String> audit() {
    return databases.audit("letters", 3);
  }

  StoreFigures figures() {
    return databases.figures().get(0);
  }

  @Override
  public void close() {
    store.close();
    databases.close();
  }

  /** A clock that a test moves. */
  static final class Ticker extends Clock {
    long now = Letters.MONDAY;

    @Override
    public long millis() {
      return now;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(now);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private final class Clients implements KafkaClientSupplier {
    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
      return kafka;
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
      throw new UnsupportedOperationException();
    }
  }

  private final class Context implements StateStoreContext {
    @Override
    public String applicationId() {
      return "app";
    }

    @Override
    public TaskId taskId() {
      return new TaskId(1, 3);
    }

    @Override
    public Optional<RecordMetadata> recordMetadata() {
      return Optional.empty();
    }

    @Override
    public Serde<?> keySerde() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Serde<?> valueSerde() {
      throw new UnsupportedOperationException();
    }

    @Override
    public File stateDir() {
      return taskDirectory().toFile();
    }

    @Override
    public StreamsMetrics metrics() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void register(StateStore root, StateRestoreCallback callback) {
      restore = (BatchingStateRestoreCallback) callback;
    }

    @Override
    public void register(StateStore root, StateRestoreCallback callback, CommitCallback commit) {
      restore = (BatchingStateRestoreCallback) callback;
    }

    @Override
    public Map<String, Object> appConfigs() {
      return new HashMap<>();
    }

    @Override
    public Map<String, Object> appConfigsWithPrefix(String prefix) {
      return new HashMap<>();
    }
  }
}
