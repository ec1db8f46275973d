// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** What every pipeline of the shop reads off a record. */
final class RecordFacts {
  static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private RecordFacts() {}

  static @Nullable String header(Headers headers, String name) {
    Header last = headers.lastHeader(name);
    return last == null || last.value() == null ? null : new String(last.value(), UTF_8);
  }

  /**
   * The id that a replay brings along, else the event's own, else where the record lay; the last
   * for records that people wrote by hand.
   */
  static String recordId(ConsumerRecord<byte[], byte[]> record) {
    String replayed = header(record.headers(), DeadLetters.RECORD_ID);
    if (replayed != null) {
      return replayed;
    }
    String event = header(record.headers(), SampleStory.EVENT_ID);
    String place = record.topic() + "-" + record.partition() + "-" + record.offset();
    return event == null ? place : event;
  }

  /** What an HTTP header can carry of it. */
  static String headerSafe(String text) {
    return text.replaceAll("[^!-~]", "?");
  }

  /** A tombstone reads as null. */
  static JsonNode json(ConsumerRecord<byte[], byte[]> record) throws JsonProcessingException {
    if (record.value() == null) {
      return JSON.nullNode();
    }
    try {
      return JSON.readTree(record.value());
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("reading from an array does no I/O", e);
    }
  }
}
