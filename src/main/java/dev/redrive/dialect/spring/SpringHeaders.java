// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.spring;

import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.header.HeaderNames;
import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.Hops;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The headers that both of Spring Kafka's conventions write under different names. Numbers are
 * big-endian binary. Headers of Java-serialised exceptions are dropped on replay and never read.
 */
final class SpringHeaders {
  private static final List<String> PREFIXES =
      List.of(
          "kafka_dlt-",
          "kafka_original-",
          "kafka_exception-",
          "kafka_key-exception-",
          "retry_topic-");
  private static final List<String> EXACT =
      List.of(
          "kafka_deliveryAttempt",
          "springDeserializerExceptionKey",
          "springDeserializerExceptionValue");
  private static final String DESERIALIZATION =
      "org.springframework.kafka.support.serializer.DeserializationException";

  final HeaderName topic;
  final HeaderName exception;
  private final HeaderName partition;
  private final HeaderName offset;
  private final HeaderName timestamp;
  private final HeaderName group;
  private final HeaderName cause;
  private final HeaderName message;
  private final HeaderName stackTrace;
  private final HeaderName keyException;
  private final HeaderName keyMessage;
  private final HeaderName keyStackTrace;
  private final HeaderName deliveryAttempt;
  private final List<HeaderName> own;

  /**
   * @param prefix {@code kafka_dlt-} or {@code kafka_}
   */
  SpringHeaders(HeaderNames names, String prefix) {
    topic = names.of(prefix + "original-topic");
    partition = names.of(prefix + "original-partition");
    offset = names.of(prefix + "original-offset");
    timestamp = names.of(prefix + "original-timestamp");
    // One constant for both conventions, so it is no sign of either.
    group = names.of("kafka_dlt-original-consumer-group");
    exception = names.of(prefix + "exception-fqcn");
    cause = names.of(prefix + "exception-cause-fqcn");
    message = names.of(prefix + "exception-message");
    stackTrace = names.of(prefix + "exception-stacktrace");
    keyException = names.of(prefix + "key-exception-fqcn");
    keyMessage = names.of(prefix + "key-exception-message");
    keyStackTrace = names.of(prefix + "key-exception-stacktrace");
    deliveryAttempt = names.of("kafka_deliveryAttempt");
    own =
        List.of(
            topic,
            partition,
            offset,
            timestamp,
            exception,
            cause,
            message,
            stackTrace,
            keyException);
  }

  int lastWritten(HeaderScan scan) {
    return Dialect.lastOf(scan, own);
  }

  Hops hops(HeaderScan scan) {
    String consumerGroup = scan.text(group);
    return Hops.read(scan, topic, (from, to) -> hop(scan, from, to, consumerGroup));
  }

  private Source hop(HeaderScan scan, int from, int to, @Nullable String consumerGroup) {
    Integer number = scan.int32(scan.lastIn(partition, from, to));
    return new Source(
        scan.text(scan.lastIn(topic, from, to)),
        number == null || number < 0 ? null : number,
        Hops.offset(scan.int64(scan.lastIn(offset, from, to))),
        Hops.offset(scan.int64(scan.lastIn(timestamp, from, to))),
        consumerGroup);
  }

  /** The value's failure; the key's where only that one failed. */
  FailureError error(HeaderScan scan) {
    if (!scan.has(exception) && scan.has(keyException)) {
      return new FailureError(
          null, scan.text(keyMessage), scan.text(keyException), null, scan.text(keyStackTrace));
    }
    return new FailureError(
        null, scan.text(message), scan.text(exception), scan.text(cause), scan.text(stackTrace));
  }

  /** Deliveries, the first included. */
  @Nullable Integer deliveries(HeaderScan scan) {
    Integer attempt = scan.int32(scan.last(deliveryAttempt));
    return attempt == null || attempt < 0 ? null : attempt;
  }

  /**
   * Spring serialises the object again, but a record that it could not deserialise is written as it
   * came; except by a JSON template, which makes a base64 string of it (spring-kafka #2000).
   */
  Fidelity fidelity(HeaderScan scan, RawRecord raw) {
    RawBytes value = raw.value();
    if (value == null) {
      return Fidelity.ORIGINAL;
    }
    boolean quoted = value.size() > 1 && value.array()[0] == '"';
    return !quoted && DESERIALIZATION.equals(scan.text(cause))
        ? Fidelity.ORIGINAL
        : Fidelity.RESERIALIZED;
  }

  /**
   * Both conventions' headers, whichever was recognised: a left-over {@code retry_topic-attempts}
   * sends a replay back to the dead letters after one try.
   */
  static boolean strips(String header) {
    for (String prefix : PREFIXES) {
      if (header.startsWith(prefix)) {
        return true;
      }
    }
    return EXACT.contains(header);
  }

  /** For people. */
  static List<String> stripped() {
    List<String> texts = new ArrayList<>();
    PREFIXES.forEach(prefix -> texts.add(prefix + "*"));
    texts.addAll(EXACT);
    return texts;
  }
}
