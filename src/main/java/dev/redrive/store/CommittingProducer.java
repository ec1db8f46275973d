// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;

/** A stream thread's producer that tells the letter stores how its transactions end. */
final class CommittingProducer implements Producer<byte[], byte[]> {
  private final Producer<byte[], byte[]> kafka;
  private final LetterDatabases databases;
  private final Transaction transaction = new Transaction();

  CommittingProducer(Producer<byte[], byte[]> kafka, LetterDatabases databases) {
    this.kafka = kafka;
    this.databases = databases;
  }

  /** The first call on the stream thread: producers are made on others. */
  @Override
  public void initTransactions() {
    kafka.initTransactions();
    databases.bind(transaction);
  }

  @Override
  public void beginTransaction() {
    kafka.beginTransaction();
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
    return send(record, null);
  }

  @Override
  public Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
    Transaction.ChangelogEnd end = transaction.sending(record.topic(), record.partition());
    if (end == null) {
      return kafka.send(record, callback);
    }
    return kafka.send(
        record,
        (metadata, failure) -> {
          if (failure == null && metadata.hasOffset()) {
            end.acknowledged(metadata.offset());
          }
          if (callback != null) {
            callback.onCompletion(metadata, failure);
          }
        });
  }

  @Override
  public void sendOffsetsToTransaction(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    transaction.consumed(offsets);
    Map<TopicPartition, OffsetAndMetadata> fencing =
        offsets.isEmpty() ? transaction.harmlessOffset() : offsets;
    if (!fencing.isEmpty()) {
      kafka.sendOffsetsToTransaction(fencing, group);
    }
  }

  @Override
  public void commitTransaction() {
    try {
      kafka.commitTransaction();
    } catch (TimeoutException | InterruptException e) {
      transaction.inDoubt();
      throw e;
    } catch (KafkaException e) {
      transaction.dropped();
      throw e;
    }
    transaction.committed();
  }

  @Override
  public void abortTransaction() {
    try {
      kafka.abortTransaction();
    } finally {
      transaction.dropped();
    }
  }

  @Override
  public void flush() {
    kafka.flush();
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic) {
    return kafka.partitionsFor(topic);
  }

  @Override
  public Map<MetricName, ? extends Metric> metrics() {
    return kafka.metrics();
  }

  @Override
  public Uuid clientInstanceId(Duration timeout) {
    return kafka.clientInstanceId(timeout);
  }

  @Override
  public void registerMetricForSubscription(KafkaMetric metric) {
    kafka.registerMetricForSubscription(metric);
  }

  @Override
  public void unregisterMetricFromSubscription(KafkaMetric metric) {
    kafka.unregisterMetricFromSubscription(metric);
  }

  @Override
  public void close() {
    databases.unbind(transaction);
    kafka.close();
  }

  @Override
  public void close(Duration timeout) {
    databases.unbind(transaction);
    kafka.close(timeout);
  }
}
