// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.ingest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The failed records of the benchmarks: about 1 KB with 12 headers, from a fixed seed. */
final class BenchRecords {
  static final String TOPIC = "bench-errors";
  static final int PARTITIONS = 4;
  static final int SIZE = 1_024;

  private static final int VALUE = 500;
  private static final String TRACE =
      """
      java.net.SocketTimeoutException: Read timed out
      \tat com.acme.billing.Gateway.charge(Gateway.java:118)
      \tat com.acme.billing.Invoices.pay(Invoices.java:52)
      """;

  private BenchRecords() {}

  static void produce(String bootstrap, int count) {
    Map<String, Object> client =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            ProducerConfig.LINGER_MS_CONFIG,
            20,
            ProducerConfig.BATCH_SIZE_CONFIG,
            256 * 1024);
    try (Admin admin = Admin.create(client)) {
      admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("can't create " + TOPIC, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    Random random = new Random(42);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < count; i++) {
        // One in ten is the failure of a record that failed before.
        int number = i % 10 == 9 ? random.nextInt(i) : i;
        var unused = producer.send(record(number, random));
      }
    }
  }

  static ProducerRecord<byte[], byte[]> record(int number, Random random) {
    StringBuilder json = new StringBuilder(VALUE).append("{\"order\":").append(number);
    while (json.length() < VALUE) {
      json.append(",\"f").append(json.length()).append("\":").append(random.nextInt(1_000_000));
    }
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(TOPIC, utf8("order-" + number), utf8(json.append('}').toString()));
    String[] headers = {
      "redrive-pipeline-id",
      "pipeline-" + number % 50,
      "redrive-record-id",
      "orders-" + number % 4 + "-" + number,
      "redrive-connection-id",
      "conn-" + number % 7,
      "redrive-error-code",
      "code_" + number % 30,
      "redrive-error-message",
      "Read timed out after 3000 ms for order " + number,
      "redrive-error-class",
      "java.net.SocketTimeoutException",
      "redrive-error-stack-trace",
      TRACE,
      "redrive-retry-count",
      "3",
      "redrive-source-topic",
      "orders",
      "redrive-source-offset",
      Integer.toString(number),
      "trace-id",
      Integer.toHexString(number * 31),
      "tenant",
      "tenant-" + number % 11
    };
    for (int i = 0; i < headers.length; i += 2) {
      record.headers().add(headers[i], utf8(headers[i + 1]));
    }
    return record;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
