// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redrive.faults.ReplayOfAll;
import dev.redrive.faults.TopicReader;
import dev.redrive.faults.Traffic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members and brokers are killed while commands and runs are under way. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@TestMethodOrder(OrderAnnotation.class)
class ClusterKillIT {
  private static final boolean FULL = Boolean.getBoolean("redrive.full");
  private static final int LETTERS = FULL ? 12_000 : 1_200;
  private static final int ROUNDS = FULL ? 4 : 1;

  /** Letters of the run, and how many of them a second. */
  private static final int RUN = FULL ? 6_000 : 400;

  private static final int RATE = FULL ? 200 : 40;

  @TempDir static Path dir;
  private static Brokers brokers;
  private static Fleet fleet;

  @BeforeAll
  static void start() throws Exception {
    brokers = Brokers.start(dir);
    // The brokers' time tells the pace of the run.
    brokers.create("killed-retry", 3, Map.of("message.timestamp.type", "LogAppendTime"));
    fleet = Fleet.start(brokers, "killed", dir, i -> Map.of());
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
  void whoeverIsKilledEachCommandIsDoneOnceAndReadsGoOn() throws Exception {
    ReplayOfAll replay = new ReplayOfAll(fleet.installation(), LETTERS);
    List<Member> survivors = List.of(fleet.member(0), fleet.member(2));
    int part = LETTERS / (ROUNDS * 2);
    int interrupted = 0;
    try (Traffic traffic = new Traffic(fleet.installation())) {
      fleet.fail(traffic, LETTERS);
      try (Load load = Load.readingAmidFailures(survivors, Fleet.ids(LETTERS))) {
        for (int round = 0; round < ROUNDS; round++) {
          int from = round * 2 * part;
          traffic.replay(from, from + part);
          replay.awaitReplays(from + 1, Fleet.SOON);
          fleet.member(1).process().kill();
          interrupted += underWay("member killed", replay, from + part);

          int next = round == ROUNDS - 1 ? LETTERS : from + 2 * part;
          traffic.replay(from + part, next);
          replay.awaitReplays(from + part + 1, Fleet.SOON);
          BrokerNode broker = brokers.node(round % 3);
          broker.kill();
          interrupted += underWay("broker killed", replay, next);
          replay.awaitReplays(from + part + part / 2, Fleet.SOON);
          broker.start();
          fleet.member(1).start().awaitReady();
          brokers.awaitUp();
        }
        replay.awaitAnswers(Fleet.SOON);
        load.close();
        System.out.println("while killing: " + load);
        assertThat(load.wrong()).isEmpty();
        assertThat(interrupted).as("commands that a kill interrupted").isPositive();
      }
    }
    replay.assertEachWasReplayedOnce();
  }

  @Test
  @Order(2)
  void runGoesOnAtItsPaceWhenThePartitionsOfAKilledMemberMove() throws Exception {
    try (Traffic traffic = new Traffic(fleet.installation())) {
      traffic.fail(LETTERS, LETTERS + RUN);
      await()
          .atMost(Fleet.SOON)
          .untilAsserted(
              () -> assertThat(Fleet.count(fleet.member(0).desk())).isEqualTo(LETTERS + RUN));
      traffic.command(
          """
          {"type": "replay", "all": true, "command_id": "all", "options": {"rate": %d}}
          """
              .formatted(RATE));
    }
    ReplayOfAll all = new ReplayOfAll(fleet.installation(), LETTERS + RUN);
    all.awaitReplays(LETTERS + RUN / 4, Fleet.SOON);
    fleet.member(2).process().kill();
    all.awaitReplays(LETTERS + RUN / 2, Fleet.SOON);
    fleet.member(2).start().awaitReady();
    all.awaitReplays(LETTERS + RUN, Fleet.SOON);

    List<Long> times = new ArrayList<>();
    Set<String> sent = new HashSet<>();
    for (var replay : ofTheRun()) {
      assertThat(sent.add(letter(replay))).as("first replay of %s", letter(replay)).isTrue();
      times.add(replay.timestamp());
    }
    assertThat(sent).hasSize(RUN);
    assertPace(times.stream().sorted().toList());
  }

  /** What the brokers took in any five seconds. */
  private static void assertPace(List<Long> times) {
    int most = 0;
    int from = 0;
    for (int to = 0; to < times.size(); to++) {
      while (times.get(to) - times.get(from) > 5_000) {
        from++;
      }
      most = Math.max(most, to - from + 1);
    }
    System.out.printf("at most %d replays in 5 s at a rate of %d/s%n", most, RATE);
    // A second more: what was sent at once where two grants met.
    assertThat(most).as("replays in five seconds").isLessThanOrEqualTo(RATE * 6);
  }

  private static List<ConsumerRecord<byte[], byte[]>> ofTheRun() {
    var here = fleet.installation();
    Set<String> before = new HashSet<>(Fleet.ids(LETTERS));
    return TopicReader.committed(here, here.topic("retry")).stream()
        .filter(replay -> !before.contains(letter(replay)))
        .toList();
  }

  private static String letter(ConsumerRecord<byte[], byte[]> replay) {
    return new String(replay.headers().lastHeader("redrive-letter-id").value(), UTF_8);
  }

  /** How much of what was asked a kill has interrupted; were it nothing, it would prove nothing. */
  private static int underWay(String what, ReplayOfAll replay, int asked) {
    int underWay = replay.outstanding() - (LETTERS - asked);
    System.out.printf("%s with %d commands under way%n", what, underWay);
    return underWay;
  }
}
