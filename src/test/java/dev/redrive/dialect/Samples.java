// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import static dev.redrive.dialect.DeadLetters.hex;
import static dev.redrive.dialect.DeadLetters.utf8;
import static dev.redrive.dialect.Sample.dec;
import static dev.redrive.dialect.Sample.i32;
import static dev.redrive.dialect.Sample.i64;

import dev.redrive.dialect.Sample.Block;
import dev.redrive.dialect.Sample.Numbers;
import dev.redrive.dialect.Sample.Trip;
import dev.redrive.letter.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One of each convention that is proven by headers. */
final class Samples {
  private static final long AT = 1_700_000_000_123L;

  private Samples() {}

  static Stream<Sample> all() {
    return Stream.of(
        decimal("redrive", Trip.REPLACES, Samples::ours, "redrive-source-"),
        decimal("share-group", Trip.REPLACES, Samples::shareGroup, "__dlq.errors."),
        decimal("connect", Trip.APPENDS, Samples::connect, "__connect.errors."),
        decimal("bakdata-streams", Trip.REPLACES, Samples::bakdata, "__streams.errors."),
        decimal("streams", Trip.APPENDS, Samples::streams, "__streams.errors."),
        binary("spring", Trip.APPENDS, Samples::spring, "kafka_dlt-original-"),
        binary("spring-retryable", Trip.KEEPS_ORIGIN, Samples::retryable, "kafka_original-"),
        binary("spring-cloud-stream", Trip.APPENDS, Samples::cloudStream, "x-original-"),
        decimal("smallrye", Trip.PREPENDS, Samples::smallRye, "dead-letter-"),
        decimal("smallrye-delayed", Trip.PREPENDS, Samples::delayed, "delayed-retry-"),
        decimal("micronaut", Trip.REPLACES, Samples::micronaut, "micronaut-kafka-original-"),
        decimal("helidon", Trip.APPENDS, Samples::helidon, "dlq-orig-"),
        decimal("helidon-messaging", Trip.REPLACES, Samples::helidonMessaging, "dlq-orig-"),
        decimal("karafka", Trip.REPLACES, Samples::karafka, "source_"));
  }

  static Sample of(String dialect) {
    return all().filter(sample -> sample.dialect().equals(dialect)).findFirst().orElseThrow();
  }

  private static Sample decimal(String dialect, Trip trip, Block block, String places) {
    return new Sample(
        dialect, trip, block, places + "partition", places + "offset", Numbers.DECIMAL);
  }

  private static Sample binary(String dialect, Trip trip, Block block, String places) {
    return new Sample(
        dialect, trip, block, places + "partition", places + "offset", Numbers.BINARY);
  }

  private static List<Header> ours(String topic, int partition, long offset, String error) {
    return List.of(
        utf8("redrive-error-class", error),
        utf8("redrive-error-message", "of " + error),
        utf8("redrive-source-topic", topic),
        dec("redrive-source-partition", partition),
        dec("redrive-source-offset", offset),
        dec("redrive-retry-count", 2));
  }

  private static List<Header> shareGroup(String topic, int partition, long offset, String error) {
    return List.of(
        utf8("__dlq.errors.topic", topic),
        dec("__dlq.errors.partition", partition),
        dec("__dlq.errors.offset", offset),
        utf8("__dlq.errors.group", "workers"),
        dec("__dlq.errors.delivery.count", 5),
        utf8("__dlq.errors.message", "Offset delivery count exceeded the threshold."));
  }

  private static List<Header> connect(String topic, int partition, long offset, String error) {
    return List.of(
        utf8("__connect.errors.topic", topic),
        dec("__connect.errors.partition", partition),
        dec("__connect.errors.offset", offset),
        utf8("__connect.errors.connector.name", "my-sink"),
        dec("__connect.errors.task.id", 0),
        utf8("__connect.errors.stage", "VALUE_CONVERTER"),
        utf8("__connect.errors.class.name", "org.apache.kafka.connect.json.JsonConverter"),
        utf8("__connect.errors.exception.class.name", error),
        utf8("__connect.errors.exception.message", "of " + error),
        utf8("__connect.errors.exception.stacktrace", error + "\n\tat a.B.c(B.java:1)\n"));
  }

  private static List<Header> streams(String topic, int partition, long offset, String error) {
    return List.of(
        utf8("__streams.errors.exception", error),
        utf8("__streams.errors.message", "of " + error),
        utf8("__streams.errors.stacktrace", error + "\n\tat a.B.c(B.java:1)\n"),
        utf8("__streams.errors.topic", topic),
        dec("__streams.errors.partition", partition),
        dec("__streams.errors.offset", offset),
        utf8("__streams.errors.processor.node.id", "KSTREAM-MAPVALUES-1"),
        utf8("__streams.errors.task.id", "0_3"));
  }

  private static List<Header> bakdata(String topic, int partition, long offset, String error) {
    return List.of(
        utf8("__streams.errors.topic", topic),
        dec("__streams.errors.partition", partition),
        dec("__streams.errors.offset", offset),
        utf8("__streams.errors.exception.class.name", error),
        utf8("__streams.errors.exception.message", "of " + error),
        utf8("__streams.errors.exception.stack_trace", error + "\n\tat a.B.c(B.java:1)\n"),
        utf8("__streams.errors.description", "while enriching"));
  }

  /** Only the origin is appended: the exception's headers are replaced since 2.8. */
  private static List<Header> spring(String topic, int partition, long offset, String error) {
    return List.of(
        utf8("kafka_dlt-exception-fqcn", error),
        utf8("kafka_dlt-exception-cause-fqcn", error),
        utf8("kafka_dlt-exception-message", "of " + error),
        utf8("kafka_dlt-exception-stacktrace", error + "\n\tat a.B.c(B.java:1)\n"),
        utf8("kafka_dlt-original-topic", topic),
        i32("kafka_dlt-original-partition", partition),
        i64("kafka_dlt-original-offset", offset),
        i64("kafka_dlt-original-timestamp", AT),
        utf8("kafka_dlt-original-timestamp-type", "CreateTime"),
        utf8("kafka_dlt-original-consumer-group", "grp1"));
  }

  private static List<Header> retryable(String topic, int partition, long offset, String error) {
    return List.of(
        utf8("kafka_original-topic", topic),
        i32("kafka_original-partition", partition),
        i64("kafka_original-offset", offset),
        i64("kafka_original-timestamp", AT),
        utf8("kafka_original-timestamp-type", "CreateTime"),
        utf8("kafka_dlt-original-consumer-group", "grp2"),
        utf8("kafka_exception-fqcn", error),
        utf8("kafka_exception-cause-fqcn", error),
        utf8("kafka_exception-message", "of " + error),
        utf8("kafka_exception-stacktrace", error + "\n\tat a.B.c(B.java:1)\n"),
        hex("retry_topic-original-timestamp", "018bcfe5687b"),
        i32("retry_topic-attempts", 4),
        hex("retry_topic-backoff-timestamp", "01a200974419"));
  }

  private static List<Header> cloudStream(String topic, int partition, long offset, String error) {
    return List.of(
        utf8("x-original-topic", topic),
        i32("x-original-partition", partition),
        i64("x-original-offset", offset),
        i64("x-original-timestamp", AT),
        utf8("x-original-timestamp-type", "CreateTime"),
        utf8("x-exception-fqcn", error),
        utf8("x-exception-message", "of " + error),
        utf8("x-exception-stacktrace", error + "\n\tat a.B.c(B.java:1)\n"));
  }

  private static List<Header> smallRye(String topic, int partition, long offset, String error) {
    return smallRye("dead-letter-", topic, partition, offset, error);
  }

  private static List<Header> delayed(String topic, int partition, long offset, String error) {
    List<Header> headers =
        new ArrayList<>(smallRye("delayed-retry-", topic, partition, offset, error));
    if (topic.equals("orders")) {
      // There once, so they stay where the first failure put them.
      headers.add(dec("delayed-retry-original-timestamp", AT));
      headers.add(dec("delayed-retry-first-processing-timestamp", AT + 5));
      headers.add(dec("delayed-retry-count", 2));
    }
    return headers;
  }

  private static List<Header> smallRye(
      String prefix, String topic, int partition, long offset, String error) {
    return List.of(
        utf8(prefix + "exception-class-name", error),
        utf8(prefix + "reason", "of " + error),
        utf8(prefix + "cause-class-name", error + "Cause"),
        utf8(prefix + "cause", "cause of " + error),
        utf8(prefix + "topic", topic),
        dec(prefix + "partition", partition),
        dec(prefix + "offset", offset));
  }

  private static List<Header> micronaut(String topic, int partition, long offset, String error) {
    return List.of(
        utf8("micronaut-kafka-exception-class", error),
        utf8("micronaut-kafka-exception-message", "of " + error),
        utf8("micronaut-kafka-original-topic", topic),
        dec("micronaut-kafka-original-partition", partition),
        dec("micronaut-kafka-original-offset", offset));
  }

  private static List<Header> helidon(String topic, int partition, long offset, String error) {
    return List.of(
        utf8("dlq-error", error),
        utf8("dlq-error-msg", "of " + error),
        utf8("dlq-orig-topic", topic),
        dec("dlq-orig-offset", offset),
        dec("dlq-orig-partition", partition));
  }

  private static List<Header> helidonMessaging(
      String topic, int partition, long offset, String error) {
    return List.of(
        utf8("helidon_messaging_dead_letter_source_channel", "orders-in"),
        dec("helidon_messaging_dead_letter_attempts", 3),
        utf8("helidon_messaging_dead_letter_failure_type", error),
        utf8("helidon_messaging_dead_letter_failure_message", "of " + error),
        utf8("dlq-orig-topic", topic),
        dec("dlq-orig-partition", partition),
        dec("dlq-orig-offset", offset),
        dec("dlq-orig-timestamp", AT),
        utf8("dlq-orig-timestamp-type", "CREATE_TIME"),
        dec("dlq-orig-leader-epoch", 7));
  }

  private static List<Header> karafka(String topic, int partition, long offset, String error) {
    return List.of(
        utf8("source_topic", topic),
        dec("source_partition", partition),
        dec("source_offset", offset),
        utf8("source_consumer_group", "billing"),
        dec("source_attempts", 3),
        utf8("source_trace_id", "c0ffee"));
  }
}
