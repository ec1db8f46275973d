// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.letter.LetterId;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Remembers replays whose send failed. Under exactly-once a failed send aborts the transaction, and
 * the command that asked for it is read again; without this memory it would fail again, for ever.
 * With it the ledger refuses the replay the second time and goes on.
 */
public final class SendFailures {
  private static final int MAX = 10_000;

  private final Map<Attempt, String> reasons =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Attempt, String> eldest) {
          return size() > MAX;
        }
      };

  private record Attempt(LetterId letter, int number) {}

  /** Called for every failed send; those that are no replays are not ours to forgive. */
  public void failed(ProducerRecord<byte[], byte[]> record, Exception error) {
    Optional<LetterId> letter =
        Optional.ofNullable(text(record, "redrive-letter-id")).flatMap(LetterId::parse);
    String attempt = text(record, "redrive-attempt");
    if (letter.isEmpty() || attempt == null) {
      return;
    }
    String reason = "sending it to topic " + record.topic() + " failed: " + error.getMessage();
    synchronized (reasons) {
      reasons.put(new Attempt(letter.get(), Integer.parseInt(attempt)), reason);
    }
  }

  /** Why this attempt could not be sent before, once. */
  Optional<String> take(LetterId letter, int attempt) {
    synchronized (reasons) {
      return Optional.ofNullable(reasons.remove(new Attempt(letter, attempt)));
    }
  }

  private static @Nullable String text(ProducerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
