// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.ingest;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** How the consoles of Kafka find a page: they read the topic with a plain consumer. */
public final class TopicScan {
  private static final String TOPIC = "scanned";

  private TopicScan() {}

  /**
   * Writes records to one partition of a broker of its own and prints how long reading all of them
   * takes.
   */
  public static void run(int records, LongFunction<byte[]> value)
      throws IOException, InterruptedException {
    Path directory = BenchDirectory.create();
    Process broker =
        IngestBench.start(List.of("dev.redrive.ingest.BrokerProcess", directory.toString()));
    try {
      String bootstrap = IngestBench.line(broker, "listening on ");
      produce(bootstrap, records, value);
      for (int round = 1; round <= 2; round++) {
        long start = System.nanoTime();
        long found = scan(bootstrap, records);
        System.out.printf(
            Locale.ROOT,
            "the same by reading %,d records of the topic (%,d with a rare byte), round %d: %,.0f ms%n",
            records,
            found,
            round,
            (System.nanoTime() - start) / 1e6);
      }
    } finally {
      broker.destroy();
      broker.waitFor(20, TimeUnit.SECONDS);
    }
  }

  private static void produce(String bootstrap, int records, LongFunction<byte[]> value) {
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            ProducerConfig.LINGER_MS_CONFIG,
            20,
            ProducerConfig.BATCH_SIZE_CONFIG,
            256 * 1024);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (long i = 0; i < records; i++) {
        var unused = producer.send(new ProducerRecord<>(TOPIC, 0, null, value.apply(i)));
      }
    }
  }

  private static long scan(String bootstrap, int records) {
    TopicPartition partition = new TopicPartition(TOPIC, 0);
    long found = 0;
    long read = 0;
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (read < records) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          read++;
          found += record.value()[record.value().length / 2] == 'q' ? 1 : 0;
        }
      }
    }
    return found;
  }
}
