// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/** Values that fit a schema, and values that nearly do. */
final class Values {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final List<String> TIMES =
      List.of(
          "2000-01-01T00:00:00Z",
          "2026-03-27T13:45:22Z",
          "2026-03-27T13:45:22.5+02:00",
          "2100-01-01T00:00:00.000Z");

  /** What letters of the rig have, so that filters find some and not others. */
  private static final List<String> WORDS =
      List.of(
          "a",
          "b",
          "orders",
          "broken",
          "500",
          "first",
          "second",
          "fk",
          "1.2.3.4",
          "conn_1",
          "https://a.example/w",
          "kafka://redrive-errors",
          "redrive-envelope",
          "queue",
          "high",
          "normal",
          "reprocess",
          "delete",
          "r-1",
          "r-",
          "x");

  private final JsonNode document;
  private final Harvest harvest;
  private final Random random;

  Values(JsonNode document, Harvest harvest, Random random) {
    this.document = document;
    this.harvest = harvest;
    this.random = random;
  }

  /** A text that a parameter of this name and schema may have. */
  String fitting(String name, JsonNode schema) {
    JsonNode wanted = schema.path("type").asText().equals("array") ? item(schema) : schema;
    if (random.nextInt(3) > 0) {
      var seen = harvest.any(name, random);
      if (seen.isPresent()) {
        return seen.get();
      }
    }
    JsonNode value = value(name, wanted, 0);
    return value.isTextual() ? value.textValue() : value.toString();
  }

  /** A text that hardly fits: of another type, beyond a bound, or odd. */
  String unfitting(JsonNode schema) {
    JsonNode bounds = schema.path("type").asText().equals("array") ? item(schema) : schema;
    return switch (random.nextInt(5)) {
      case 0 -> String.valueOf(bounds.path("minimum").asLong(0) - 1);
      case 1 -> String.valueOf(bounds.path("maximum").asLong(Long.MAX_VALUE - 1) + 1);
      case 2 -> "x".repeat(Math.min(6_000, bounds.path("maxLength").asInt(100)) + 1);
      default -> Oddities.text(random);
    };
  }

  /** JSON that fits a schema as far as it says; deep inside it becomes small. */
  JsonNode value(String name, JsonNode given, int depth) {
    JsonNode schema = Operation.resolved(document, given);
    JsonNode choices = schema.has("oneOf") ? schema.path("oneOf") : schema.path("anyOf");
    if (choices.isArray()) {
      return value(name, choices.get(random.nextInt(choices.size())), depth + 1);
    }
    if (schema.has("const")) {
      return schema.get("const");
    }
    if (schema.path("enum").isArray()) {
      return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
    }
    return switch (type(schema)) {
      case "object" -> object(name, schema, depth);
      case "array" -> array(name, schema, depth);
      case "integer" -> NODES.numberNode(number(schema));
      case "number" -> NODES.numberNode(random.nextInt(1_000) / 10.0);
      case "boolean" -> NODES.booleanNode(random.nextBoolean());
      case "null" -> NODES.nullNode();
      default -> NODES.textNode(text(name, schema));
    };
  }

  private ObjectNode object(String name, JsonNode schema, int depth) {
    ObjectNode object = NODES.objectNode();
    if (name.equals("filter") || name.equals("filters")) {
      return filter(object);
    }
    if (name.equals("options")) {
      return options(object);
    }
    schema
        .path("properties")
        .properties()
        .forEach(
            field -> {
              boolean required = false;
              for (JsonNode each : schema.path("required")) {
                required |= each.asText().equals(field.getKey());
              }
              if (required || (depth < 4 && random.nextInt(3) == 0)) {
                object.set(field.getKey(), value(field.getKey(), field.getValue(), depth + 1));
              }
            });
    return object;
  }

  /** The description says only that it is an object: it is the filter language of lists. */
  private ObjectNode filter(ObjectNode filter) {
    List<String> names =
        List.of("pipeline_id", "error_code", "status", "label", "group_id", "connection_id");
    for (String each : names) {
      if (random.nextInt(3) == 0) {
        if (random.nextBoolean()) {
          filter.put(each, fittingFilter(each));
        } else {
          filter.putArray(each).add(fittingFilter(each)).add(fittingFilter(each));
        }
      }
    }
    if (random.nextInt(4) == 0) {
      filter.put("since", TIMES.get(random.nextInt(TIMES.size())));
    }
    return filter;
  }

  private String fittingFilter(String name) {
    return name.equals("status")
        ? List.of("pending", "parked", "retrying").get(random.nextInt(3))
        : harvest.any(name, random).orElseGet(() -> WORDS.get(random.nextInt(WORDS.size())));
  }

  private ObjectNode options(ObjectNode options) {
    if (random.nextInt(3) > 0) {
      options.put("dry_run", true);
    }
    if (random.nextBoolean()) {
      options.put("rate", 1 + random.nextInt(500));
    }
    if (random.nextInt(4) == 0) {
      options.put("max_in_flight", 1 + random.nextInt(50));
    }
    if (random.nextInt(4) == 0) {
      options.putObject("canary").put("size", 1 + random.nextInt(3)).put("wait", "1s");
    }
    return options;
  }

  private ArrayNode array(String name, JsonNode schema, int depth) {
    ArrayNode array = NODES.arrayNode();
    int least = schema.path("minItems").asInt(0);
    int size = least + random.nextInt(4);
    for (int i = 0; i < size; i++) {
      array.add(value(name, schema.path("items"), depth + 1));
    }
    return array;
  }

  private long number(JsonNode schema) {
    long least = schema.path("minimum").asLong(0);
    long most = Math.min(schema.path("maximum").asLong(1_000), least + 1_000);
    return least + random.nextInt((int) (most - least) + 1);
  }

  private String text(String name, JsonNode schema) {
    if (schema.path("format").asText().equals("date-time")) {
      return TIMES.get(random.nextInt(TIMES.size()));
    }
    var seen = harvest.any(name, random);
    return seen.isPresent() && random.nextInt(5) > 0
        ? seen.get()
        : WORDS.get(random.nextInt(WORDS.size()));
  }

  private String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    return type.isArray() ? type.get(random.nextInt(type.size())).asText() : type.asText("string");
  }

  private JsonNode item(JsonNode schema) {
    return Operation.resolved(document, schema.path("items"));
  }
}
