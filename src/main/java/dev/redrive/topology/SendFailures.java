// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.letter.LetterId;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Remembers replays whose send failed. Under exactly-once a failed send aborts the transaction, and
 * the command that asked for it is read again; without this memory it would fail again, for ever.
 * With it the ledger refuses the replay the second time and goes on. Where no broker answered it is
 * sent again first: another takes over from one that died after some ten seconds.
 */
public final class SendFailures {
  private static final int MAX = 10_000;

  /** How often a replay is sent in all where nobody says anything to it. */
  static final int SENDS_INTO_SILENCE = 3;

  private final Map<Attempt, Failure> failures =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Attempt, Failure> eldest) {
          return size() > MAX;
        }
      };

  /**
   * What is refused in the transaction that a stream thread has open. It is remembered until that
   * is committed: a letter further on may fail to be sent and drop the refusals before it, and if
   * those were forgotten, each of n such letters would double the sends of all before it.
   */
  private final ThreadLocal<Set<Attempt>> refusedNow = ThreadLocal.withInitial(HashSet::new);

  private final Consumer<String> doubted;

  /** A replay is one letter's in one run; the command's id makes the run's. */
  private record Attempt(LetterId letter, String runId) {}

  /** Why, and how often it may be sent again all the same. */
  private record Failure(String reason, int sendsLeft) {}

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

  /** A replay, and only one, was refused. */
  void refused(ProducerRecord<byte[], byte[]> record, Exception error) {
    attempt(record).ifPresent(attempt -> failed(attempt, record, error, false));
  }

  /** No broker said anything to a replay, nor may have to others with it. */
  void unanswered(ProducerRecord<byte[], byte[]> record, Exception error) {
    attempt(record).ifPresent(attempt -> failed(attempt, record, error, true));
  }

  private void failed(
      Attempt attempt, ProducerRecord<byte[], byte[]> record, Exception error, boolean again) {
    String reason = "sending it to topic " + record.topic() + " failed: " + error.getMessage();
    synchronized (failures) {
      Failure before = failures.get(attempt);
      int sends = before == null ? SENDS_INTO_SILENCE : before.sendsLeft;
      failures.put(attempt, new Failure(reason, again ? sends - 1 : 0));
    }
    doubted.accept(record.topic());
  }

  /** Why this replay is not to be sent again; whoever asks refuses it. */
  Optional<String> refusal(LetterId letter, String runId) {
    Attempt attempt = new Attempt(letter, runId);
    synchronized (failures) {
      Failure failure = failures.get(attempt);
      if (failure == null || failure.sendsLeft > 0) {
        return Optional.empty();
      }
      refusedNow.get().add(attempt);
      return Optional.of(failure.reason);
    }
  }

  /** What this thread refused in a transaction that was dropped it will be asked for again. */
  void dropped() {
    refusedNow.get().clear();
  }

  /** What this thread refused is in the ledger, so it may be asked for anew. */
  void committed() {
    synchronized (failures) {
      failures.keySet().removeAll(refusedNow.get());
    }
    refusedNow.get().clear();
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
