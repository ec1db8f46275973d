// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.filter;

import com.google.errorprone.annotations.Immutable;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.HttpDelivery;
import dev.redrive.letter.HttpFacts;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterState;
import dev.redrive.letter.Origin;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What letters are found by. A letter has no, one or several values of an attribute, and fits a
 * filter on it if any of them equals any that is asked for. {@link #wire} is its name in commands,
 * queries and answers.
 */
public enum Attribute {
  PIPELINE("pipeline_id", head -> one(head.facts().pipelineId())),
  RECORD("record_id", head -> one(head.facts().recordId())),
  CONNECTION("connection_id", head -> one(head.facts().connectionId())),
  ERROR_CODE("error_code", head -> one(head.facts().errorCode())),
  STATUS("status", head -> one(word(head.status())), words(LetterState.Status.values())),
  ORIGIN("origin", head -> one(word(head.facts().origin())), words(Origin.values())),
  FAILURE_KIND("failure_kind", head -> one(word(head.facts().kind())), words(FailureKind.values())),
  LAST_RUN("last_run_id", head -> one(head.lastRunId())),
  GROUP("group_id", head -> one(head.facts().groupId())),
  LABEL("label", head -> head.facts().labels()),
  SOURCE_TOPIC("source_topic", head -> one(head.facts().sourceTopic())),
  WORKFLOW_RUN("workflow_run_id", http(HttpFacts::workflowRunId)),
  WORKFLOW_URL("workflow_url", http(HttpFacts::workflowUrl)),
  FLOW_CONTROL_KEY("flow_control_key", http(HttpFacts::flowControlKey)),
  CALLER_IP("caller_ip", http(HttpFacts::callerIp)),
  FAILURE_FUNCTION_STATE(
      "failure_function_state",
      http(HttpFacts::callbackState),
      List.of("CALLBACK_INPROGRESS", "CALLBACK_SUCCESS", "CALLBACK_FAIL", "CALLBACK_CANCELED")),
  DIALECT("dialect", new OfDetail(detail -> one(detail.dialect())), List.of()),
  WORKFLOW_CREATED_AT("workflow_created_at", delivery(HttpDelivery::workflowCreatedAt), true),
  RESPONSE_STATUS("response_status", delivery(http -> http.response().status()), true),
  MESSAGE_ID("message_id", delivery(HttpDelivery::messageId), false),
  URL("url", delivery(HttpDelivery::url), false),
  TOPIC_NAME("topic_name", delivery(HttpDelivery::topicName), false),
  QUEUE_NAME("queue_name", delivery(HttpDelivery::queueName), false),
  SCHEDULE("schedule_id", delivery(HttpDelivery::scheduleId), false);

  /** A longer value is no letter's: ids are shorter, and URLs are cut nowhere near it. */
  public static final int MAX_VALUE = 8_000;

  private static final List<Attribute> ALL = List.of(values());

  private final String wire;
  private final Values values;

  /** Never changed, but its type does not say so. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> words;

  private final boolean number;

  /** Where a letter's values of an attribute are read. */
  @Immutable
  private sealed interface Values {}

  @Immutable
  private record OfHead(Reader<LetterHead> reader) implements Values {}

  @Immutable
  private record OfDetail(Reader<FailureDetail> reader) implements Values {}

  /** Reads the values; empty where there are none. */
  @Immutable
  @FunctionalInterface
  private interface Reader<T> {
    List<String> read(T from);
  }

  Attribute(String wire, Reader<LetterHead> reader) {
    this(wire, new OfHead(reader), List.of(), false);
  }

  Attribute(String wire, Reader<LetterHead> reader, List<String> words) {
    this(wire, new OfHead(reader), words, false);
  }

  Attribute(String wire, OfDetail reader, List<String> words) {
    this(wire, reader, words, false);
  }

  Attribute(String wire, OfDetail reader, boolean number) {
    this(wire, reader, List.of(), number);
  }

  Attribute(String wire, Values values, List<String> words, boolean number) {
    this.wire = wire;
    this.values = values;
    this.words = words;
    this.number = number;
  }

  public String wire() {
    return wire;
  }

  public static Optional<Attribute> ofWire(String name) {
    return ALL.stream().filter(attribute -> attribute.wire.equals(name)).findFirst();
  }

  /** Whether the letter's head has it; else its detail must be read. */
  public boolean onHead() {
    return values instanceof OfHead;
  }

  /** The letter's values where {@link #onHead}, else none. */
  public List<String> of(LetterHead head) {
    return values instanceof OfHead reads ? reads.reader.read(head) : List.of();
  }

  /** The letter's values where not {@link #onHead}, else none. */
  public List<String> of(FailureDetail detail) {
    return values instanceof OfDetail reads ? reads.reader.read(detail) : List.of();
  }

  /** What is wrong with a value that is asked for; empty: nothing. */
  public Optional<String> problem(String value) {
    if (value.isEmpty() || value.length() > MAX_VALUE) {
      return Optional.of("must have 1 to " + MAX_VALUE + " characters");
    }
    if (!words.isEmpty() && !words.contains(value)) {
      return Optional.of("must be one of " + String.join(", ", words));
    }
    if (number && !value.matches("0|[1-9][0-9]{0,17}")) {
      return Optional.of("must be a whole number from 0");
    }
    return Optional.empty();
  }

  private static List<String> one(@Nullable Object value) {
    return value == null ? List.of() : List.of(value.toString());
  }

  private static String word(Enum<?> value) {
    return Words.OF.computeIfAbsent(value, each -> each.name().toLowerCase(Locale.ROOT));
  }

  /** Made once: indexes ask for every letter. In a class of its own to be there before these. */
  private static final class Words {
    static final Map<Enum<?>, String> OF = new ConcurrentHashMap<>();
  }

  private static List<String> words(Enum<?>[] values) {
    return Arrays.stream(values).map(Attribute::word).collect(Collectors.toUnmodifiableList());
  }

  private static Reader<LetterHead> http(HttpText reader) {
    return head -> {
      HttpFacts http = head.facts().http();
      return http == null ? List.of() : one(reader.read(http));
    };
  }

  private static OfDetail delivery(DeliveryValue reader) {
    return new OfDetail(
        detail -> {
          HttpDelivery http = detail.http();
          return http == null ? List.of() : one(reader.read(http));
        });
  }

  @Immutable
  @FunctionalInterface
  private interface HttpText {
    @Nullable String read(HttpFacts facts);
  }

  @Immutable
  @FunctionalInterface
  private interface DeliveryValue {
    @Nullable Object read(HttpDelivery delivery);
  }
}
