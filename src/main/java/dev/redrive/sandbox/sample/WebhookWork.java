// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Delivers each record's value as an HTTP POST to the endpoint that its header names. {@code crm}
 * is broken for good, {@code ledger} in maintenance for a while.
 */
final class WebhookWork implements Work {
  static final String PIPELINE = "webhooks";
  static final String TOPIC = "sample-webhooks";

  /** Record header: name of a receiver. */
  static final String ENDPOINT = "webhook-endpoint";

  /** Record header, epoch milliseconds. */
  static final String CREATED_AT = "webhook-created-at";

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final LocalServices services;

  WebhookWork(LocalServices services) {
    this.services = services;
  }

  @Override
  public String pipelineId() {
    return PIPELINE;
  }

  @Override
  public String inputTopic() {
    return TOPIC;
  }

  @Override
  public Optional<Failed> process(ConsumerRecord<byte[], byte[]> record) {
    String endpoint = endpoint(record);
    String path = "/hooks/" + endpoint;
    try {
      HttpResponse<String> answer =
          services.post(path, requestHeaders(record), body(record), PATIENCE);
      if (answer.statusCode() < 300) {
        return Optional.empty();
      }
      IOException refused =
          new IOException("HTTP %d from endpoint %s".formatted(answer.statusCode(), endpoint));
      return Optional.of(failed("http_" + answer.statusCode(), refused, record, answer));
    } catch (IOException e) {
      return Optional.of(failed("http_no_answer", e, record, null));
    }
  }

  /** Tells the sender once that its message is given up, as it asked for. */
  @Override
  public Failed giveUp(ConsumerRecord<byte[], byte[]> record, Failed failed) {
    ObjectNode delivery = failed.http();
    if (delivery == null) {
      return failed;
    }
    String path = HttpDelivery.failureCallback(endpoint(record));
    try {
      HttpResponse<String> answer =
          services.post(path, HttpDelivery.CALLBACK_HEADERS, failed.message(), PATIENCE);
      HttpDelivery.calledBack(delivery, answer);
    } catch (IOException e) {
      HttpDelivery.notCalledBack(delivery);
    }
    return failed;
  }

  private Failed failed(
      String code,
      IOException e,
      ConsumerRecord<byte[], byte[]> record,
      @Nullable HttpResponse<String> answer) {
    String endpoint = endpoint(record);
    ObjectNode delivery =
        HttpDelivery.of(
            RecordFacts.recordId(record),
            endpoint,
            createdAt(record),
            services.uri(""),
            requestHeaders(record),
            answer);
    return new Failed(
        code,
        String.valueOf(e.getMessage()),
        true,
        "webhook-" + endpoint,
        e,
        List.of("integrations", endpoint),
        Map.of("team", "integrations", "endpoint", endpoint),
        delivery);
  }

  private static Map<String, String> requestHeaders(ConsumerRecord<byte[], byte[]> record) {
    return Map.of(
        "Content-Type",
        "application/json",
        "X-Message-Id",
        RecordFacts.recordId(record).replaceAll("[^!-~]", "?"),
        LocalServices.CREATED_AT,
        String.valueOf(createdAt(record)));
  }

  private static String endpoint(ConsumerRecord<byte[], byte[]> record) {
    String endpoint = RecordFacts.header(record.headers(), ENDPOINT);
    return endpoint == null || !endpoint.matches("[a-z]{1,20}") ? "nowhere" : endpoint;
  }

  private static long createdAt(ConsumerRecord<byte[], byte[]> record) {
    String createdAt = RecordFacts.header(record.headers(), CREATED_AT);
    boolean readable = createdAt != null && createdAt.matches("\\d{1,15}");
    return readable ? Long.parseLong(createdAt) : record.timestamp();
  }

  private static String body(ConsumerRecord<byte[], byte[]> record) {
    return record.value() == null ? "" : new String(record.value(), UTF_8);
  }
}
