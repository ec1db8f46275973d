// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redrive.run.JournalLine;
import dev.redrive.run.LetterOutcome;
import dev.redrive.run.RunState;
import dev.redrive.run.Sums;
import dev.redrive.sandbox.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run over all letters by a Redrive that is killed again and again. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class RunCrashIT {
  private static final boolean FULL = Boolean.getBoolean("redrive.full");
  private static final int LETTERS = FULL ? 50_000 : 2_000;
  private static final int KILLS_WHILE_SENDING = FULL ? 7 : 2;
  private static final int KILLS_WHILE_SETTLING = FULL ? 4 : 1;
  private static final String LETTERS_HERE = "redrive_store_letters";
  private static final Duration WORK = Duration.ofMinutes(5);

  @TempDir static Path dir;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start(dir.resolve("kafka"), 0, Installation.BROKER);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void killedRunSendsEachLetterOnceAndCompletes() throws Exception {
    Installation here =
        new Installation(broker.bootstrapServers(), "runs-killed", dir.resolve("runs-killed"));
    Random random = new Random(4);
    Map<String, Integer> killedWhile = new TreeMap<>();
    RedriveProcess redrive = RedriveProcess.serve(here).awaitReady();
    try (Traffic traffic = new Traffic(here)) {
      traffic.fail(0, LETTERS);
      awaitLetters(redrive, LETTERS);
      try (TopicReader events = events(here)) {
        events.toEnd();
        traffic.command(run(LETTERS / 10));
        awaitEvent(events, "command.accepted");
        redrive.kill();
      }
      killedWhile.merge(left(here), 1, Integer::sum);
      redrive = RedriveProcess.serve(here).awaitReady();

      for (int kill = 1; kill <= KILLS_WHILE_SENDING; kill++) {
        int sent = LETTERS * kill / (KILLS_WHILE_SENDING + 2) + random.nextInt(LETTERS / 20);
        new ReplayOfAll(here, LETTERS).awaitReplays(sent, WORK);
        redrive.kill();
        killedWhile.merge(left(here), 1, Integer::sum);
        redrive = RedriveProcess.serve(here).awaitReady();
      }
      new ReplayOfAll(here, LETTERS).awaitReplays(LETTERS, WORK);
      for (int kill = 0; kill <= KILLS_WHILE_SETTLING; kill++) {
        int from = LETTERS * kill / (KILLS_WHILE_SETTLING + 1);
        int to = LETTERS * (kill + 1) / (KILLS_WHILE_SETTLING + 1);
        traffic.tell(from, to - (to - from) / 10, "succeeded");
        traffic.tell(to - (to - from) / 10, to, "failed");
        if (kill < KILLS_WHILE_SETTLING) {
          redrive.kill();
          killedWhile.merge(left(here), 1, Integer::sum);
          redrive = RedriveProcess.serve(here).awaitReady();
        }
      }
      awaitEvent(here, "run.completed");
      redrive.stop();
      System.out.println("killed while " + killedWhile);
      assertThat(killedWhile).containsOnlyKeys("selecting", "sending", "settling");
      assertThat(killedWhile.get("sending")).isEqualTo(KILLS_WHILE_SENDING);
      assertThat(killedWhile.get("settling")).isEqualTo(KILLS_WHILE_SETTLING);
      assertEachWasSentOnce(here);
      assertAllAddsUp(LeftOnDisk.checked(here));
    } finally {
      redrive.close();
    }
  }

  private static String run(int rate) {
    return """
        {"type": "replay", "all": true, "command_id": "run-of-all", "options": {"rate": %d}}
        """
        .formatted(rate);
  }

  /** What the run was doing when it was killed. */
  private static String left(Installation here) {
    Optional<RunOnDisk> left = RunOnDisk.of(LeftOnDisk.checked(here));
    if (left.isEmpty()) {
      // Accepted in Kafka, and killed before the store had written that: it is restored from there.
      System.out.println("killed while selecting: nothing of it on disk yet");
      return "selecting";
    }
    Sums sums = left.get().run().sums();
    String doing =
        left.get().run().state() instanceof RunState.Selecting
            ? "selecting"
            : sums.left() > 0 ? "sending" : "settling";
    System.out.printf("killed while %s: %s%n", doing, sums);
    return doing;
  }

  private static void assertEachWasSentOnce(Installation here) {
    Set<String> letters = new HashSet<>();
    Set<String> runs = new HashSet<>();
    for (var replay : TopicReader.committed(here, here.topic("retry"))) {
      assertThat(letters.add(header(replay, "redrive-letter-id"))).as("sent once").isTrue();
      assertThat(header(replay, "redrive-attempt")).isEqualTo("1");
      runs.add(header(replay, "redrive-run-id"));
    }
    assertThat(letters).hasSize(LETTERS);
    assertThat(runs).hasSize(1);
  }

  private static void assertAllAddsUp(LeftOnDisk left) {
    RunOnDisk ended = RunOnDisk.of(left).orElseThrow();
    assertThat(ended.run().state()).isEqualTo(new RunState.Completed());
    Sums sums = ended.run().sums();
    assertThat(sums.matched()).isEqualTo(LETTERS);
    assertThat(sums.replayed()).isEqualTo(LETTERS);
    assertThat(sums.succeeded() + sums.failed()).isEqualTo(LETTERS);
    assertThat(sums.skipped()).isEmpty();
    assertThat(count(ended, LetterOutcome.SUCCEEDED)).isEqualTo(sums.succeeded());
    assertThat(count(ended, LetterOutcome.FAILED)).isEqualTo(sums.failed());
    assertThat(left.letters()).hasSize((int) sums.failed());
  }

  private static long count(RunOnDisk run, LetterOutcome outcome) {
    return run.journal().values().stream()
        .map(JournalLine::outcome)
        .filter(outcome::equals)
        .count();
  }

  private static void awaitLetters(RedriveProcess redrive, long count) {
    await()
        .atMost(WORK)
        .untilAsserted(() -> assertThat(redrive.metric(LETTERS_HERE)).isEqualTo(count));
  }

  private static void awaitEvent(Installation here, String type) {
    try (TopicReader events = events(here)) {
      awaitEvent(events, type);
    }
  }

  private static void awaitEvent(TopicReader events, String type) {
    long deadline = System.nanoTime() + WORK.toNanos();
    while (true) {
      for (var event : events.poll()) {
        if (header(event, "ce_type").equals("dev.redrive." + type + ".v1")) {
          return;
        }
      }
      assertThat(System.nanoTime()).as("waiting for %s", type).isLessThan(deadline);
    }
  }

  private static TopicReader events(Installation here) {
    return new TopicReader(here, here.topic("events"), IsolationLevel.READ_COMMITTED);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
