// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.callback;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.dialect.Replays;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.HttpDelivery;
import dev.redrive.letter.HttpFacts;
import dev.redrive.letter.Letter;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a failure callback is sent: the fields by which the vendor's receivers know the delivery
 * that failed, as JSON, bodies in base64. The receiver is the delivery's own, so nothing is masked.
 *
 * @param own headers that Redrive sets
 * @param given headers that the delivery names for it; not for another host that it redirects to
 */
record CallbackRequest(
    String url, Map<String, String> own, Map<String, List<String>> given, RawBytes body) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Says who sends it, so that a receiver can tell calls of one callback from another's. */
  static final String CALLBACK_ID = "Redrive-Callback-Id";

  static final String LETTER_ID = "Redrive-Letter-Id";

  /** These belong to the connection, or say what another header says. */
  private static final Set<String> NOT_GIVEN =
      Set.of(
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "expect",
          "host",
          "keep-alive",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "user-agent",
          CALLBACK_ID.toLowerCase(Locale.ROOT),
          LETTER_ID.toLowerCase(Locale.ROOT));

  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}");

  /** Anything else could end the header and begin another. */
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e\\t]{0,8000}");

  /**
   * Empty where the letter names no callback.
   *
   * @param id what the receiver knows the callback by
   */
  static Optional<CallbackRequest> of(String id, Letter letter) {
    HttpDelivery http = letter.detail().http();
    if (http == null || http.failureCallback() == null) {
      return Optional.empty();
    }
    Map<String, String> own =
        Map.of(
            "Content-Type",
            "application/json",
            "User-Agent",
            "redrive",
            CALLBACK_ID,
            id,
            LETTER_ID,
            letter.id().toString());
    return Optional.of(
        new CallbackRequest(
            http.failureCallback(), own, given(http.failureCallbackHeader()), body(letter, http)));
  }

  private static Map<String, List<String>> given(Map<String, List<String>> header) {
    Map<String, List<String>> kept = new LinkedHashMap<>();
    header.forEach(
        (name, values) -> {
          if (NAME.matcher(name).matches()
              && !NOT_GIVEN.contains(name.toLowerCase(Locale.ROOT))
              && values.stream().allMatch(value -> VALUE.matcher(value).matches())) {
            kept.put(name, List.copyOf(values));
          }
        });
    return kept;
  }

  private static RawBytes body(Letter letter, HttpDelivery http) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    FailureFacts facts = letter.head().facts();
    Integer status = http.response().status();
    json.put("status", status == null ? 0 : status);
    putHeader(json, "header", http.response().header());
    json.put("body", base64(http.response().body()));
    Integer tried = facts.retryCount() == null ? http.maxRetries() : facts.retryCount();
    json.put("retried", tried == null ? 0 : tried);
    put(json, "maxRetries", http.maxRetries());
    json.put("dlqId", letter.id().toString());
    json.put(
        "sourceMessageId",
        http.messageId() == null ? "msg_" + letter.id().body() : http.messageId());
    put(json, "topicName", http.topicName());
    put(json, "endpointName", http.endpointName());
    put(json, "url", http.url());
    json.put("method", http.method() == null ? "POST" : http.method());
    putHeader(json, "sourceHeader", http.header());
    json.put(
        "sourceBody", base64(Replays.payload(letter.detail()).map(RawRecord::value).orElse(null)));
    if (letter.detail().cut() != null) {
      json.put("sourceBodyCut", letter.detail().cut().payload());
    }
    put(json, "notBefore", http.notBefore());
    put(json, "createdAt", http.createdAt());
    put(json, "scheduleId", http.scheduleId());
    putFacts(json, facts.http(), http);
    return bytes(json);
  }

  private static void putFacts(ObjectNode json, @Nullable HttpFacts facts, HttpDelivery http) {
    if (facts != null) {
      put(json, "callerIP", facts.callerIp());
      put(json, "workflowRunId", facts.workflowRunId());
      put(json, "workflowUrl", facts.workflowUrl());
    }
    put(json, "workflowCreatedAt", http.workflowCreatedAt());
  }

  private static RawBytes bytes(ObjectNode json) {
    try {
      return RawBytes.of(JSON.writeValueAsBytes(json));
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory", e);
    }
  }

  private static void putHeader(ObjectNode json, String name, Map<String, List<String>> header) {
    ObjectNode object = json.putObject(name);
    header.forEach(
        (field, values) -> {
          var array = object.putArray(field);
          values.forEach(array::add);
        });
  }

  private static void put(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static void put(ObjectNode json, String name, @Nullable Number value) {
    if (value != null) {
      json.put(name, value.longValue());
    }
  }

  private static String base64(@Nullable RawBytes bytes) {
    return bytes == null ? "" : Base64.getEncoder().encodeToString(bytes.array());
  }
}
