// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.workflows;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.Header;
import dev.redrive.letter.HttpDelivery;
import dev.redrive.letter.HttpDelivery.Response;
import dev.redrive.letter.HttpFacts;
import dev.redrive.letter.Letter;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.preview.Masks;
import dev.redrive.preview.Seen;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A letter as this family's message: all fields that any of the vendor's descriptions has. What is
 * not known of an optional field is left out.
 */
final class MessageJson {
  private static final String POST = "POST";

  private final Masks masks;

  MessageJson(Masks masks) {
    this.masks = masks;
  }

  ObjectNode write(Letter stored, boolean reveals) {
    Seen seen = masks.seen(stored, reveals);
    Letter letter = seen.letter();
    HttpDelivery http = letter.detail().http();
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("dlqId", letter.id().toString());
    putIdentity(json, letter, http);
    putRequest(json, letter, http, seen);
    putResponse(json, letter, http);
    putFlow(json, letter.head().facts(), http);
    if (http != null) {
      putCallbacks(json, letter.head().facts(), http);
      putPlaces(json, http);
    }
    return json;
  }

  /** The run that a letter is of. */
  static ObjectNode run(Letter letter) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    putRun(json, letter, letter.detail().http());
    return json;
  }

  private static void putRun(ObjectNode json, Letter letter, @Nullable HttpDelivery http) {
    HttpFacts facts = letter.head().facts().http();
    json.put(
        "workflowRunId",
        or(facts == null ? null : facts.workflowRunId(), Ordinary.workflowRunId(letter)));
    json.put(
        "workflowCreatedAt",
        (long) or(http == null ? null : http.workflowCreatedAt(), created(letter, http)));
  }

  private static long created(Letter letter, @Nullable HttpDelivery http) {
    return or(http == null ? null : http.createdAt(), letter.head().createdAt());
  }

  private static void putIdentity(ObjectNode json, Letter letter, @Nullable HttpDelivery http) {
    HttpFacts facts = letter.head().facts().http();
    String url = Ordinary.url(letter);
    long created = created(letter, http);
    json.put(
        "messageId", or(http == null ? null : http.messageId(), Ordinary.messageId(letter.id())));
    putRun(json, letter, http);
    json.put("workflowUrl", or(facts == null ? null : facts.workflowUrl(), url));
    json.put("url", or(http == null ? null : http.url(), url));
    json.put("method", or(http == null ? null : http.method(), POST));
    json.put("createdAt", created);
    json.put("notBefore", (long) or(http == null ? null : http.notBefore(), created));
    Integer retries = letter.head().facts().retryCount();
    json.put(
        "maxRetries",
        (int) or(http == null ? null : http.maxRetries(), retries == null ? 0 : retries));
    put(json, "retryDelayExpression", http == null ? null : http.retryDelayExpression());
  }

  private static void putRequest(
      ObjectNode json, Letter letter, @Nullable HttpDelivery http, Seen seen) {
    putHeader(json, "header", http == null ? headers(letter.detail()) : http.header());
    RawRecord payload = seen.payload();
    putBody(json, "body", "bodyBase64", payload == null ? null : payload.value());
    put(json, "bodyHidden", seen.hidden());
  }

  private static void putResponse(ObjectNode json, Letter letter, @Nullable HttpDelivery http) {
    Response response = http == null ? Response.NONE : http.response();
    json.put("responseStatus", (int) or(response.status(), 0));
    putHeader(json, "responseHeader", response.header());
    RawBytes body = response.body();
    String message = letter.detail().error().message();
    if (body == null && message != null) {
      body = RawBytes.utf8(message);
    }
    putBody(json, "responseBody", "responseBodyBase64", body);
  }

  private static void putFlow(ObjectNode json, FailureFacts facts, @Nullable HttpDelivery http) {
    HttpFacts known = facts.http();
    put(json, "callerIP", known == null ? null : known.callerIp());
    put(json, "label", facts.labels().isEmpty() ? null : facts.labels().get(0));
    var labels = json.putArray("labels");
    facts.labels().forEach(labels::add);
    put(json, "flowControlKey", known == null ? null : known.flowControlKey());
    if (http != null) {
      put(json, "rate", http.rate());
      put(json, "parallelism", http.parallelism());
      put(json, "period", http.period());
    }
  }

  private static void putCallbacks(ObjectNode json, FailureFacts facts, HttpDelivery http) {
    String state = facts.http() == null ? null : facts.http().callbackState();
    put(json, "callback", http.callback());
    if (http.callback() != null) {
      putHeader(json, "callbackHeader", http.callbackHeader());
    }
    put(json, "failureCallback", http.failureCallback());
    put(json, "failureFunctionState", state);
    if (http.failureCallback() == null) {
      return;
    }
    putHeader(json, "failureCallbackHeader", http.failureCallbackHeader());
    Response response = http.failureCallbackResponse();
    ObjectNode info = json.putObject("failureCallbackInfo");
    put(info, "state", state);
    put(info, "responseStatus", response.status());
    putHeader(info, "responseHeaders", response.header());
    putBody(info, "responseBody", "responseBodyBase64", response.body());
  }

  private static void putPlaces(ObjectNode json, HttpDelivery http) {
    put(json, "topicName", http.topicName());
    put(json, "endpointName", http.endpointName());
    put(json, "queueName", http.queueName());
    put(json, "scheduleId", http.scheduleId());
  }

  private static Map<String, List<String>> headers(FailureDetail detail) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (Header header : detail.raw().headers()) {
      headers.computeIfAbsent(header.name(), name -> new ArrayList<>()).add(text(header.value()));
    }
    return headers;
  }

  private static String text(@Nullable RawBytes value) {
    if (value == null) {
      return "";
    }
    return utf8(value).orElseGet(() -> Base64.getEncoder().encodeToString(value.array()));
  }

  private static void putHeader(ObjectNode json, String name, Map<String, List<String>> headers) {
    ObjectNode object = json.putObject(name);
    headers.forEach(
        (header, values) -> {
          var array = object.putArray(header);
          values.forEach(array::add);
        });
  }

  /** Text where it is UTF-8, and then the other is left out; of no body an empty text is shown. */
  private static void putBody(
      ObjectNode json, String text, String base64, @Nullable RawBytes body) {
    Optional<String> utf8 = body == null ? Optional.of("") : utf8(body);
    json.put(text, utf8.orElse(""));
    if (body != null && utf8.isEmpty()) {
      json.put(base64, Base64.getEncoder().encodeToString(body.array()));
    }
  }

  private static Optional<String> utf8(RawBytes bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.array())).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  private static void put(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static void put(ObjectNode json, String name, @Nullable Integer value) {
    if (value != null) {
      json.put(name, value);
    }
  }
}
