// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.Redrive;
import dev.redrive.config.Settings;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.sandbox.EmbeddedBroker;
import dev.redrive.store.StoreFigures;
import dev.redrive.testkit.DeskClient;
import dev.redrive.topology.repartition.Repartitioning;
import dev.redrive.topology.repartition.Repartitioning.Moved;
import dev.redrive.topology.repartition.Repartitioning.RefusedException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The letters of a ledger of four partitions go to one of seven. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RepartitionIT {
  private static final int LETTERS = Installation.LETTERS;

  /** So many letters are resolved, failed again, and still on their way. */
  private static final int EACH = LETTERS / 5;

  private static final Duration WORK = Duration.ofMinutes(3);

  @TempDir Path dir;

  @Test
  void lettersKeepWhatIsKnownOfThemAndResolvedOnesStayAway() throws Exception {
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(dir.resolve("kafka"), 0, Installation.BROKER)) {
      Installation here =
          new Installation(broker.bootstrapServers(), "small", dir.resolve("state"));
      Map<String, JsonNode> before;
      JsonNode groups;
      try (Redrive redrive = start(here.settings())) {
        work(here, redrive);
        before = letters(redrive);
        groups = groups(redrive);
        assertThatThrownBy(() -> repartition(here, large(here)))
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("instances of small run");
      }
      assertThatThrownBy(() -> repartition(here, here.settings()))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("topics.partitions")
          .hasMessageContaining("application-id")
          .hasMessageContaining("topics.control");

      assertThat(repartition(here, large(here))).isEqualTo(new Moved(LETTERS - EACH, 7));

      assertThatThrownBy(() -> repartition(here, large(here)))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("is not empty");
      try (Redrive redrive = start(large(here))) {
        assertThat(letters(redrive)).isEqualTo(before);
        assertThat(groups(redrive)).isEqualTo(groups);
        assertThat(redrive.stores()).hasSize(7);
      }
      // Not even who reads all error topics again from their start brings one back.
      deleteOffsets(here);
      try (Redrive redrive = start(large(here))) {
        int failures = Traffic.failures(0, LETTERS);
        await()
            .atMost(WORK)
            .until(() -> redrive.figures().redeliveries.sum() >= failures && count(redrive) > 0);
        assertThat(letters(redrive)).isEqualTo(before);
        goOn(here, redrive);
      }
    }
  }

  /** A part is replayed and worked, a part failed again, a part is out, the rest was left alone. */
  private static void work(Installation here, Redrive redrive) {
    try (Traffic traffic = new Traffic(here)) {
      traffic.fail(0, LETTERS);
      await().atMost(WORK).until(() -> count(redrive) == LETTERS);
      traffic.replay(0, 3 * EACH);
      await().atMost(WORK).until(() -> redrive.figures().commandsAccepted.sum() == 3L * EACH);
      traffic.tell(0, EACH, "succeeded");
      traffic.tell(EACH, 2 * EACH, "failed");
      await().atMost(WORK).until(() -> redrive.figures().failedAgain.sum() == EACH);
      await().atMost(WORK).until(() -> count(redrive) == LETTERS - EACH);
    }
  }

  /** What was on its way settles, a command that was done is known, and new failures come in. */
  private static void goOn(Installation here, Redrive redrive) {
    int sent = TopicReader.committed(here, here.topic("retry")).size();
    try (Traffic traffic = new Traffic(here)) {
      traffic.tell(2 * EACH, 3 * EACH, "succeeded");
      await().atMost(WORK).until(() -> count(redrive) == LETTERS - 2 * EACH);
      long answered = TopicReader.committed(here, here.topic("results")).size();
      traffic.replay(EACH, 2 * EACH);
      await()
          .atMost(WORK)
          .until(
              () -> TopicReader.committed(here, here.topic("results")).size() >= answered + EACH);
      assertThat(TopicReader.committed(here, here.topic("retry"))).hasSize(sent);
      traffic.fail(LETTERS, LETTERS + 10);
      await().atMost(WORK).until(() -> count(redrive) == LETTERS - 2 * EACH + 10);
    }
  }

  private static Moved repartition(Installation here, Map<String, String> to) throws Exception {
    Settings before = SettingsLoader.of(here.settings());
    try (Admin admin = Admin.create(here.clients())) {
      return new Repartitioning(admin, before, SettingsLoader.of(to)).run();
    }
  }

  private static Map<String, String> large(Installation here) {
    Map<String, String> settings = new HashMap<>(here.settings());
    settings.put("application-id", "large");
    settings.put("topics.partitions", "7");
    settings.put("topics.ledger", "large-ledger");
    settings.put("topics.control", "large-control");
    return settings;
  }

  private static Redrive start(Map<String, String> settings) throws Exception {
    Redrive redrive = Redrive.start(SettingsLoader.of(settings), Clock.systemUTC());
    await().atMost(WORK).until(redrive::ready);
    return redrive;
  }

  private static long count(Redrive redrive) {
    return redrive.stores().stream().mapToLong(StoreFigures::letters).sum();
  }

  /** All letters with all that the desk shows of each. */
  private static Map<String, JsonNode> letters(Redrive redrive) {
    DeskClient desk = new DeskClient(redrive.httpPort());
    Map<String, JsonNode> letters = new TreeMap<>();
    for (int number = 0; number < LETTERS; number++) {
      String id = Traffic.letter(number).toString();
      desk.letter(id).ifPresent(letter -> letters.put(id, letter));
    }
    assertThat(letters).hasSize(LETTERS - EACH);
    return letters;
  }

  private static JsonNode groups(Redrive redrive) {
    return new DeskClient(redrive.httpPort()).get("/api/groups").body().at("/data");
  }

  private static void deleteOffsets(Installation here) throws Exception {
    try (Admin admin = Admin.create(here.clients())) {
      admin.deleteConsumerGroups(List.of("large")).all().get();
    }
  }
}
