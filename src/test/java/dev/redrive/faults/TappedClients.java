// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Clients whose producers let a fault look on, and strike.
 *
 * @param clients makes them
 */
record TappedClients(KafkaClientSupplier clients, Tap tap) implements KafkaClientSupplier {

  /** What happens at a producer; may throw, which is then what the producer does. */
  interface Tap {
    /** The ledger is about to send a record, in the middle of processing an entry. */
    default void sending(ProducerRecord<?, ?> record) {}

    /** Whether the offsets reach Kafka, in the transaction that is about to be committed. */
    default boolean passesOn(Map<?, ?> offsets) {
      return true;
    }

    /** Kafka has committed a transaction, and Redrive has not heard of it. */
    default void committed() {}

    /** A call failed. */
    default void failed(Throwable failure) {}
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return tapped(clients.getProducer(config));
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

  @SuppressWarnings("unchecked") // a proxy has no type parameters
  private Producer<byte[], byte[]> tapped(Producer<byte[], byte[]> producer) {
    return (Producer<byte[], byte[]>)
        Proxy.newProxyInstance(
            Producer.class.getClassLoader(),
            new Class<?>[] {Producer.class},
            (proxy, method, args) -> {
              if (method.getName().equals("send")) {
                tap.sending((ProducerRecord<?, ?>) args[0]);
              }
              if (method.getName().equals("sendOffsetsToTransaction")
                  && !tap.passesOn((Map<?, ?>) args[0])) {
                return null;
              }
              Object answer;
              try {
                answer = method.invoke(producer, args);
              } catch (InvocationTargetException e) {
                tap.failed(e.getCause());
                throw e.getCause();
              }
              if (method.getName().equals("commitTransaction")) {
                tap.committed();
              }
              return answer;
            });
  }
}
