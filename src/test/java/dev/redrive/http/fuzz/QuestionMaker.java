// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.http.fuzz.Operation.Parameter;
import dev.redrive.http.fuzz.Question.Header;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests of all kinds out of the description. What it makes follows from the seed and from
 * what answers gave it, so a finding prints its request whole.
 */
final class QuestionMaker {
  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW", "get");
  private static final List<String> TYPES =
      List.of(
          "text/plain",
          "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=x",
          "application/json; charset=utf-16",
          "application/jsonp",
          "application/json;;;",
          "APPLICATION/JSON",
          "*/*",
          "x");
  private static final List<Charset> CHARSETS =
      List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.ISO_8859_1);

  private final List<Operation> operations;
  private final Values values;
  private final Harvest harvest;
  private final Random random;

  QuestionMaker(JsonNode document, Harvest harvest, Random random) {
    this.operations = Operation.of(document);
    this.values = new Values(document, harvest, random);
    this.harvest = harvest;
    this.random = random;
  }

  Question next() {
    Operation operation = operations.get(random.nextInt(operations.size()));
    boolean raw = once(40);
    List<Header> headers = new ArrayList<>();
    List<String> query = query(operation);
    boolean restricted = key(headers, query);
    String method = once(15) ? METHODS.get(random.nextInt(METHODS.size())) : operation.method();
    byte[] body = body(operation, headers);
    odd(operation, headers);
    String target = path(operation, raw) + (query.isEmpty() ? "" : "?" + String.join("&", query));
    return new Question(method, target, headers, body, raw, restricted);
  }

  private String path(Operation operation, boolean raw) {
    StringBuilder path = new StringBuilder();
    for (String segment : operation.path().substring(1).split("/", -1)) {
      path.append('/').append(segment.startsWith("{") ? place(operation, segment, raw) : segment);
    }
    if (once(60)) {
      path.append(
          List.of("/", "//", "/x", ";a=b", "/..", "/.", "%20", "/%2e%2e/").get(random.nextInt(8)));
    }
    return path.toString();
  }

  /** What stands where a template has a name. */
  private String place(Operation operation, String segment, boolean raw) {
    String name = segment.substring(1, segment.length() - 1);
    Parameter parameter =
        operation.parameters().stream()
            .filter(each -> each.in().equals("path") && each.name().equals(name))
            .findFirst()
            .orElseThrow();
    String value =
        once(4)
            ? values.unfitting(parameter.schema())
            : id(operation.path(), name, values.fitting(name, parameter.schema()));
    if (raw && once(2)) {
      return value.replaceAll("[\\x00-\\x20\\x7f-\\uffff]", "|");
    }
    return value.isEmpty() ? "%20" : encoded(value).replace("+", "%20");
  }

  /** Ids of many kinds are called id: jobs ask for jobs, if there were any. */
  private String id(String path, String name, String otherwise) {
    if (!name.equals("id")) {
      return otherwise;
    }
    String kind =
        path.contains("/jobs/")
            ? "job_id"
            : path.contains("/bulk-operations/")
                ? "bulk_operation_id"
                : path.contains("/groups/")
                    ? "group_id"
                    : path.startsWith("/api/runs/") ? "run_id" : "dlqId";
    return harvest.any(kind, random).orElse(otherwise);
  }

  private List<String> query(Operation operation) {
    List<String> query = new ArrayList<>();
    List<Parameter> known =
        operation.parameters().stream().filter(each -> each.in().equals("query")).toList();
    int size = known.isEmpty() ? 0 : random.nextInt(Math.min(5, known.size() + 1));
    for (int i = 0; i < size; i++) {
      Parameter parameter = known.get(random.nextInt(known.size()));
      int times = once(8) ? 1 + random.nextInt(3) : 1;
      for (int t = 0; t < times; t++) {
        String value =
            once(6)
                ? values.unfitting(parameter.schema())
                : values.fitting(parameter.name(), parameter.schema());
        query.add(encoded(parameter.name()) + (once(30) ? "" : "=" + encoded(value)));
      }
    }
    if (once(25)) {
      query.add(encoded(Oddities.text(random)) + "=" + encoded(Oddities.text(random)));
    }
    if (once(50)) {
      query.add(
          List.of("&&", "%", "a=%zz", "limit=%", "=", "?", "%C3%28=x", "cursor=%FF")
              .get(random.nextInt(8)));
    }
    return query;
  }

  /** Puts a key somewhere; true: it is the one that sees one pipeline only. */
  private boolean key(List<Header> headers, List<String> query) {
    String key =
        switch (random.nextInt(16)) {
          case 0 -> FuzzRig.VIEWER;
          case 1, 2 -> FuzzRig.OPERATOR;
          case 3, 4 -> FuzzRig.ONLY_A;
          case 5 -> "";
          case 6 -> "wrong";
          default -> FuzzRig.ADMIN;
        };
    switch (random.nextInt(10)) {
      case 0 -> headers.add(new Header("x-api-key", key));
      case 1 -> query.add("qstash_token=" + key);
      default -> headers.add(new Header("Authorization", "Bearer " + key));
    }
    return key.equals(FuzzRig.ONLY_A);
  }

  private byte @Nullable [] body(Operation operation, List<Header> headers) {
    if (operation.body() == null && !once(20)) {
      return null;
    }
    headers.add(
        new Header(
            "Content-Type",
            once(15) ? TYPES.get(random.nextInt(TYPES.size())) : "application/json"));
    if (operation.body() == null || once(4)) {
      return bytes(Oddities.json(random));
    }
    JsonNode json = values.value("body", operation.body(), 0);
    if (once(4) && json instanceof ObjectNode object) {
      spoil(object);
    }
    return bytes(json.toString());
  }

  /** One field too many, too few, or of another type. */
  private void spoil(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    if (names.isEmpty() || once(3)) {
      object.put(Oddities.text(random), Oddities.text(random));
      return;
    }
    String name = names.get(random.nextInt(names.size()));
    switch (random.nextInt(7)) {
      case 0 -> object.remove(name);
      case 1 -> object.putNull(name);
      case 2 -> object.put(name, random.nextLong());
      case 3 -> object.put(name, random.nextBoolean());
      case 4 -> object.putObject(name).put(Oddities.text(random), 1);
      case 5 -> object.putArray(name).addNull().add(1).addArray().addObject();
      default -> object.put(name, Oddities.text(random));
    }
  }

  private byte[] bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (once(40)) {
      return text.getBytes(CHARSETS.get(random.nextInt(CHARSETS.size())));
    }
    if (once(40)) {
      return Arrays.copyOf(bytes, bytes.length / 2);
    }
    if (once(40) && bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    if (once(300)) {
      return Arrays.copyOf(bytes, 3 << 20);
    }
    return bytes;
  }

  private void odd(Operation operation, List<Header> headers) {
    if (once(20)) {
      headers.add(
          new Header("Accept", List.of("text/html", "x", "*/*;q=0").get(random.nextInt(3))));
    }
    if (once(20)) {
      headers.add(
          new Header("Accept-Encoding", List.of("identity", "br", "x;q=2").get(random.nextInt(3))));
    }
    if (operation.path().contains("/dlq") && once(3)) {
      headers.add(
          new Header(
              "Upstash-"
                  + List.of("Retries", "Delay", "Label", "Flow-Control-Value", "X")
                      .get(random.nextInt(5)),
              List.of(
                      "0",
                      "3",
                      "-1",
                      "x",
                      "10s",
                      "parallelism=3, rate=10, period=1m",
                      "é".repeat(20),
                      "y".repeat(500))
                  .get(random.nextInt(8))));
    }
    if (once(50)) {
      headers.add(
          List.of(
                  new Header("X-HTTP-Method-Override", "DELETE"),
                  new Header("Origin", "https://evil.example"),
                  new Header("X-Forwarded-For", "10.0.0.1"),
                  new Header("If-None-Match", "*"),
                  new Header("Range", "bytes=0-1"),
                  new Header("Cookie", "a=b"),
                  new Header("Authorization", "Basic eA=="),
                  new Header("Request-Timeout", "-1"))
              .get(random.nextInt(8)));
    }
  }

  private boolean once(int in) {
    return random.nextInt(in) == 0;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
