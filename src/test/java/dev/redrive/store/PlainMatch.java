// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.Header;
import dev.redrive.letter.HttpDelivery;
import dev.redrive.letter.HttpFacts;
import dev.redrive.letter.Letter;
import dev.redrive.letter.RawBytes;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What a filter means, said once more in the plainest way: nothing here is shared with the code.
 */
final class PlainMatch {
  private PlainMatch() {}

  static boolean fits(Letter letter, LetterFilter filter) {
    long failedAt = letter.head().facts().failedAt();
    return failedAt >= filter.since()
        && failedAt <= filter.until()
        && filter.attributes().entrySet().stream()
            .allMatch(
                asked -> !Collections.disjoint(values(letter, asked.getKey()), asked.getValue()))
        && fitsTexts(letter, filter.text());
  }

  private static boolean fitsTexts(Letter letter, LetterFilter.Text text) {
    String message = letter.detail().error().message();
    RawBytes raw = letter.detail().raw().value();
    String value = raw == null ? null : raw.text();
    String record = letter.head().facts().recordId();
    return (text.errorMessage() == null
            || (message != null && message.contains(text.errorMessage())))
        && (text.payload() == null || (value != null && value.contains(text.payload())))
        && (text.recordId() == null || Pattern.compile(text.recordId()).matcher(record).find())
        && (text.header() == null || anyHeader(letter.detail().raw().headers(), text.header()));
  }

  private static boolean anyHeader(List<Header> headers, String part) {
    return headers.stream()
        .anyMatch(
            header ->
                header.name().contains(part)
                    || (header.value() != null && header.value().text().contains(part)));
  }

  private static List<String> values(Letter letter, Attribute attribute) {
    FailureFacts facts = letter.head().facts();
    return switch (attribute) {
      case PIPELINE -> List.of(facts.pipelineId());
      case RECORD -> List.of(facts.recordId());
      case CONNECTION -> some(facts.connectionId());
      case ERROR_CODE -> some(facts.errorCode());
      case STATUS -> some(letter.head().state().status().name().toLowerCase(Locale.ROOT));
      case ORIGIN -> some(facts.origin().name().toLowerCase(Locale.ROOT));
      case FAILURE_KIND -> some(facts.kind().name().toLowerCase(Locale.ROOT));
      case LAST_RUN -> some(letter.head().lastRunId());
      case GROUP -> some(facts.groupId());
      case LABEL -> facts.labels();
      case SOURCE_TOPIC -> some(facts.sourceTopic());
      case WORKFLOW_RUN -> http(facts, HttpFacts::workflowRunId);
      case WORKFLOW_URL -> http(facts, HttpFacts::workflowUrl);
      case FLOW_CONTROL_KEY -> http(facts, HttpFacts::flowControlKey);
      case CALLER_IP -> http(facts, HttpFacts::callerIp);
      case FAILURE_FUNCTION_STATE -> http(facts, HttpFacts::callbackState);
      case DIALECT -> List.of(letter.detail().dialect());
      case WORKFLOW_CREATED_AT -> delivery(letter, HttpDelivery::workflowCreatedAt);
      case RESPONSE_STATUS -> delivery(letter, http -> http.response().status());
      case MESSAGE_ID -> delivery(letter, HttpDelivery::messageId);
      case URL -> delivery(letter, HttpDelivery::url);
      case TOPIC_NAME -> delivery(letter, HttpDelivery::topicName);
      case QUEUE_NAME -> delivery(letter, HttpDelivery::queueName);
      case SCHEDULE -> delivery(letter, HttpDelivery::scheduleId);
    };
  }

  private static List<String> http(FailureFacts facts, Function<HttpFacts, String> reader) {
    return facts.http() == null ? List.of() : some(reader.apply(facts.http()));
  }

  private static List<String> delivery(Letter letter, Function<HttpDelivery, Object> reader) {
    HttpDelivery http = letter.detail().http();
    return http == null ? List.of() : some(reader.apply(http));
  }

  private static List<String> some(Object value) {
    return value == null ? List.of() : List.of(value.toString());
  }
}
