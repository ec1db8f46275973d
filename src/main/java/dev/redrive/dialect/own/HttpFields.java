// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.own;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.dialect.header.Fields;
import dev.redrive.dialect.header.Hops;
import dev.redrive.dialect.header.Numbers;
import dev.redrive.dialect.header.Texts;
import dev.redrive.dialect.header.Warnings;
import dev.redrive.letter.HttpDelivery;
import dev.redrive.letter.HttpDelivery.Response;
import dev.redrive.letter.HttpFacts;
import dev.redrive.letter.RawBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code http} object of an envelope: a failed HTTP delivery. A field that is not as it should
 * be is left out with a warning.
 */
final class HttpFields {
  private static final Set<String> CALLBACK_STATES =
      Set.of("CALLBACK_INPROGRESS", "CALLBACK_SUCCESS", "CALLBACK_FAIL", "CALLBACK_CANCELED");

  private final JsonNode http;
  private final String path;
  private final Warnings warnings;

  private HttpFields(JsonNode http, String path, Warnings warnings) {
    this.http = http;
    this.path = path;
    this.warnings = warnings;
  }

  static @Nullable HttpDelivery delivery(@Nullable JsonNode http, Warnings warnings) {
    if (http == null) {
      return null;
    }
    HttpFields f = new HttpFields(http, "$.http", warnings);
    return new HttpDelivery(
        f.text("message_id"),
        f.time("workflow_created_at"),
        f.text("url"),
        f.text("method"),
        f.header("header"),
        f.number("max_retries"),
        f.text("retry_delay_expression"),
        f.time("not_before"),
        f.time("created_at"),
        f.response("response"),
        f.number("rate"),
        f.number("parallelism"),
        f.number("period"),
        f.text("callback"),
        f.header("callback_header"),
        f.text("failure_callback"),
        f.header("failure_callback_header"),
        f.response("failure_callback_response"),
        f.text("topic_name"),
        f.text("endpoint_name"),
        f.text("queue_name"),
        f.text("schedule_id"));
  }

  static @Nullable HttpFacts facts(@Nullable JsonNode http, Warnings warnings) {
    if (http == null) {
      return null;
    }
    HttpFields f = new HttpFields(http, "$.http", warnings);
    String state = f.text("callback_state");
    if (state != null && !CALLBACK_STATES.contains(state)) {
      warnings.add(
          "$.http.callback_state: none of CALLBACK_INPROGRESS, _SUCCESS, _FAIL, _CANCELED");
      state = null;
    }
    return new HttpFacts(
        f.bounded("workflow_run_id", Texts.MAX_SHORT),
        f.bounded("workflow_url", Texts.MAX_URL),
        f.bounded("flow_control_key", Texts.MAX_SHORT),
        f.bounded("caller_ip", Texts.MAX_SHORT),
        state);
  }

  private @Nullable String bounded(String field, int max) {
    return Texts.bounded(text(field), max, path + "." + field, warnings);
  }

  private @Nullable JsonNode field(String name) {
    JsonNode node = http.get(name);
    return node == null || node.isNull() ? null : node;
  }

  private @Nullable String text(String name) {
    JsonNode node = field(name);
    if (node == null) {
      return null;
    }
    if (node.isTextual() || node.isNumber()) {
      return node.asText();
    }
    return wrong(name, "a text");
  }

  private @Nullable Long time(String name) {
    return Fields.time(text(name), path + ".", name, warnings);
  }

  private @Nullable Integer number(String name) {
    String text = text(name);
    Long number = text == null ? null : Numbers.decimal(text.getBytes(StandardCharsets.UTF_8));
    Integer fits = Hops.partition(number);
    if (text != null && fits == null) {
      wrong(name, "a whole number from 0 to " + Integer.MAX_VALUE);
    }
    return fits;
  }

  /** A map of names to one text or a list of them. */
  private Map<String, List<String>> header(String name) {
    JsonNode node = field(name);
    if (node == null) {
      return Map.of();
    }
    if (!node.isObject()) {
      wrong(name, "an object");
      return Map.of();
    }
    Map<String, List<String>> header = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      header.put(entry.getKey(), values(name, entry.getValue()));
    }
    return header;
  }

  private List<String> values(String name, JsonNode node) {
    if (node.isTextual() || node.isNumber()) {
      return List.of(node.asText());
    }
    List<String> values = new ArrayList<>();
    for (JsonNode value : node) {
      if (value.isTextual() || value.isNumber()) {
        values.add(value.asText());
      } else {
        wrong(name, "texts or lists of texts");
      }
    }
    return List.copyOf(values);
  }

  private Response response(String name) {
    JsonNode node = field(name);
    if (node == null) {
      return Response.NONE;
    }
    if (!node.isObject()) {
      wrong(name, "an object");
      return Response.NONE;
    }
    HttpFields f = new HttpFields(node, path + "." + name, warnings);
    return new Response(f.number("status"), f.header("header"), f.body());
  }

  private @Nullable RawBytes body() {
    String text = text("body");
    String base64 = text("body_base64");
    if (base64 == null) {
      return text == null ? null : RawBytes.utf8(text);
    }
    try {
      return RawBytes.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      wrong("body_base64", "base64");
      return null;
    }
  }

  private @Nullable String wrong(String name, String expected) {
    warnings.add(path + "." + name + ": " + expected + " expected; ignored");
    return null;
  }
}
