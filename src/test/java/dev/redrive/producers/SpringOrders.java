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
 * A Spring Kafka application as our guide has it: what its listener cannot take goes to an error
 * topic, and it reads the retry topic beside its own. It needs the bean {@code bootstrapServers}.
 */
@Configuration(proxyBeanMethods = false)
@EnableKafka
class SpringOrders {
  /** How often a record is given to the listener until it is a dead letter. */
  static final int TRIES = 3;

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
  DefaultErrorHandler errorHandler(KafkaTemplate<?, ?> template) {
    var recoverer =
        new DeadLetterPublishingRecoverer(
            template, (record, failure) -> new TopicPartition("orders-errors", -1));
    return new DefaultErrorHandler(recoverer, new FixedBackOff(1000, 2));
  }

  @Bean
  ConcurrentKafkaListenerContainerFactory<byte[], byte[]> kafkaListenerContainerFactory(
      ConsumerFactory<byte[], byte[]> consumers, DefaultErrorHandler errorHandler) {
    var factory = new ConcurrentKafkaListenerContainerFactory<byte[], byte[]>();
    factory.setConsumerFactory(consumers);
    factory.setCommonErrorHandler(errorHandler);
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
        groupId = "orders",
        topics = {"orders", "orders-retry"})
    void take(ConsumerRecord<byte[], byte[]> order) {
      work(order);
      if (order.headers().lastHeader("redrive-letter-id") != null) {
        List<Header> headers = new ArrayList<>(List.of(order.headers().toArray()));
        headers.removeIf(header -> !header.key().startsWith("redrive-"));
        headers.add(new RecordHeader("redrive-outcome", "succeeded".getBytes(UTF_8)));
        template
            .send(new ProducerRecord<>("redrive-outcomes", null, order.key(), null, headers))
            .join();
      }
    }

    private void work(ConsumerRecord<byte[], byte[]> order) {
      seen.add(order);
      if (!inStock) {
        throw new IllegalStateException("out of stock");
      }
    }

    void restock() {
      inStock = true;
    }

    /** In order, each delivery. */
    List<ConsumerRecord<byte[], byte[]>> seen() {
      return seen;
    }
  }
}
