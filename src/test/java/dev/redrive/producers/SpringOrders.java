// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.producers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.FixedBackOff;

/**
 * A Spring Kafka application as its documentation has it: what its listener cannot take goes to an
 * error topic, and it reads the retry topic beside its own. It needs the bean {@code
 * bootstrapServers}.
 */
@Configuration(proxyBeanMethods = false)
@EnableKafka
class SpringOrders {
  static final String TOPIC = "orders";
  static final String RETRY = "orders-retry";
  static final String ERRORS = "orders-errors";

  @Bean
  ConsumerFactory<byte[], byte[]> consumerFactory(String bootstrapServers) {
    return new DefaultKafkaConsumerFactory<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  @Bean
  KafkaTemplate<byte[], byte[]> template(String bootstrapServers) {
    return new KafkaTemplate<>(
        new DefaultKafkaProducerFactory<>(
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer()));
  }

  @Bean
  ConcurrentKafkaListenerContainerFactory<byte[], byte[]> kafkaListenerContainerFactory(
      ConsumerFactory<byte[], byte[]> consumers, KafkaTemplate<byte[], byte[]> template) {
    var recoverer =
        new DeadLetterPublishingRecoverer(
            template, (record, failure) -> new TopicPartition(ERRORS, -1));
    var factory = new ConcurrentKafkaListenerContainerFactory<byte[], byte[]>();
    factory.setConsumerFactory(consumers);
    factory.setCommonErrorHandler(new DefaultErrorHandler(recoverer, new FixedBackOff(0, 0)));
    return factory;
  }

  @Bean
  Listener listener(KafkaTemplate<byte[], byte[]> template) {
    return new Listener(template);
  }

  /** Takes no order until there is stock; says so when a replayed one was taken. */
  static final class Listener {
    private final KafkaTemplate<byte[], byte[]> template;
    private final List<ConsumerRecord<byte[], byte[]>> seen = new CopyOnWriteArrayList<>();
    private volatile boolean inStock;

    Listener(KafkaTemplate<byte[], byte[]> template) {
      this.template = template;
    }

    @KafkaListener(
        groupId = "orders-application",
        topics = {TOPIC, RETRY})
    void take(ConsumerRecord<byte[], byte[]> order) throws Exception {
      seen.add(order);
      if (!inStock) {
        throw new IllegalStateException("out of stock");
      }
      if (order.headers().lastHeader("redrive-letter-id") != null) {
        template.send(succeeded(order)).get();
      }
    }

    void restock() {
      inStock = true;
    }

    /** In order, each delivery. */
    List<ConsumerRecord<byte[], byte[]>> seen() {
      return seen;
    }

    /** An outcome without JSON: what came with the replay, sent back. */
    private static ProducerRecord<byte[], byte[]> succeeded(ConsumerRecord<byte[], byte[]> order) {
      List<Header> headers = new ArrayList<>(List.of(order.headers().toArray()));
      headers.removeIf(header -> !header.key().startsWith("redrive-"));
      headers.add(new RecordHeader("redrive-outcome", "succeeded".getBytes(UTF_8)));
      return new ProducerRecord<>("redrive-outcomes", null, order.key(), null, headers);
    }
  }
}
