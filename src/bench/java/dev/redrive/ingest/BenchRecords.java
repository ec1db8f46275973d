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

  /** How much a record tells of itself, and so how many lists its letter stands in. */
  enum Told {
    /** Pipeline, record and message: four lists, all letters, pipeline, status and group. */
    LITTLE,
    /** Connection and code besides: six lists. */
    ORDINARY,
    /** All that there is, with three labels, as a failed HTTP delivery: sixteen rows. */
    EVERYTHING
  }

  static void produce(String bootstrap, int count, Told told) {
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
        var unused = producer.send(record(number, random, told));
      }
    }
  }

  static ProducerRecord<byte[], byte[]> record(int number, Random random) {
    return record(number, random, Told.ORDINARY);
  }

  static ProducerRecord<byte[], byte[]> record(int number, Random random, Told told) {
    return told == Told.EVERYTHING
        ? envelope(number, random)
        : headers(number, random, told == Told.ORDINARY);
  }

  private static ProducerRecord<byte[], byte[]> headers(
      int number, Random random, boolean ordinary) {
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
      ordinary ? "redrive-connection-id" : "connection",
      "conn-" + number % 7,
      ordinary ? "redrive-error-code" : "code",
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

  private static ProducerRecord<byte[], byte[]> envelope(int number, Random random) {
    StringBuilder filler = new StringBuilder();
    while (filler.length() < VALUE / 4) {
      filler.append(random.nextInt(1_000_000)).append(' ');
    }
    String json =
        """
        {"pipeline_id": "pipeline-%1$d", "record_id": "orders-%2$d", "connection_id": "conn-%3$d",
         "pipeline_run_id": "run_%4$d", "failure_kind": "verification",
         "error": {"code": "code_%5$d", "message": "took too long", "class": "a.b.Timeout"},
         "labels": ["eu", "tenant-%6$d", "batch-%4$d"], "payload_text": "%7$s",
         "http": {"message_id": "msg_%2$d", "url": "https://api.example.com/step",
          "workflow_run_id": "wfr_%2$d", "workflow_url": "https://example.com/flow-%3$d",
          "flow_control_key": "key-%6$d", "caller_ip": "10.0.0.%6$d",
          "callback_state": "CALLBACK_FAIL", "response": {"status": 500}}}
        """
            .formatted(
                number % 50, number, number % 7, number % 200, number % 30, number % 11, filler);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(TOPIC, utf8("order-" + number), utf8(json));
    record.headers().add("redrive-envelope", utf8("1"));
    // What the least of the floors knows a record by.
    record.headers().add("redrive-record-id", utf8("orders-" + number));
    return record;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
