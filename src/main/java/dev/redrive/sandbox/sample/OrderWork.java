// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads orders and writes them to the database. Its failures never pass by themselves. */
final class OrderWork implements Work {
  static final String PIPELINE = "orders";
  static final String TOPIC = "sample-orders";
  private static final String CONNECTION = "postgres-orders";

  private final OrderTable table = new OrderTable();

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
      JsonNode order = RecordFacts.json(record);
      return save(order, RecordFacts.recordId(record));
    } catch (JsonProcessingException e) {
      Failed failed = Failed.thrown("bad_json", e, CONNECTION, "checkout", "data-quality");
      return Optional.of(failed.about(Map.of("team", "checkout", "step", "parse")));
    }
  }

  @Override
  public boolean remembersInMemory() {
    return true;
  }

  private Optional<Failed> save(JsonNode order, String recordId) {
    String orderId = order.path("order_id").textValue();
    try {
      table.insert(orderId, recordId);
      return Optional.empty();
    } catch (SQLIntegrityConstraintViolationException e) {
      String code = "23505".equals(e.getSQLState()) ? "duplicate_key" : "not_null";
      Throwable wrapped =
          new IllegalStateException("The order was not saved: " + e.getMessage(), e);
      Failed failed = Failed.thrown(code, wrapped, CONNECTION, "checkout", "database");
      String customer = order.path("customer").asText("unknown");
      return Optional.of(
          failed.about(Map.of("team", "checkout", "step", "save", "customer", customer)));
    }
  }
}
