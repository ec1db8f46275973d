// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.workflows;

import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The query parameters of this family. A filter takes several values, given by repeating it or with
 * commas; one that is given without a value is not given. A parameter that nobody knows is refused:
 * ignored, a mistyped filter would delete everything.
 */
final class Asked {
  /** Where a comma parts two URLs, and is not a character of one. */
  private static final Pattern URL_COMMA = Pattern.compile(",(?=[A-Za-z][A-Za-z0-9+.-]*://)");

  private static final Pattern COMMA = Pattern.compile(",");
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,15}");
  private static final int MAX_TEXT = 200;
  private static final String DLQ_IDS = "dlqIds";

  private static final Map<String, Attribute> FILTERS =
      Map.ofEntries(
          Map.entry("workflowUrl", Attribute.WORKFLOW_URL),
          Map.entry("url", Attribute.URL),
          Map.entry("workflowRunId", Attribute.WORKFLOW_RUN),
          Map.entry("workflowCreatedAt", Attribute.WORKFLOW_CREATED_AT),
          Map.entry("label", Attribute.LABEL),
          Map.entry("failureFunctionState", Attribute.FAILURE_FUNCTION_STATE),
          Map.entry("failureCallbackState", Attribute.FAILURE_FUNCTION_STATE),
          Map.entry("callerIp", Attribute.CALLER_IP),
          Map.entry("callerIP", Attribute.CALLER_IP),
          Map.entry("flowControlKey", Attribute.FLOW_CONTROL_KEY),
          Map.entry("responseStatus", Attribute.RESPONSE_STATUS),
          Map.entry("messageId", Attribute.MESSAGE_ID),
          Map.entry("topicName", Attribute.TOPIC_NAME),
          Map.entry("scheduleId", Attribute.SCHEDULE),
          Map.entry("queueName", Attribute.QUEUE_NAME));

  private static final Set<String> SINGLE = Set.of("workflowRunId", "workflowCreatedAt");
  private static final Set<String> KNOWN = known();

  private final Parameters given;

  private Asked(Parameters given) {
    this.given = given;
  }

  static Asked of(Context request) {
    return new Asked(Parameters.of(request, KNOWN));
  }

  /** The filters, as they are of HTTP deliveries. */
  LetterFilter filter() {
    long from = time("fromDate", Long.MIN_VALUE);
    long to = time("toDate", Long.MAX_VALUE);
    if (from > to) {
      throw Problem.field("fromDate", "is after toDate");
    }
    LetterFilter filter = LetterFilter.ALL.between(from, to);
    for (Map.Entry<String, Attribute> known : FILTERS.entrySet()) {
      Set<String> values = new LinkedHashSet<>(filter.values(known.getValue()));
      values.addAll(values(known.getKey(), known.getValue()));
      filter = filter.with(known.getValue(), values);
    }
    return filter;
  }

  /** Whether entries are named one by one; then nothing else counts. */
  boolean names() {
    return !given.texts(DLQ_IDS).isEmpty();
  }

  List<String> dlqIds() {
    List<String> ids = texts(DLQ_IDS, COMMA);
    if (names() && ids.isEmpty()) {
      throw Problem.field(DLQ_IDS, "is blank");
    }
    return ids;
  }

  /**
   * For what changes entries: a filter whose value got lost on its way must not mean all of them.
   *
   * @throws Problem 400 where a filter is given without a value
   */
  void requireValues() {
    for (String name : KNOWN) {
      if (!name.equals("cursor") && given.texts(name).contains("")) {
        throw Problem.field(name, "is blank; leave it out to mean any");
      }
    }
  }

  /** How many, within bounds. */
  int countWithin(int max) {
    int count = count(max);
    if (count > max) {
      throw Problem.field("count", "must be a whole number from 1 to " + max);
    }
    return count;
  }

  /** How many, and never more than so many. */
  int countUpTo(int max) {
    return Math.min(max, count(max));
  }

  Optional<String> cursor() {
    return single("cursor");
  }

  boolean oldestFirst() {
    String order = single("order").orElse("earliestFirst");
    if (!order.equals("earliestFirst") && !order.equals("latestFirst")) {
      throw Problem.field("order", "must be one of earliestFirst, latestFirst");
    }
    return order.equals("earliestFirst");
  }

  private int count(int absent) {
    Optional<String> count = single("count");
    if (count.isEmpty()) {
      return absent;
    }
    if (!WHOLE.matcher(count.get()).matches() || count.get().matches("0+")) {
      throw Problem.field("count", "must be a whole number from 1");
    }
    return (int) Math.min(Integer.MAX_VALUE, Long.parseLong(count.get()));
  }

  private long time(String name, long absent) {
    Optional<String> time = single(name);
    if (time.isPresent() && !WHOLE.matcher(time.get()).matches()) {
      throw Problem.field(name, "must be a time in milliseconds since 1970");
    }
    return time.map(Long::parseLong).orElse(absent);
  }

  private List<String> values(String name, Attribute attribute) {
    List<String> values;
    if (SINGLE.contains(name)) {
      values = single(name).stream().toList();
    } else {
      boolean url = attribute == Attribute.URL || attribute == Attribute.WORKFLOW_URL;
      values = texts(name, url ? URL_COMMA : COMMA);
    }
    if (values.size() > LetterFilter.MAX_VALUES) {
      throw Problem.field(name, "must have at most " + LetterFilter.MAX_VALUES + " values");
    }
    for (String value : values) {
      attribute
          .problem(value)
          .ifPresent(
              problem -> {
                throw Problem.field(name, problem);
              });
    }
    return values;
  }

  private Optional<String> single(String name) {
    List<String> values = given.texts(name).stream().filter(text -> !text.isEmpty()).toList();
    if (values.size() > 1) {
      throw Problem.field(name, "is given more than once");
    }
    Optional<String> value = values.stream().findFirst();
    if (value.isPresent() && value.get().length() > MAX_TEXT) {
      throw Problem.field(name, "must have at most " + MAX_TEXT + " characters");
    }
    return value;
  }

  private List<String> texts(String name, Pattern comma) {
    return given.texts(name).stream()
        .flatMap(comma::splitAsStream)
        .filter(text -> !text.isEmpty())
        .distinct()
        .toList();
  }

  private static Set<String> known() {
    List<String> known = new ArrayList<>(FILTERS.keySet());
    // Clients say which of two services asks, and once said which API; here both have all letters.
    known.addAll(
        List.of("cursor", "count", "order", "fromDate", "toDate", DLQ_IDS, "source", "api"));
    return Set.copyOf(known);
  }
}
