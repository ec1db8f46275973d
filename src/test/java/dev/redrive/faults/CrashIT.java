// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redrive.sandbox.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Redrive as a process that is killed while it works, or halts where it hurts most. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CrashIT {
  private static final int LETTERS = Installation.LETTERS;
  private static final String RESTORED = "redrive_store_restored";
  private static final Duration WORK = Duration.ofMinutes(3);

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
  void aKilledProcessNeitherLosesNorRepeatsAReplay() throws Exception {
    Installation here = installation("killed");
    ReplayOfAll replay = new ReplayOfAll(here, LETTERS);
    RedriveProcess redrive = RedriveProcess.serve(here);
    try (Traffic traffic = new Traffic(here)) {
      redrive.awaitReady();
      redrive = killedDuringIntake(here, redrive, traffic);
      awaitLetters(redrive, LETTERS);
      traffic.replay(0, LETTERS);
      for (int until : List.of(1, LETTERS / 4, LETTERS / 2)) {
        replay.awaitReplays(until, WORK);
        redrive.kill();
        redrive = restarted(here, replay.outstanding());
      }
      replay.awaitAnswers(WORK);
      redrive.stop();
      replay.assertEachWasReplayedOnce();
      replay.assertEachWasCountedOnce(LeftOnDisk.checked(here).letters());
    } finally {
      redrive.close();
    }
  }

  @Test
  void aHaltBetweenKafkasCommitAndTheStoresWriteCostsThatTransactionsRows() throws Exception {
    Installation here = installation("halted");
    ReplayOfAll replay = new ReplayOfAll(here, LETTERS);
    List<String> args = new ArrayList<>(RedriveProcess.sets(here.settings()));
    args.add(0, String.valueOf(LETTERS / 4));
    RedriveProcess redrive = RedriveProcess.start(here, HaltingRedrive.class, args);
    try (Traffic traffic = new Traffic(here)) {
      traffic.fail(0, LETTERS);
      awaitLetters(redrive.awaitReady(), LETTERS);
      traffic.replay(0, LETTERS);
      assertThat(redrive.awaitExit(WORK)).isEqualTo(HaltingRedrive.HALTED);

      redrive = restarted(here, replay.outstanding());
      assertThat(redrive.metric(RESTORED)).isPositive();
      replay.awaitAnswers(WORK);
      redrive.stop();
      replay.assertEachWasReplayedOnce();
      replay.assertEachWasCountedOnce(LeftOnDisk.checked(here).letters());
    } finally {
      redrive.close();
    }
  }

  private static RedriveProcess killedDuringIntake(
      Installation here, RedriveProcess redrive, Traffic traffic) throws Exception {
    traffic.fail(0, LETTERS / 2);
    await().atMost(WORK).until(() -> redrive.metric("redrive_store_letters") > LETTERS / 4);
    traffic.fail(LETTERS / 2, LETTERS);
    redrive.kill();
    return restarted(here, LETTERS - LeftOnDisk.checked(here).letters().size());
  }

  /**
   * Starts it again after a crash, with the proof that the crash came while there was work, and
   * that what it left is whole and only what it lacks is restored.
   */
  private static RedriveProcess restarted(Installation here, int outstanding) throws Exception {
    assertThat(outstanding).as("work that the crash interrupted").isPositive();
    LeftOnDisk left = LeftOnDisk.checked(here);
    long start = System.nanoTime();
    RedriveProcess redrive = RedriveProcess.serve(here).awaitReady();
    long ready = (System.nanoTime() - start) / 1_000_000;
    long restored = redrive.metric(RESTORED);
    System.out.printf(
        "%s: %,d of %,d outstanding, %,d rows on disk, %,d restored, ready after %,d ms%n",
        here.name(), outstanding, LETTERS, left.rows().size(), restored, ready);
    // Exact, and no share of all rows: how much one transaction holds depends on the machine.
    assertThat(restored).as("restored records").isEqualTo(left.tail(here));
    return redrive;
  }

  private static void awaitLetters(RedriveProcess redrive, long count) {
    await()
        .atMost(WORK)
        .untilAsserted(() -> assertThat(redrive.metric("redrive_store_letters")).isEqualTo(count));
  }

  private static Installation installation(String name) {
    return new Installation(broker.bootstrapServers(), name, dir.resolve(name));
  }
}
