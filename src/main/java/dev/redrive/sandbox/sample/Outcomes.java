// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Writes the news that a replayed record was processed. */
final class Outcomes {
  private Outcomes() {}

  /** Empty for a record that came without a letter id, so nobody waits for news of it. */
  static Optional<ProducerRecord<byte[], byte[]>> succeeded(
      String topic, ConsumerRecord<byte[], byte[]> replay) {
    Headers headers = replay.headers();
    String letterId = RecordFacts.header(headers, "redrive-letter-id");
    if (letterId == null) {
      return Optional.empty();
    }
    ObjectNode json = RecordFacts.JSON.createObjectNode();
    json.put("letter_id", letterId);
    String runId = RecordFacts.header(headers, "redrive-run-id");
    if (runId != null) {
      json.put("run_id", runId);
    }
    Integer attempt = attempt(headers);
    if (attempt != null) {
      json.put("attempt", attempt);
    }
    json.put("outcome", "succeeded");
    return Optional.of(
        new ProducerRecord<>(topic, letterId.getBytes(UTF_8), json.toString().getBytes(UTF_8)));
  }

  private static @Nullable Integer attempt(Headers headers) {
    String attempt = RecordFacts.header(headers, "redrive-attempt");
    boolean readable = attempt != null && attempt.matches("\\d{1,9}");
    return readable ? Integer.valueOf(attempt) : null;
  }
}
