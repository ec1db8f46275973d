// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.producers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.streams.processor.api.Record;

/**
 * A record with all that a detour may lose: a key that is no text, a header twice, one without a
 * value, one that is no text, and a time of its own.
 */
final class OddRecord {
  private static final byte[] KEY = {0, -1, 'k', -128};
  private static final List<Header> HEADERS =
      List.of(
          new RecordHeader("trace", "first".getBytes(UTF_8)),
          new RecordHeader("nothing", (byte[]) null),
          new RecordHeader("trace", "second".getBytes(UTF_8)),
          new RecordHeader("bytes", new byte[] {-1, 0, -2}));
  private static final List<String> ADDED =
      List.of(
          "redrive-letter-id",
          "redrive-pipeline-id",
          "redrive-record-id",
          "redrive-run-id",
          "redrive-attempt",
          "redrive-requested-by");

  private final byte[] value;
  private final long timestamp;

  OddRecord(byte[] value, long timestamp) {
    this.value = value;
    this.timestamp = timestamp;
  }

  ProducerRecord<byte[], byte[]> on(String topic) {
    return new ProducerRecord<>(topic, null, timestamp, KEY, value, HEADERS);
  }

  /** It is this record, byte for byte, and besides only what Redrive says of the replay. */
  void assertReplayed(ConsumerRecord<byte[], byte[]> replay, JsonNode letter, int attempt) {
    assertReplayed(
        new Record<>(replay.key(), replay.value(), replay.timestamp(), replay.headers()),
        letter,
        attempt);
  }

  /** The same, as Kafka Streams hands it on. */
  void assertReplayed(Record<byte[], byte[]> replay, JsonNode letter, int attempt) {
    assertThat(replay.key()).isEqualTo(KEY);
    assertThat(replay.value()).isEqualTo(value);
    assertThat(replay.timestamp()).isEqualTo(timestamp);
    Headers headers = replay.headers();
    assertThat(all(headers).filter(header -> !isOurs(header)))
        .as("the record's own headers, without those of the dead letter")
        .containsExactlyElementsOf(HEADERS);
    assertThat(all(headers).filter(OddRecord::isOurs).map(Header::key))
        .containsExactlyInAnyOrderElementsOf(ADDED);
    assertThat(text(headers, "redrive-letter-id")).isEqualTo(letter.get("id").asText());
    assertThat(text(headers, "redrive-pipeline-id")).isEqualTo(letter.get("pipeline_id").asText());
    assertThat(text(headers, "redrive-record-id")).isEqualTo(letter.get("record_id").asText());
    assertThat(text(headers, "redrive-attempt")).isEqualTo(Integer.toString(attempt));
  }

  static String text(Headers headers, String name) {
    return new String(headers.lastHeader(name).value(), UTF_8);
  }

  private static Stream<Header> all(Headers headers) {
    return Arrays.stream(headers.toArray());
  }

  private static boolean isOurs(Header header) {
    return header.key().startsWith("redrive-");
  }
}
