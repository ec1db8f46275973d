// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import dev.redrive.dialect.convention.Inbound;
import dev.redrive.letter.Failure;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** Dead letters for tests: records as real producers wrote them, byte for byte. */
final class DeadLetters {
  static final UUID TOPIC_ID = new UUID(1, 2);
  static final long WRITTEN_AT = 1_795_306_242_209L;
  static final long ARRIVED_AT = WRITTEN_AT + 15;
  static final long ORIGINAL_AT = 1_700_000_000_123L;

  private DeadLetters() {}

  static Header utf8(String name, String value) {
    return Header.utf8(name, value);
  }

  static Header hex(String name, String hex) {
    return new Header(name, RawBytes.of(HexFormat.of().parseHex(hex)));
  }

  static Header nothing(String name) {
    return new Header(name, null);
  }

  static RawRecord record(String key, String value, Header... headers) {
    return new RawRecord(RawBytes.utf8(key), RawBytes.utf8(value), List.of(headers));
  }

  static RawRecord record(RawBytes key, RawBytes value, List<Header> headers) {
    return new RawRecord(key, value, headers);
  }

  static RawRecord plus(RawRecord record, Header... headers) {
    List<Header> all = new ArrayList<>(record.headers());
    all.addAll(List.of(headers));
    return new RawRecord(record.key(), record.value(), all);
  }

  static RawRecord without(RawRecord record, String header) {
    return new RawRecord(
        record.key(),
        record.value(),
        record.headers().stream().filter(h -> !h.name().equals(header)).toList());
  }

  static RawRecord with(RawRecord record, Header instead) {
    return new RawRecord(
        record.key(),
        record.value(),
        record.headers().stream().map(h -> h.name().equals(instead.name()) ? instead : h).toList());
  }

  static Inbound inbound(RawRecord raw, String topic, long timestamp) {
    return new Inbound(raw, TOPIC_ID, topic, 1, 42, timestamp, ARRIVED_AT);
  }

  static Failure read(RawRecord raw, String topic, long timestamp) {
    List<Failure> failures = Dialects.read(inbound(raw, topic, timestamp), DialectRules.NONE);
    if (failures.size() != 1) {
      throw new AssertionError(failures.size() + " failures");
    }
    return failures.get(0);
  }

  static Failure read(RawRecord raw) {
    return read(raw, "errors", WRITTEN_AT);
  }

  static ReplayHeaders replay(Failure failure, int attempt) {
    return new ReplayHeaders(
        failure.id(),
        failure.facts().pipelineId(),
        failure.facts().recordId(),
        "run_1",
        attempt,
        null,
        null,
        null,
        null);
  }

  static ReplayHeaders replay(String pipeline, String record) {
    return new ReplayHeaders(
        LetterId.of(pipeline, record), pipeline, record, "run_1", 1, null, null, null, null);
  }

  // c-dlq-0@0 of Kafka Connect 4.3.1.
  static RawRecord connect() {
    return record(
        "k1",
        "{not json",
        utf8("trace", "t-1"),
        utf8("__connect.errors.topic", "c-in"),
        utf8("__connect.errors.partition", "1"),
        utf8("__connect.errors.offset", "0"),
        utf8("__connect.errors.connector.name", "my-sink"),
        utf8("__connect.errors.task.id", "0"),
        utf8("__connect.errors.stage", "VALUE_CONVERTER"),
        utf8("__connect.errors.class.name", "org.apache.kafka.connect.json.JsonConverter"),
        utf8(
            "__connect.errors.exception.class.name",
            "org.apache.kafka.connect.errors.DataException"),
        utf8("__connect.errors.exception.message", CONNECT_MESSAGE),
        utf8("__connect.errors.exception.stacktrace", CONNECT_TRACE));
  }

  /** c-dlq-0@1: the headers of an older trip, which lacked the partition, are still on it. */
  static RawRecord connectAgain() {
    List<Header> headers = new ArrayList<>();
    headers.add(utf8("__connect.errors.topic", "older-topic"));
    headers.add(utf8("__connect.errors.offset", "77"));
    headers.addAll(connect().headers().subList(1, connect().headers().size()));
    return with(
        record(RawBytes.utf8("k3"), RawBytes.utf8("{bad again"), headers),
        utf8("__connect.errors.partition", "0"));
  }

  // s-dlq-1@1 of Kafka Streams 4.3.1.
  static RawRecord streams() {
    return record(
        RawBytes.utf8("k1"),
        RawBytes.of(HexFormat.of().parseHex("000000000000000d")),
        List.of(
            utf8("trace", "t-1"),
            utf8("__streams.errors.exception", "java.lang.IllegalStateException"),
            utf8("__streams.errors.message", "unlucky 13"),
            utf8("__streams.errors.stacktrace", STREAMS_TRACE),
            utf8("__streams.errors.topic", "s-in"),
            utf8("__streams.errors.partition", "1"),
            utf8("__streams.errors.offset", "0")));
  }

  // sp-in-dlt-1@0 of Spring Kafka 4.1.1.
  static RawRecord spring() {
    return record(
        RawBytes.utf8("k1"),
        RawBytes.of(HexFormat.of().parseHex("0000000000000005")),
        List.of(
            utf8("trace", "t-1"),
            hex("kafka_deliveryAttempt", "00000003"),
            utf8("kafka_dlt-exception-fqcn", LISTENER_FAILED),
            utf8("kafka_dlt-exception-cause-fqcn", "java.lang.IllegalArgumentException"),
            utf8("kafka_dlt-exception-message", "Listener method threw exception; boom 5"),
            utf8("kafka_dlt-exception-stacktrace", SPRING_TRACE),
            utf8("kafka_dlt-original-topic", "sp-in"),
            hex("kafka_dlt-original-partition", "00000001"),
            hex("kafka_dlt-original-offset", "0000000000000000"),
            hex("kafka_dlt-original-timestamp", "0000018bcfe5687b"),
            utf8("kafka_dlt-original-timestamp-type", "CreateTime"),
            utf8("kafka_dlt-original-consumer-group", "grp1")));
  }

  // sp2-in-dlt-0@0 of Spring Kafka 4.1.1.
  static RawRecord springRetryable() {
    return record(
        RawBytes.utf8("k1"),
        RawBytes.utf8("v1"),
        List.of(
            utf8("trace", "t-2"),
            utf8("kafka_original-topic", "sp2-in"),
            hex("kafka_original-partition", "00000001"),
            hex("kafka_original-offset", "0000000000000000"),
            hex("kafka_original-timestamp", "0000018bcfe5687b"),
            utf8("kafka_original-timestamp-type", "CreateTime"),
            utf8("kafka_dlt-original-consumer-group", "grp2"),
            hex("retry_topic-original-timestamp", "018bcfe5687b"),
            hex("retry_topic-attempts", "00000002"),
            hex("retry_topic-backoff-timestamp", "01a200973fff"),
            hex("retry_topic-original-timestamp", "018bcfe5687b"),
            hex("retry_topic-attempts", "00000003"),
            hex("retry_topic-backoff-timestamp", "01a200974230"),
            utf8("kafka_exception-fqcn", LISTENER_FAILED),
            utf8("kafka_exception-cause-fqcn", "java.lang.IllegalStateException"),
            utf8("kafka_exception-message", "Listener failed; retry me"),
            utf8("kafka_exception-stacktrace", SPRING_TRACE),
            hex("retry_topic-original-timestamp", "018bcfe5687b"),
            hex("retry_topic-attempts", "00000004"),
            hex("retry_topic-backoff-timestamp", "01a200974419")));
  }

  static RawRecord ours() {
    return record(
        "k1",
        "v1",
        utf8("trace", "t-1"),
        utf8("redrive-pipeline-id", "orders"),
        utf8("redrive-record-id", "order-7"),
        utf8("redrive-error-code", "db_refused"),
        utf8("redrive-error-message", "duplicate key 7"),
        utf8("redrive-error-class", "java.sql.SQLException"));
  }

  static RawRecord envelope(String json) {
    return record("k1", json, utf8("redrive-envelope", "1"));
  }

  static final String CONNECT_MESSAGE =
      "Converting byte[] to Kafka Connect data failed due to serialization error: ";
  static final String LISTENER_FAILED =
      "org.springframework.kafka.listener.ListenerExecutionFailedException";

  static final String CONNECT_TRACE =
      "org.apache.kafka.connect.errors.DataException: "
          + CONNECT_MESSAGE
          + """

          \tat org.apache.kafka.connect.json.JsonConverter.toConnectData(JsonConverter.java:332)
          \tat org.apache.kafka.connect.runtime.WorkerSinkTask.lambda$convertValue$4(WorkerSinkTask.java:564)
          \tat java.base/java.util.concurrent.FutureTask.run(FutureTask.java:264)
          \tat java.base/java.lang.Thread.run(Thread.java:840)
          Caused by: org.apache.kafka.common.errors.SerializationException: com.fasterxml.jackson.core.JsonParseException: Unexpected character ('n' (code 110)): was expecting double-quote to start field name
          Caused by: com.fasterxml.jackson.core.JsonParseException: Unexpected character ('n' (code 110)): was expecting double-quote to start field name
           at [Source: REDACTED; line: 1, column: 2]
          \tat com.fasterxml.jackson.core.JsonParser._constructError(JsonParser.java:2481)
          \tat org.apache.kafka.connect.json.JsonDeserializer.deserialize(JsonDeserializer.java:69)
          \t... 17 more
          """;

  static final String STREAMS_TRACE =
      """
      java.lang.IllegalStateException: unlucky 13
      \tat cap.Main.lambda$streams$1(Main.java:25)
      \tat org.apache.kafka.streams.kstream.internals.AbstractStream.lambda$withKey$0(AbstractStream.java:107)
      \tat org.apache.kafka.streams.processor.internals.StreamThread.run(StreamThread.java:867)
      """;

  static final String SPRING_TRACE =
      """
      org.springframework.kafka.listener.ListenerExecutionFailedException: Listener failed
      \tat org.springframework.kafka.listener.KafkaMessageListenerContainer$ListenerConsumer.decorateException(KafkaMessageListenerContainer.java:2976)
      \tat java.base/java.lang.Thread.run(Thread.java:840)
      Caused by: java.lang.IllegalArgumentException: boom 5
      \tat cap.SpringCap$L.a(SpringCap.java:61)
      \tat java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(DirectMethodHandleAccessor.java:103)
      \t... 14 more
      """;
}
