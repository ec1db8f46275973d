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
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.BackOff;
import org.springframework.kafka.annotation.EnableKafkaRetryTopic;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.RetryableTopic;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * A Spring Kafka application with {@code @RetryableTopic}: three tries over retry topics, then its
 * dead letters. It needs the bean {@code bootstrapServers}.
 */
@Configuration(proxyBeanMethods = false)
@EnableKafkaRetryTopic
class SpringShipments {
  static final String TOPIC = "shipments";
  static final String DEAD = "shipments-dlt";
  static final int TRIES = 3;

  @Bean
  ConsumerFactory<byte[], byte[]> consumerFactory(String bootstrapServers) {
    return new DefaultKafkaConsumerFactory<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
            ConsumerConfig.METADATA_MAX_AGE_CONFIG, "500",
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /** Under the name by which the retry topics find it. */
  @Bean
  KafkaTemplate<byte[], byte[]> defaultRetryTopicKafkaTemplate(String bootstrapServers) {
    return new KafkaTemplate<>(
        new DefaultKafkaProducerFactory<>(
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer()));
  }

  @Bean
  KafkaAdmin admin(String bootstrapServers) {
    return new KafkaAdmin(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
  }

  @Bean
  TaskScheduler scheduler() {
    return new ThreadPoolTaskScheduler();
  }

  @Bean
  ConcurrentKafkaListenerContainerFactory<byte[], byte[]> kafkaListenerContainerFactory(
      ConsumerFactory<byte[], byte[]> consumers) {
    var factory = new ConcurrentKafkaListenerContainerFactory<byte[], byte[]>();
    factory.setConsumerFactory(consumers);
    return factory;
  }

  @Bean
  Listener listener(KafkaTemplate<byte[], byte[]> template) {
    return new Listener(template);
  }

  /** Takes nothing while the dock is closed; says so when a replayed one was taken. */
  static class Listener {
    private final KafkaTemplate<byte[], byte[]> template;
    private final List<ConsumerRecord<byte[], byte[]>> seen = new CopyOnWriteArrayList<>();
    private volatile boolean isOpen;

    Listener(KafkaTemplate<byte[], byte[]> template) {
      this.template = template;
    }

    @RetryableTopic(attempts = "" + TRIES, backOff = @BackOff(delay = 50), numPartitions = "1")
    @KafkaListener(groupId = "shipments-application", topics = TOPIC)
    void take(ConsumerRecord<byte[], byte[]> shipment) throws Exception {
      seen.add(shipment);
      if (!isOpen) {
        throw new IllegalStateException("the dock is closed");
      }
      if (shipment.headers().lastHeader("redrive-letter-id") != null) {
        template.send(succeeded(shipment)).get();
      }
    }

    void open() {
      isOpen = true;
    }

    /** In order, each delivery on the topic and its retry topics. */
    List<ConsumerRecord<byte[], byte[]>> seen() {
      return seen;
    }

    private static ProducerRecord<byte[], byte[]> succeeded(ConsumerRecord<byte[], byte[]> record) {
      List<Header> headers = new ArrayList<>(List.of(record.headers().toArray()));
      headers.removeIf(header -> !header.key().startsWith("redrive-"));
      headers.add(new RecordHeader("redrive-outcome", "succeeded".getBytes(UTF_8)));
      return new ProducerRecord<>("redrive-outcomes", null, record.key(), null, headers);
    }
  }
}
