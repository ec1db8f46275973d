// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redrive.Redrive;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.sandbox.EmbeddedBroker;
import dev.redrive.store.StoreFigures;
import dev.redrive.testkit.DeskClient;
import dev.redrive.testkit.DeskClient.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A state directory that is not what was written: each partition's database suffers something else,
 * and so do the files of Kafka Streams beside them.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DamagedStateIT {
  private static final int LETTERS = Installation.LETTERS;
  private static final Duration WORK = Duration.ofMinutes(3);

  @TempDir Path dir;

  @Test
  void allIsRestoredFromTheChangelogAndNothingWrongIsShownMeanwhile() throws Exception {
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(dir.resolve("kafka"), 0, Installation.BROKER)) {
      Installation here =
          new Installation(broker.bootstrapServers(), "damaged", dir.resolve("state"));
      try (Redrive redrive = start(here);
          Traffic traffic = new Traffic(here)) {
        traffic.fail(0, LETTERS);
        await().atMost(WORK).until(() -> letters(redrive) == LETTERS);
      }
      // What lay in the log only is in tables after this, so that there are both to be damaged.
      start(here).close();
      LeftOnDisk before = LeftOnDisk.checked(here);

      List<Path> databases = here.databases();
      flip(files(databases.get(0), ".sst"));
      delete(files(databases.get(1), "MANIFEST-"));
      delete(files(databases.get(2), ".sst"));
      Files.writeString(databases.get(3).resolve("CURRENT"), "nonsense");
      for (Path file : filesOfStreams(here)) {
        Files.writeString(file, "nonsense");
      }

      try (Redrive redrive = start(here)) {
        DeskClient desk = new DeskClient(redrive.httpPort());
        await()
            .atMost(WORK)
            .until(
                () -> {
                  Reply count = desk.get("/api/dlq/stats");
                  assertThat(count.status()).as("%s", count.body()).isIn(200, 503);
                  if (count.status() == 200) {
                    assertThat(count.body().at("/data/total_entries").asInt()).isEqualTo(LETTERS);
                  }
                  for (int i = 0; i < LETTERS; i += LETTERS / 50) {
                    Reply letter = desk.get("/api/dlq/" + Traffic.letter(i));
                    assertThat(letter.status()).as("%s", letter.body()).isIn(200, 503);
                  }
                  return redrive.ready() && count.status() == 200;
                });
        assertThat(redrive.stores()).extracting(StoreFigures::restored).doesNotContain(0L);
        assertThat(letters(redrive)).isEqualTo(LETTERS);
      }
      LeftOnDisk after = LeftOnDisk.checked(here);
      assertThat(LeftOnDisk.differences(after.rows(), before.rows())).isEmpty();
    }
  }

  private static Redrive start(Installation here) throws Exception {
    Redrive redrive = Redrive.start(SettingsLoader.of(here.settings()), Clock.systemUTC());
    await().atMost(WORK).until(() -> redrive.ready() || !redrive.alive());
    return redrive;
  }

  private static long letters(Redrive redrive) {
    return redrive.stores().stream().mapToLong(StoreFigures::letters).sum();
  }

  private static List<Path> files(Path directory, String part) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> found =
          files.filter(file -> file.getFileName().toString().contains(part)).toList();
      assertThat(found).as("%s in %s", part, directory).isNotEmpty();
      return found;
    }
  }

  /** Checkpoints, markers, the process id: all but the databases and the logs of processes. */
  private static List<Path> filesOfStreams(Installation here) throws IOException {
    try (Stream<Path> files = Files.walk(here.stateDir().resolve(here.name()))) {
      List<Path> found =
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().equals(".lock"))
              .toList();
      assertThat(found).isNotEmpty();
      return found;
    }
  }

  /** One byte in the middle of each. */
  private static void flip(List<Path> files) throws IOException {
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 3] ^= 0x10;
      Files.write(file, bytes);
    }
  }

  private static void delete(List<Path> files) throws IOException {
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
