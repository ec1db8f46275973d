// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redrive.faults.Installation;
import dev.redrive.faults.TopicReader;
import dev.redrive.faults.Traffic;
import dev.redrive.testkit.DeskClient;
import dev.redrive.testkit.DeskClient.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Three instances of one Redrive. */
final class Fleet implements AutoCloseable {
  static final int COUNT = 3;
  static final Duration SOON = Duration.ofMinutes(5);

  private final Installation installation;
  private final List<Member> members;

  private Fleet(Installation installation, List<Member> members) {
    this.installation = installation;
    this.members = members;
  }

  /**
   * Returns when all three are ready and each has a share of the ledger.
   *
   * @param settings of each member, such as {@code peers.standbys}
   */
  static Fleet start(
      Brokers brokers, String name, Path dir, IntFunction<Map<String, String>> settings)
      throws Exception {
    List<Member> members = new ArrayList<>();
    Fleet fleet = new Fleet(installation(brokers, name, dir, 0), members);
    try {
      brokers.create(fleet.installation.topic("errors"), 3, Map.of());
      for (int i = 0; i < COUNT; i++) {
        members.add(new Member(installation(brokers, name, dir, i), settings.apply(i)).start());
        // The first makes the topics; the others would find them half made.
        if (i == 0) {
          members.get(0).awaitReady();
        }
      }
      fleet.awaitReady();
      return fleet;
    } catch (Exception e) {
      fleet.close();
      throw e;
    }
  }

  private static Installation installation(Brokers brokers, String name, Path dir, int member) {
    return new Installation(
        brokers.bootstrapServers(), name, dir.resolve(name + "-" + member).toAbsolutePath());
  }

  /** The first member's, as its topics and names are all members'. */
  Installation installation() {
    return installation;
  }

  Member member(int number) {
    return members.get(number);
  }

  List<Member> members() {
    return members;
  }

  void awaitReady() {
    members.forEach(Member::awaitReady);
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () ->
                members.forEach(
                    member ->
                        assertThat(wholeAndFresh(member.desk())).as("it is served").isTrue()));
  }

  /** Lets so many letters of {@link Traffic} arrive, and waits until every member counts them. */
  void fail(Traffic traffic, int letters) {
    traffic.fail(0, letters);
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> members.forEach(each -> assertThat(count(each.desk())).isEqualTo(letters)));
  }

  static int count(DeskClient desk) {
    Reply reply = desk.get("/api/dlq/stats");
    assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
    return reply.body().at("/data/total_entries").asInt();
  }

  static List<String> ids(int letters) {
    return IntStream.range(0, letters).mapToObj(i -> Traffic.letter(i).toString()).toList();
  }

  /** Each of these letters was sent back once, and nothing else was. */
  void assertSentOnce(List<String> letters) {
    Set<String> sent = new HashSet<>();
    for (var replay : TopicReader.committed(installation, installation.topic("retry"))) {
      String letter = new String(replay.headers().lastHeader("redrive-letter-id").value(), UTF_8);
      assertThat(sent.add(letter)).as("first replay of %s", letter).isTrue();
    }
    assertThat(sent).containsExactlyInAnyOrderElementsOf(letters);
  }

  @Override
  public void close() {
    members.forEach(Member::close);
  }

  private static boolean wholeAndFresh(DeskClient desk) {
    Reply reply = desk.get("/api/dlq?limit=1");
    return reply.status() == 200 && !reply.old();
  }
}
