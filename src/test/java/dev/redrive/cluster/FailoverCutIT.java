// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redrive.faults.ReplayOfAll;
import dev.redrive.faults.Traffic;
import dev.redrive.testkit.DeskClient;
import dev.redrive.testkit.DeskClient.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Networks that are cut: between two instances, and between an instance and all brokers. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
@TestMethodOrder(OrderAnnotation.class)
class FailoverCutIT {
  private static final boolean FULL = Boolean.getBoolean("redrive.full");
  private static final int LETTERS = FULL ? 2_000 : 300;
  private static final int REPLAYS = LETTERS / 2;

  private static final int DELETED = FULL ? 20 : 8;

  /** The member that reaches the brokers by a link which can be cut. */
  private static final int LINKED = 1;

  @TempDir static Path dir;
  private static Brokers brokers;
  private static Fleet fleet;
  private static List<String> ids;

  @BeforeAll
  static void start() throws Exception {
    brokers = Brokers.start(dir);
    Map<String, String> linked =
        Map.of("kafka.bootstrap.servers", brokers.bootstrapServersByLink());
    fleet = Fleet.start(brokers, "cut", dir, i -> i == LINKED ? linked : Map.of());
    ids = Fleet.ids(LETTERS);
    try (Traffic traffic = new Traffic(fleet.installation())) {
      fleet.fail(traffic, LETTERS);
    }
  }

  @AfterAll
  static void stop() {
    if (fleet != null) {
      fleet.close();
    }
    if (brokers != null) {
      brokers.close();
    }
  }

  @Test
  @Order(1)
  void aMemberThatTheOthersCannotReachIsReadFromItsStandbys() throws Exception {
    Member unreachable = fleet.member(2);
    try (Load load = Load.reading(fleet.members(), ids.subList(0, REPLAYS))) {
      unreachable.door().cut();
      await().atMost(Fleet.SOON).until(() -> load.answers().containsKey("page 200 of a standby"));
      for (int i = LETTERS - 6; i < LETTERS; i++) {
        // Its own partitions are changed over Kafka; only that it is done can't be seen from here.
        Reply deleted = fleet.member(i % 2).desk().delete("/api/dlq/" + ids.get(i));
        assertThat(deleted.status()).as("%s", deleted.body()).isIn(200, 202);
      }
      unreachable.door().mend();
      load.close();
      System.out.println("cut from peers: " + load);
      assertThat(load.wrong()).isEmpty();
    }
    fleet.awaitReady();
    await()
        .atMost(Fleet.SOON)
        .untilAsserted(
            () ->
                fleet
                    .members()
                    .forEach(each -> assertThat(Fleet.count(each.desk())).isEqualTo(LETTERS - 6)));
  }

  @Test
  @Order(2)
  void aMemberCutOffFromTheBrokersShowsNothingOldAsIfItWereNew() throws Exception {
    DeskClient cutOff = fleet.member(LINKED).desk();
    ReplayOfAll replay = new ReplayOfAll(fleet.installation(), LETTERS);
    List<String> deleted;
    try (Traffic traffic = new Traffic(fleet.installation());
        Load load = Load.readingAmidFailures(fleet.members(), ids.subList(0, REPLAYS))) {
      traffic.replay(0, REPLAYS);
      replay.awaitReplays(1, Fleet.SOON);
      brokers.cutLink();
      long cut = System.nanoTime();

      // Also what it had begun: its transaction is aborted, and done again by who took over.
      replay.awaitReplays(REPLAYS, Fleet.SOON);
      deleted = deletedAtOthers();
      System.out.printf("taken over %,d ms after the cut%n", (System.nanoTime() - cut) / 1_000_000);

      deleted.forEach(id -> assertNotShownAsNew(cutOff, id));
      assertCommandsAreRefusedInTime(cutOff, deleted.get(0));
      load.close();
      System.out.println("cut from brokers: " + load);
      assertThat(load.wrong()).isEmpty();
    }
    assertAloneItSaysHowOldItIs(cutOff, deleted);

    brokers.mendLink();
    await()
        .atMost(Fleet.SOON)
        .untilAsserted(
            () -> {
              Reply whole = cutOff.get("/api/dlq?limit=1");
              assertThat(whole.status()).as("%s", whole.body()).isEqualTo(200);
              assertThat(whole.behind()).isEmpty();
            });
    assertThat(cutOff.delete("/api/dlq/" + ids.get(REPLAYS + DELETED)).status()).isIn(200, 202);
    fleet.assertSentOnce(ids.subList(0, REPLAYS));
  }

  /** Without peers too: what it last knew, or, once its own tasks gave up, nothing. */
  private static void assertAloneItSaysHowOldItIs(DeskClient cutOff, List<String> deleted) {
    fleet.member(0).door().cut();
    fleet.member(2).door().cut();
    Reply alone = cutOff.get("/api/dlq?limit=100");
    assertThat(alone.status()).as("%s", alone.body()).isIn(200, 503);
    if (alone.status() == 200) {
      assertThat(alone.behind()).hasValueSatisfying(old -> assertThat(old).contains("unknown"));
    }
    deleted.forEach(id -> assertNotShownAsNew(cutOff, id));
    fleet.member(0).door().mend();
    fleet.member(2).door().mend();
  }

  /** Letters that went while the other member could not hear of it, of every partition some. */
  private static List<String> deletedAtOthers() {
    List<String> deleted = new ArrayList<>();
    for (int i = 0; i < DELETED; i++) {
      String id = ids.get(REPLAYS + i);
      await()
          .atMost(Fleet.SOON)
          .until(() -> fleet.member(0).desk().delete("/api/dlq/" + id).status() != 503);
      deleted.add(id);
    }
    await()
        .atMost(Fleet.SOON)
        .until(() -> deleted.stream().noneMatch(id -> isNewAt(fleet.member(0).desk(), id)));
    return deleted;
  }

  private static boolean isNewAt(DeskClient desk, String id) {
    Reply read = desk.get("/api/dlq/" + id);
    return read.status() != 404 || read.old();
  }

  private static void assertNotShownAsNew(DeskClient desk, String id) {
    Reply read = desk.get("/api/dlq/" + id);
    if (!read.old()) {
      assertThat(read.status()).as("%s", read.body()).isIn(404, 503);
    }
  }

  private static void assertCommandsAreRefusedInTime(DeskClient desk, String id) {
    long start = System.nanoTime();
    Reply refused = desk.delete("/api/dlq/" + id);
    assertThat(refused.status()).as("%s", refused.body()).isEqualTo(503);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
  }
}
