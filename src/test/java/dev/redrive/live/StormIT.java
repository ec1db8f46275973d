// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redrive.Redrive;
import dev.redrive.codec.DetailCodec;
import dev.redrive.codec.EntryCodec;
import dev.redrive.dialect.DialectRules;
import dev.redrive.dialect.Dialects;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.letter.Failure;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.topology.LedgerPartitioner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A command never waits behind a storm of failures. */
@Timeout(600)
class StormIT {
  private static final boolean FULL = Boolean.getBoolean("redrive.full");

  /** Waiting on the error topic, and as many again between intake and ledger. */
  private static final int SENT_AT_ONCE = 10_000;

  private static final int STORM = FULL ? 200_000 : 20_000;

  /** What may have been fetched, hence be processed, before the command is: 64 KiB a partition. */
  private static final int AHEAD = 5_000;

  private static final int PARTITIONS = 2;

  @TempDir Path dir;

  @Test
  void commandIsAnsweredBeforeTheFailuresThatWaited() throws Exception {
    try (Rig rig = Rig.start(dir, Map.of())) {
      // One partition: what happened is in one order.
      rig.create("redrive-events", 1, Map.of());
      rig.startRedrive(Map.of());
      rig.send(List.of(failure("first"), failure("second")));
      await().until(() -> rig.web().letters(Rig.ERRORS).size() == 2);
      List<String> ids =
          rig.web().letters(Rig.ERRORS).stream().map(letter -> letter.get("id").asText()).toList();
      rig.stopRedrive();
      storm(rig);

      try (Follower events = rig.followTypes("redrive-events")) {
        long sentAt = System.nanoTime();
        Redrive redrive = rig.beginRedrive(Map.of());
        rig.command(replay("while-it-starts", ids.get(0)));
        ConsumerRecord<byte[], byte[]> answer = answerTo(events, "while-it-starts");
        report("sent while Redrive starts", sentAt, failuresBefore(events, answer));
        assertThat(failuresBefore(events, answer)).isLessThan(AHEAD);

        await().until(() -> redrive.figures().failures.sum() > STORM / 4);
        long done = redrive.figures().failures.sum();
        sentAt = System.nanoTime();
        rig.command(replay("while-it-works", ids.get(1)));
        answer = answerTo(events, "while-it-works");
        report("sent while it works", sentAt, failuresBefore(events, answer) - done);
        assertThat(failuresBefore(events, answer) - done).isLessThan(AHEAD);

        assertThat(events.await(2 * STORM + 2, StormIT::isFailure)).hasSize(2 * STORM + 2);
      }
    }
  }

  private static void storm(Rig rig) throws Exception {
    List<ProducerRecord<byte[], byte[]>> waiting = new ArrayList<>();
    UUID elsewhere = UUID.randomUUID();
    for (int i = 0; i < STORM; i++) {
      waiting.add(failure("of the error topic, number " + i));
      waiting.add(entry(elsewhere, i));
      if (waiting.size() >= SENT_AT_ONCE) {
        rig.send(waiting);
        waiting.clear();
      }
    }
    rig.send(waiting);
  }

  private static ProducerRecord<byte[], byte[]> failure(String value) {
    return new ProducerRecord<>(Rig.ERRORS, value.getBytes(UTF_8));
  }

  /** A failure as the intake has it ready for the ledger. */
  private static ProducerRecord<byte[], byte[]> entry(UUID topicId, int number) {
    RawBytes value = RawBytes.of(("of the ledger topic, number " + number).getBytes(UTF_8));
    RawRecord raw = new RawRecord(null, value, List.of());
    long now = System.currentTimeMillis();
    Failure failure =
        Dialects.read(
                new Inbound(raw, topicId, "elsewhere", 0, number, now, now), DialectRules.NONE)
            .get(0);
    byte[] detail = DetailCodec.encode(failure.detail());
    LetterId id = failure.id();
    return new ProducerRecord<>(
        "redrive-ledger",
        LedgerPartitioner.partition(id, PARTITIONS),
        LedgerPartitioner.key(id),
        EntryCodec.encodeFailure(id, failure.facts(), detail));
  }

  private static String replay(String commandId, String letter) {
    return """
        {"type":"replay","command_id":"%s","letter_ids":["%s"]}"""
        .formatted(commandId, letter);
  }

  private static ConsumerRecord<byte[], byte[]> answerTo(Follower events, String commandId) {
    ConsumerRecord<byte[], byte[]> answer =
        events.await(record -> commandId.equals(Follower.key(record)));
    assertThat(Follower.isEvent(answer, "command.accepted")).as("accepted").isTrue();
    return answer;
  }

  /** Failures that became letters before the command was answered, the two of old left out. */
  private static long failuresBefore(Follower events, ConsumerRecord<byte[], byte[]> answer) {
    return events.all().stream()
            .filter(record -> record.offset() < answer.offset())
            .filter(StormIT::isFailure)
            .count()
        - 2;
  }

  private static boolean isFailure(ConsumerRecord<byte[], byte[]> record) {
    return Follower.isEvent(record, "letter.failed");
  }

  private static void report(String what, long sentAt, long ahead) {
    System.out.printf(
        "storm of 2 x %d: command %s answered after %d ms, %d failures went before it%n",
        STORM, what, Duration.ofNanos(System.nanoTime() - sentAt).toMillis(), ahead);
  }
}
