// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.redrive.Main;
import dev.redrive.sandbox.EmbeddedBroker;
import dev.redrive.testkit.DeskClient;
import dev.redrive.testkit.DeskClient.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clock of the machine is set, fifty minutes ahead and half a minute back. More than an hour
 * ahead brokers refuse what it sends ({@code message.timestamp.after.max.ms}). By libfaketime (the
 * package {@code libfaketime}, or {@code -Dredrive.faketime=} with its path); where it is not, this
 * is skipped.
 */
@EnabledIfSystemProperty(
    named = "redrive.full",
    matches = "true",
    disabledReason = "libfaketime costs minutes of processor time: run it with -Pfull")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ClockJumpIT {
  private static final int LETTERS = 300;
  private static final int OUT = LETTERS / 3;
  private static final Duration WORK = Duration.ofMinutes(3);

  @TempDir Path dir;

  @Test
  void whatWaitsForATimeIsDoneAtOnceAndNothingIsLostOrSentTwice() throws Exception {
    Optional<Path> library = library();
    assumeThat(library).as("libfaketime").isPresent();
    Path offset = Files.writeString(dir.resolve("offset"), "+0s");
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(dir.resolve("kafka"), 0, Installation.BROKER)) {
      Installation here =
          new Installation(broker.bootstrapServers(), "jumped", dir.resolve("state"));
      try (RedriveProcess redrive = launch(here, library.get(), offset);
          Traffic traffic = new Traffic(here)) {
        DeskClient desk = new DeskClient(redrive.awaitReady().address().getPort());
        traffic.fail(0, LETTERS);
        awaitCount(desk, LETTERS);
        traffic.replay(0, OUT);
        awaitStatus(desk, OUT - 1, "retrying");

        Files.writeString(offset, "+50m");
        awaitStatus(desk, OUT - 1, "pending");
        awaitCount(desk, LETTERS);
        // Late news counts all the same, and so do new failures.
        traffic.tell(0, OUT, "succeeded");
        awaitCount(desk, LETTERS - OUT);
        traffic.fail(LETTERS, LETTERS + 10);
        awaitCount(desk, LETTERS - OUT + 10);

        Files.writeString(offset, "+2970s");
        traffic.replay(OUT, 2 * OUT);
        new ReplayOfAll(here, LETTERS).awaitReplays(2 * OUT, WORK);
        assertEachWasSentOnce(here);
        awaitCount(desk, LETTERS - OUT + 10);
        assertThat(redrive.alive()).isTrue();
      }
    }
  }

  private static Optional<Path> library() throws IOException {
    String given = System.getProperty("redrive.faketime");
    if (given != null) {
      return Optional.of(Path.of(given));
    }
    Path root = Path.of("/usr/lib");
    if (Files.notExists(root)) {
      return Optional.empty();
    }
    try (Stream<Path> files =
        Files.find(root, 3, (file, is) -> file.endsWith("faketime/libfaketimeMT.so.1"))) {
      return files.findFirst();
    }
  }

  private static RedriveProcess launch(Installation here, Path library, Path offset)
      throws IOException {
    Map<String, String> settings = new HashMap<>(here.settings());
    settings.put("replay.settle-timeout", "30m");
    List<String> line =
        new ArrayList<>(
            List.of(
                "env",
                "LD_PRELOAD=" + library,
                "FAKETIME_TIMESTAMP_FILE=" + offset,
                "FAKETIME_CACHE_DURATION=1",
                // Waiting and time-outs go by the time that a machine has run.
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve"));
    RedriveProcess.sets(settings).forEach(set -> line.addAll(List.of("--set", set)));
    return RedriveProcess.launch(here, line);
  }

  private static void assertEachWasSentOnce(Installation here) {
    Set<String> sent = new HashSet<>();
    for (var replay : TopicReader.committed(here, here.topic("retry"))) {
      String letter = new String(replay.headers().lastHeader("redrive-letter-id").value(), UTF_8);
      assertThat(sent.add(letter)).as("first replay of %s", letter).isTrue();
    }
    assertThat(sent).hasSize(2 * OUT);
  }

  private static void awaitStatus(DeskClient desk, int letter, String status) {
    await()
        .atMost(WORK)
        .untilAsserted(
            () ->
                assertThat(desk.letter(Traffic.letter(letter).toString()))
                    .hasValueSatisfying(
                        it -> assertThat(it.get("status").asText()).isEqualTo(status)));
  }

  private static void awaitCount(DeskClient desk, int count) {
    await().atMost(WORK).untilAsserted(() -> assertThat(count(desk)).isEqualTo(count));
  }

  private static int count(DeskClient desk) {
    Reply reply = desk.get("/api/dlq/stats");
    assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
    return reply.body().at("/data/total_entries").asInt();
  }
}
