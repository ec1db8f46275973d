// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Checks payments and charges them at a gateway over HTTP. The gateway's time-outs pass by
 * themselves; a payment above what was authorized never does.
 */
final class PaymentWork implements Work {
  static final String PIPELINE = "payments";
  static final String TOPIC = "sample-payments";
  private static final String CONNECTION = "gateway-acme";
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final LocalServices services;

  PaymentWork(LocalServices services) {
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
    try {
      JsonNode payment = RecordFacts.json(record);
      Optional<Failed> refused = check(payment);
      return refused.isPresent() ? refused : charge(payment, RecordFacts.recordId(record));
    } catch (JsonProcessingException e) {
      return Optional.of(Failed.thrown("bad_json", e, CONNECTION, "billing", "data-quality"));
    }
  }

  private static Optional<Failed> check(JsonNode payment) {
    long amount = payment.path("amount_cents").asLong();
    long authorized = payment.path("authorized_cents").asLong();
    if (amount > 0 && amount <= authorized) {
      return Optional.empty();
    }
    String message = "The amount is %d cents but %d are authorized".formatted(amount, authorized);
    return Optional.of(
        Failed.check("amount_mismatch", message, CONNECTION, "billing", "audit")
            .about(facts(payment, "check")));
  }

  private Optional<Failed> charge(JsonNode payment, String id) {
    Map<String, String> headers =
        Map.of(
            LocalServices.MESSAGE_ID, RecordFacts.headerSafe(id),
            LocalServices.CREATED_AT, String.valueOf(payment.path("created_at").asLong()),
            LocalServices.BANK, RecordFacts.headerSafe(payment.path("bank").asText()));
    try {
      HttpResponse<String> answer =
          services.post("/gateway/charge", headers, payment.toString(), PATIENCE);
      return answer.statusCode() == 200
          ? Optional.empty()
          : Optional.of(failed("gateway_refused", new IOException(answer.body()), payment));
    } catch (IOException e) {
      return Optional.of(failed("gateway_timeout", e, payment));
    }
  }

  private static Failed failed(String code, IOException e, JsonNode payment) {
    return Failed.thrown(code, e, CONNECTION, "billing", "gateway")
        .mayPass()
        .about(facts(payment, "charge"));
  }

  private static Map<String, String> facts(JsonNode payment, String step) {
    String order = payment.path("order_id").asText("unknown");
    return Map.of("team", "billing", "step", step, "order", order);
  }
}
