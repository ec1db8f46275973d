// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.faults.ReplayOfAll;
import dev.redrive.faults.Traffic;
import dev.redrive.testkit.DeskClient;
import dev.redrive.testkit.DeskClient.Reply;
import java.nio.file.Path;
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

/** Three members that are restarted one after the other while they are asked all the time. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
@TestMethodOrder(OrderAnnotation.class)
class RollingRestartIT {
  private static final boolean FULL = Boolean.getBoolean("redrive.full");

  /** Changes that are made on each member in turn, and again on one that was just restarted. */
  private static final int CHANGES = FULL ? 1_000 : 60;

  private static final int CHANGES_AFTER_RESTART = FULL ? 300 : 40;

  /** The first of them by kill. */
  private static final int RESTARTS = FULL ? 3 : 2;

  private static final int REPLAYS = FULL ? 5_000 : 400;
  private static final int LETTERS = REPLAYS + CHANGES + CHANGES_AFTER_RESTART;

  @TempDir static Path dir;
  private static Brokers brokers;
  private static Fleet fleet;
  private static List<String> ids;

  @BeforeAll
  static void start() throws Exception {
    brokers = Brokers.start(dir);
    fleet = Fleet.start(brokers, "rolling", dir, i -> Map.of());
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
  void aChangeMadeOnOneIsReadAtOnceOnTheTwoOthers() {
    for (int i = 0; i < CHANGES; i++) {
      assertThat(delete(i % Fleet.COUNT, ids.get(REPLAYS + i))).as("change %s", i).isZero();
    }
    assertThat(Fleet.count(fleet.member(0).desk())).isEqualTo(LETTERS - CHANGES);
  }

  @Test
  @Order(2)
  void rollingRestartServesEveryReadAndEveryCommand() throws Exception {
    List<String> replayed = ids.subList(0, REPLAYS);
    List<String> sent;
    try (Load load = Load.start(fleet.members(), replayed, replayed, FULL ? 20 : 40)) {
      for (Member member : fleet.members()) {
        member.process().stop();
        member.start().awaitReady();
      }
      load.close();
      System.out.println("rolling restart: " + load);
      assertThat(load.wrong()).isEmpty();
      assertThat(load.answers()).containsKeys("page 200", "letter 200", "statistics 200");
      sent = load.replayed();
    }
    new ReplayOfAll(fleet.installation(), LETTERS).awaitReplays(sent.size(), Fleet.SOON);
    fleet.assertSentOnce(sent);
  }

  @Test
  @Order(3)
  void changesAreReadAtOnceStraightAfterARestart() throws Exception {
    int each = CHANGES_AFTER_RESTART / RESTARTS;
    int marked = 0;
    for (int restarted = 0; restarted < RESTARTS; restarted++) {
      Member member = fleet.member(restarted);
      if (restarted == 0) {
        // What it had not written to its store comes back from the changelog, without positions.
        member.process().kill();
      } else {
        member.process().stop();
      }
      member.start().awaitReady();
      for (int i = 0; i < each; i++) {
        marked += delete(i % Fleet.COUNT, ids.get(REPLAYS + CHANGES + restarted * each + i));
      }
    }
    System.out.println("reads that said they may be old, after restarts: " + marked);
  }

  /**
   * Deletes a letter at one member and reads it at all; whoever still shows it must say that it may
   * be old.
   *
   * @return how many reads said so
   */
  private static int delete(int at, String id) {
    Reply deleted = fleet.member(at).desk().delete("/api/dlq/" + id);
    assertThat(deleted.status()).as("%s", deleted.body()).isIn(200, 202);
    int old = 0;
    for (Member member : fleet.members()) {
      DeskClient desk = member.desk();
      Reply read = desk.get("/api/dlq/" + id);
      if (read.old() || deleted.status() == 202) {
        old++;
      } else {
        assertThat(read.status()).as("%s", read.body()).isEqualTo(404);
      }
    }
    return old;
  }
}
