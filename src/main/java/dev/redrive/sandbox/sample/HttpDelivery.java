// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code http} part of the dead letter of a delivery, as JSON. */
final class HttpDelivery {
  static final Map<String, String> CALLBACK_HEADERS = Map.of("X-Callback-Kind", "failure");

  private HttpDelivery() {}

  /** The sender of {@code crm} messages has a callback that is as broken as its endpoint. */
  static String failureCallback(String endpoint) {
    return "crm".equals(endpoint) ? "/callbacks/broken" : "/callbacks/told";
  }

  static ObjectNode of(
      String messageId,
      String endpoint,
      long createdAt,
      URI services,
      Map<String, String> header,
      @Nullable HttpResponse<String> answer) {
    ObjectNode http = RecordFacts.JSON.createObjectNode();
    http.put("message_id", messageId);
    http.put("workflow_run_id", "wfr_" + messageId);
    http.put("workflow_created_at", createdAt);
    http.put("workflow_url", services + "/workflows/order-placed");
    http.put("url", services + "/hooks/" + endpoint);
    http.put("method", "POST");
    http.set("header", lists(header));
    http.put("max_retries", SampleWorker.RETRIES);
    http.put("retry_delay_expression", String.valueOf(SampleWorker.RETRY_DELAY.toMillis()));
    http.put("not_before", createdAt);
    http.put("created_at", createdAt);
    http.put("flow_control_key", "tenant-acme");
    http.put("rate", 10);
    http.put("parallelism", 1);
    http.put("period", 1);
    http.put("caller_ip", "127.0.0.1");
    http.put("callback", services + "/callbacks/told");
    http.set("callback_header", lists(Map.of("X-Callback-Kind", "success")));
    http.put("failure_callback", services + failureCallback(endpoint));
    http.set("failure_callback_header", lists(CALLBACK_HEADERS));
    http.put("topic_name", "order-placed");
    http.put("endpoint_name", endpoint);
    http.put("queue_name", "webhooks");
    http.put("schedule_id", "scd_nightly");
    if (answer != null) {
      http.set("response", response(answer));
    }
    return http;
  }

  static void calledBack(ObjectNode http, HttpResponse<String> answer) {
    boolean heard = answer.statusCode() < 300;
    http.put("callback_state", heard ? "CALLBACK_SUCCESS" : "CALLBACK_FAIL");
    http.set("failure_callback_response", response(answer));
  }

  static void notCalledBack(ObjectNode http) {
    http.put("callback_state", "CALLBACK_FAIL");
  }

  private static ObjectNode response(HttpResponse<String> answer) {
    ObjectNode response = RecordFacts.JSON.createObjectNode();
    response.put("status", answer.statusCode());
    response.set("header", RecordFacts.JSON.valueToTree(answer.headers().map()));
    response.put("body", answer.body());
    return response;
  }

  private static ObjectNode lists(Map<String, String> header) {
    ObjectNode lists = RecordFacts.JSON.createObjectNode();
    header.forEach((name, value) -> lists.set(name, RecordFacts.JSON.valueToTree(List.of(value))));
    return lists;
  }
}
