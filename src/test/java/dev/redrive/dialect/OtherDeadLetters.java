// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import static dev.redrive.dialect.DeadLetters.record;
import static dev.redrive.dialect.DeadLetters.utf8;

import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Dead letters of producers outside the JVM or of none of the large frameworks, with the header
 * names and encodings of their sources.
 */
final class OtherDeadLetters {
  private OtherDeadLetters() {}

  static RawRecord watermill() {
    return record(
        null,
        RawBytes.utf8("{\"id\":7}"),
        List.of(
            utf8("_watermill_message_uuid", "b3a7f2de-7a0f-4b2c-9a53-9d6f1e0d1c11"),
            utf8("correlation_id", "c-1"),
            utf8("handler_poisoned", "orders-handler"),
            utf8("reason_poisoned", "cannot process order: db down"),
            utf8("subscriber_poisoned", "kafka.Subscriber"),
            utf8("topic_poisoned", "orders")));
  }

  static RawRecord massTransit() {
    return record(
        "7",
        "{\"orderId\":7}",
        utf8("MessageId", "0d9a0000-5e0b-0015-2b0c-08dc4e5f3b11"),
        utf8("CorrelationId", "c-1"),
        utf8("MT-Reason", "fault"),
        utf8("MT-Fault-InputAddress", "loopback://localhost/kafka/orders"),
        utf8("MT-Fault-ExceptionType", "System.InvalidOperationException"),
        utf8("MT-Fault-Message", "card declined"),
        utf8("MT-Fault-StackTrace", "   at Acme.ChargeCard.Consume(ConsumeContext context)"),
        utf8("MT-Fault-Timestamp", "2026-09-25T21:32:52.4112955Z"),
        utf8("MT-Fault-ConsumerType", "Acme.ChargeCard"),
        utf8("MT-Fault-MessageType", "Acme.Charge"),
        utf8("MT-Fault-RetryCount", "3"),
        utf8("MT-Redelivery-Count", "1"),
        utf8("MT-Host-MachineName", "node-1"),
        utf8("MT-Host-ProcessName", "billing"));
  }

  static RawRecord nServiceBus() {
    return record(
        "7",
        "<Order/>",
        utf8("NServiceBus.MessageId", "5f1b8a5e-33cf-4b4b-9f55-b0b500b21f0e"),
        utf8("NServiceBus.EnclosedMessageTypes", "Acme.Order"),
        utf8("NServiceBus.FailedQ", "billing"),
        utf8("NServiceBus.TimeOfFailure", "2026-09-25 21:32:52:411295 Z"),
        utf8("NServiceBus.ExceptionInfo.ExceptionType", "System.AggregateException"),
        utf8("NServiceBus.ExceptionInfo.InnerExceptionType", "System.TimeoutException"),
        utf8("NServiceBus.ExceptionInfo.HelpLink", ""),
        utf8("NServiceBus.ExceptionInfo.Message", "One or more errors occurred."),
        utf8("NServiceBus.ExceptionInfo.Source", "Acme.Billing"),
        utf8("NServiceBus.ExceptionInfo.StackTrace", "System.AggregateException: One or more"),
        utf8("NServiceBus.ExceptionInfo.Data.Handler canceled", "False"),
        utf8("NServiceBus.Retries", "3"),
        utf8("NServiceBus.Retries.Timestamp", "2026-09-25 21:30:00:000000 Z"));
  }

  static RawRecord silverback() {
    return record(
        "7",
        "{\"orderId\":7}",
        utf8("x-message-type", "Acme.Order, Acme"),
        utf8("traceparent", "00-4bf9-01"),
        utf8("x-failed-attempts", "5"),
        utf8("x-source-consumer-group-id", "billing"),
        utf8("x-failure-reason", "System.InvalidOperationException in Acme.Billing"),
        utf8("x-source-topic", "orders"),
        utf8("x-source-partition", "1"),
        utf8("x-source-offset", "1077245"),
        utf8("x-source-timestamp", "2023-11-14T22:13:20.1230000Z"));
  }

  static RawRecord wolverine() {
    return record(
        "7",
        "{\"orderId\":7}",
        utf8("message-type", "Acme.Order"),
        utf8("id", "0192f0a1-9b5c-4b60-8a3e-7a1f7b1c2d3e"),
        utf8("wolverine-kafka-retry-source", "orders"),
        utf8("wolverine-kafka-retry-tier", "2"),
        utf8("wolverine-kafka-retry-attempt", "4"),
        utf8("wolverine-kafka-retry-first-failed", "638355968001230000"),
        utf8("wolverine-kafka-retry-exception-type", "System.TimeoutException"),
        utf8("wolverine-kafka-retry-exception-message", "first"),
        utf8("exception-type", "System.InvalidOperationException"),
        utf8("exception-message", "card declined"),
        utf8("exception-stack", "   at Acme.OrderHandler.Handle(Order order)"),
        utf8("failed-at", "1795306242100"),
        utf8("original-destination", "kafka://topic/orders.retry.5m"),
        utf8("original-partition", "1"),
        utf8("original-offset", "12"));
  }

  static RawRecord greyhound() {
    return record(
        "7",
        "v1",
        utf8("tenant", "acme"),
        utf8("submitTimestamp", "1795306242100"),
        utf8("backOffTimeMs", "1000"),
        utf8("GH_OriginalTopic", "orders"),
        utf8("GH_RetryAttempt", "1"));
  }

  static RawRecord dapr() {
    return record(
        "7",
        "{\"specversion\":\"1.0\",\"id\":\"e-7\",\"data\":{\"orderId\":7}}",
        utf8("traceparent", "00-4bf9-01"),
        utf8("__key", "7"),
        utf8("__topic", "orders"),
        utf8("__partition", "1"),
        utf8("__offset", "1077245"),
        utf8("__timestamp", "1700000000123"));
  }

  static RawRecord redpandaConnect() {
    return record(
        "7",
        "{\"orderId\":7}",
        utf8("tenant", "acme"),
        utf8("fallback_error", "failed to send: 503"),
        utf8("kafka_key", "7"),
        utf8("kafka_lag", "0"),
        utf8("kafka_offset", "1077245"),
        utf8("kafka_partition", "1"),
        utf8("kafka_timestamp_ms", "1700000000123"),
        utf8("kafka_timestamp_unix", "1700000000"),
        utf8("kafka_tombstone_message", "false"),
        utf8("kafka_topic", "orders"));
  }

  static RawRecord cloudEvent() {
    return record(
        "7",
        "{\"orderId\":7}",
        utf8("ce_specversion", "1.0"),
        utf8("ce_id", "e-7"),
        utf8("ce_source", "/shop/eu"),
        utf8("ce_type", "com.acme.order"),
        utf8("content-type", "application/json"));
  }

  /** As the developer guide shows it, with two records. */
  static RawRecord lambda() {
    return record(
        "k1",
        """
        {
          "requestContext": {
            "requestId": "e4b46cbf-b738-4f3a-8880-a18cdf61200e",
            "functionArn": "arn:aws:lambda:us-east-1:123456789012:function:my-function:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3
          },
          "responseContext": {
            "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"
          },
          "version": "1.0",
          "timestamp": "2026-11-14T18:16:05.568Z",
          "KafkaBatchInfo": {
            "batchSize": 2,
            "eventSourceArn": "arn:aws:kafka:us-east-1:123456789012:cluster/my-cluster/abc123",
            "bootstrapServers": "b-1:9098",
            "payloadSize": 1162,
            "recordInfo": {"offset": "100", "timestamp": "2026-11-14T18:16:04.835Z"}
          },
          "payload": {
            "bootstrapServers": "b-1:9098",
            "eventSource": "aws:kafka",
            "eventSourceArn": "arn:aws:kafka:us-east-1:123456789012:cluster/my-cluster/abc123",
            "records": {
              "my-topic-0": [
                {"topic": "my-topic", "partition": 0, "offset": 100, "timestamp": 1700000000123,
                 "timestampType": "CREATE_TIME", "key": "dGVzdC1rZXk=", "value": "dGVzdC12YWx1ZQ==",
                 "headers": [{"trace": [116, 45, 49]}, {"bin": [0, -1, -128]}]}
              ],
              "my-topic-1": [
                {"topic": "my-topic", "partition": 1, "offset": 7, "timestamp": 1700000000124,
                 "timestampType": "CREATE_TIME", "value": null, "headers": []}
              ]
            }
          }
        }
        """
            .strip());
  }

  static RawRecord ksql() {
    return record(
        null,
        RawBytes.utf8(
            """
            {"level":"ERROR","logger":"processing.CSAS_WIDGETS_3.KsqlTopic.Source.deserializer",\
            "time":1714137911168,"message":{"type":0,"deserializationError":{"target":"value",\
            "errorMessage":"Error deserializing message from topic: widgets",\
            "recordB64":"eyJpZCI6IkIwMDEifQ==","cause":["Failed to deserialize","Unknown magic byte!"],\
            "topic":"widgets"},"recordProcessingError":null,"productionError":null,\
            "serializationError":null,"kafkaStreamsThreadError":null}}"""),
        List.of());
  }

  static RawRecord vector() {
    return record(
        "7",
        """
        {"headers":{"trace":["t-1"],"dup":["1","2"]},"message":"{not json","message_key":"7",\
        "metadata":{"dropped":{"component_id":"parse","component_kind":"transform",\
        "component_type":"remap","message":"function call error for parse_json","reason":"error"}},\
        "offset":1077245,"partition":1,"source_type":"kafka",\
        "timestamp":"2023-11-14T22:13:20.123Z","topic":"orders"}""");
  }

  /** Those that a topic must be set to hold, by dialect. */
  static Map<String, RawRecord> byValue() {
    Map<String, RawRecord> all = new LinkedHashMap<>();
    all.put("aws-lambda", lambda());
    all.put("ksqldb", ksql());
    all.put("vector", vector());
    return all;
  }

  /** Those that their headers prove, by dialect. */
  static Map<String, RawRecord> byHeader() {
    Map<String, RawRecord> all = new LinkedHashMap<>();
    all.put("watermill", watermill());
    all.put("masstransit", massTransit());
    all.put("nservicebus", nServiceBus());
    all.put("silverback", silverback());
    all.put("wolverine", wolverine());
    all.put("greyhound", greyhound());
    all.put("dapr", dapr());
    all.put("redpanda-connect", redpandaConnect());
    all.put("cloudevents", cloudEvent());
    return all;
  }
}
