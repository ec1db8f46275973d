// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redrive.sandbox.EmbeddedBroker;
import dev.redrive.testkit.DeskClient;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk of {@code state-dir} is full. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DiskFullIT {
  private static final int LETTERS = Installation.LETTERS / 2;
  private static final long DISK = 64L << 20;
  private static final Duration WORK = Duration.ofMinutes(3);

  @TempDir Path dir;

  @Test
  void nothingIsLostOrSentTwiceAndWithSpaceItGoesOn() throws Exception {
    Path mounted = dir.resolve("disk");
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(dir.resolve("kafka"), 0, Installation.BROKER);
        SmallDisk disk = SmallDisk.at(mounted, DISK)) {
      Installation here = new Installation(broker.bootstrapServers(), "full", dir.resolve("state"));
      Map<String, String> settings = new HashMap<>(here.settings());
      settings.put("state-dir", mounted.resolve("state").toString());
      try (RedriveProcess redrive = RedriveProcess.serve(here, settings).awaitReady();
          Traffic traffic = new Traffic(here)) {
        traffic.fail(0, LETTERS);
        awaitLetters(redrive, LETTERS);
        disk.fill(redrive);
        long full = System.nanoTime();
        traffic.fail(LETTERS, 2 * LETTERS);
        traffic.replay(0, LETTERS);

        Set<String> seen = readUntilThreadsFailed(redrive);
        System.out.printf(
            "%s: threads failed %,d ms after it was full, reads answered %s until then%n",
            disk.getClass().getSimpleName(), (System.nanoTime() - full) / 1_000_000, seen);
        assertThat(seen).doesNotContain("404", "500");

        disk.free();
        goOn(redrive, here, settings, traffic);
      }
    }
  }

  /** Whoever runs it starts it again; what it had not written comes back from the changelog. */
  private static void goOn(
      RedriveProcess full, Installation here, Map<String, String> settings, Traffic traffic)
      throws Exception {
    full.stop();
    try (RedriveProcess again = RedriveProcess.serve(here, settings).awaitReady()) {
      awaitLetters(again, 2L * LETTERS);
      traffic.replay(LETTERS, 2 * LETTERS);
      ReplayOfAll replay = new ReplayOfAll(here, 2 * LETTERS);
      replay.awaitAnswers(WORK);
      replay.assertEachWasReplayedOnce();
    }
  }

  /** What readers of letters that are there were told. */
  private static Set<String> readUntilThreadsFailed(RedriveProcess redrive) {
    DeskClient desk = new DeskClient(redrive.address().getPort());
    Set<String> seen = new TreeSet<>();
    await()
        .atMost(WORK)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              try {
                seen.add(String.valueOf(desk.get("/api/dlq/" + Traffic.letter(1)).status()));
              } catch (UncheckedIOException e) {
                seen.add("nothing");
              }
              return redrive.metric("redrive_kafka_threads_failed_total") > 1 || !redrive.alive();
            });
    return seen;
  }

  private static void awaitLetters(RedriveProcess redrive, long count) {
    await()
        .atMost(WORK)
        .untilAsserted(() -> assertThat(redrive.metric("redrive_store_letters")).isEqualTo(count));
  }
}
