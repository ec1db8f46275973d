// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.letter.LetterId;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
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

  private final Consumer<String> doubted;

  /** A replay is one letter's in one run; the command's id makes the run's. */
  private record Attempt(LetterId letter, String runId) {}

  /** Tells nobody else. */
  public SendFailures() {
    this(topic -> {});
  }

  /**
   * Tells of topics too.
   *
   * @param doubted hears of each topic that took no replay: what was known of it may be wrong
   */
  public SendFailures(Consumer<String> doubted) {
    this.doubted = doubted;
  }

  /** Whether it is a letter on its way to a retry topic. */
  static boolean isReplay(ProducerRecord<byte[], byte[]> record) {
    return attempt(record).isPresent();
  }

  /** A replay, and only one, could not be sent. */
  public void failed(ProducerRecord<byte[], byte[]> record, Exception error) {
    String reason = "sending it to topic " + record.topic() + " failed: " + error.getMessage();
    attempt(record)
        .ifPresent(
            attempt -> {
              synchronized (reasons) {
                reasons.put(attempt, reason);
              }
              doubted.accept(record.topic());
            });
  }

  /** Why this replay could not be sent before, once. */
  Optional<String> take(LetterId letter, String runId) {
    synchronized (reasons) {
      return Optional.ofNullable(reasons.remove(new Attempt(letter, runId)));
    }
  }

  private static Optional<Attempt> attempt(ProducerRecord<byte[], byte[]> record) {
    String runId = text(record, "redrive-run-id");
    return runId == null || text(record, "redrive-attempt") == null
        ? Optional.empty()
        : Optional.ofNullable(text(record, "redrive-letter-id"))
            .flatMap(LetterId::parse)
            .map(letter -> new Attempt(letter, runId));
  }

  /** Which replay a record is, by its number. */
  record Sent(LetterId letter, int number) {}

  /** Empty where the record is no replay. */
  static Optional<Sent> sent(ProducerRecord<byte[], byte[]> record) {
    String number = text(record, "redrive-attempt");
    return number == null
        ? Optional.empty()
        : Optional.ofNullable(text(record, "redrive-letter-id"))
            .flatMap(LetterId::parse)
            .map(letter -> new Sent(letter, Integer.parseInt(number)));
  }

  private static @Nullable String text(ProducerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
