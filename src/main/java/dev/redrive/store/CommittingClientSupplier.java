// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Gives Streams its clients, with producers that write the letter stores when, and only when, a
 * Kafka transaction has committed. A topology with a letter store must run with it.
 */
public final class CommittingClientSupplier implements KafkaClientSupplier {
  private final LetterDatabases databases;
  private final KafkaClientSupplier clients;

  /**
   * Wraps what another supplier gives.
   *
   * @param clients makes the clients themselves
   */
  public CommittingClientSupplier(LetterDatabases databases, KafkaClientSupplier clients) {
    this.databases = databases;
    this.clients = clients;
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    Producer<byte[], byte[]> producer = clients.getProducer(config);
    if (!config.containsKey(ProducerConfig.TRANSACTIONAL_ID_CONFIG)) {
      return producer;
    }
    databases.expectTransactions();
    return new CommittingProducer(producer, databases);
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return clients.getAdmin(config);
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return clients.getConsumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return clients.getRestoreConsumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return clients.getGlobalConsumer(config);
  }
}
