// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.LetterId;
import dev.redrive.query.LetterReader;
import dev.redrive.query.LetterTotals;
import dev.redrive.query.LocalPartitions;
import dev.redrive.query.MemoryLedger;
import dev.redrive.query.PartitionAnswer;
import dev.redrive.query.PartitionAnswer.Missing;
import dev.redrive.query.PartitionAnswer.OfStandby;
import dev.redrive.query.PartitionAnswer.Served;
import dev.redrive.query.Partitions;
import dev.redrive.query.Reading;
import dev.redrive.query.Reading.Read;
import dev.redrive.query.Walk;
import dev.redrive.query.peer.FakePeer.Behaviour;
import dev.redrive.query.peer.Whereabouts.Holders;
import dev.redrive.store.ServedChangeQuery;
import dev.redrive.store.TotalsQuery;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.streams.query.Query;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Partition 0 is here, 1 and 2 are on another instance, and a third one has standbys of all, three
 * records behind.
 */
@Timeout(60)
class PeerPartitionsTest {
  private static final Duration TIMEOUT = Duration.ofMillis(300);

  /** Once for actives, once for standbys, and what a loaded machine adds. */
  private static final Duration BOUND = Duration.ofMillis(2_500);

  private static final Set<Integer> ALL = Set.of(0, 1, 2);
  private static final TotalsQuery TOTALS = new TotalsQuery(Long.MIN_VALUE, Long.MAX_VALUE);

  private final MemoryLedger ledger = new MemoryLedger();
  private final Map<Integer, Holders> known = new HashMap<>();
  private FakePeer active;
  private FakePeer standby;
  private PeerPartitions partitions;

  @BeforeEach
  void start() throws Exception {
    for (int i = 0; i < 30; i++) {
      ledger.fail("orders", "r" + i, 1_000 + i, "E1", "{}");
    }
    active = new FakePeer(FakePeer.serving(service(Set.of(1, 2), Set.of())));
    standby = new FakePeer(FakePeer.serving(service(Set.of(), ALL)));
    known.put(0, new Holders(null, List.of(standby.address())));
    known.put(1, new Holders(active.address(), List.of(standby.address())));
    known.put(2, new Holders(active.address(), List.of(standby.address())));
    partitions = partitions(FakePeer.SECRET);
  }

  @AfterEach
  void stop() {
    active.close();
    standby.close();
  }

  @Test
  void asksEachPartitionWhereItIsActive() {
    Map<Integer, PartitionAnswer<Long>> answers = patient().ask(new ServedChangeQuery(), ALL);

    assertThat(answers.values()).hasSize(3).allMatch(answer -> answer instanceof Served);
    assertThat(active.asked).hasValue(1);
    assertThat(standby.asked).hasValue(0);
  }

  @Test
  void readsAreTheSameAsThoseOfOneInstanceThatHasAll() {
    LetterReader gathered = new LetterReader(patient(), Duration.ofSeconds(3));
    LetterReader whole = new LetterReader(ledger, Duration.ofSeconds(3));
    Walk walk = Walk.newestFirst(5_000);

    assertThat(gathered.page(LetterFilter.ALL, walk, 20, false))
        .isEqualTo(whole.page(LetterFilter.ALL, walk, 20, false));
    assertThat(gathered.totals(LetterFilter.ALL, false))
        .isEqualTo(whole.totals(LetterFilter.ALL, false));
    for (int i = 0; i < 30; i++) {
      LetterId id = LetterId.of("orders", "r" + i);
      assertThat(gathered.letter(id)).isEqualTo(whole.letter(id));
    }
    assertThat(gathered.letter(LetterId.of("orders", "none")))
        .isEqualTo(whole.letter(LetterId.of("orders", "none")));
  }

  static Stream<Arguments> badPeers() {
    return Stream.of(
        Arguments.of("hangs", FakePeer.hanging(), "did not answer within 300 ms"),
        Arguments.of("answers a byte at a time", FakePeer.dripping(), "did not answer within"),
        Arguments.of("never ends its answer", FakePeer.endless(), "127.0.0.1"),
        Arguments.of("fails", FakePeer.saying(500, "oh"), "status 500"),
        Arguments.of("does not know us", FakePeer.saying(401, ""), "another peers.secret"),
        Arguments.of("says no JSON", FakePeer.saying(200, "<html>"), "can't be read"),
        Arguments.of("says other JSON", FakePeer.saying(200, "[1]"), "can't be read"),
        Arguments.of(
            "says nonsense of the partition",
            FakePeer.saying(
                200,
                """
                {"name": "totals", "parts": [
                  {"partition": 1, "value": {"counts": 7}},
                  {"partition": 2, "value": {"counts": [[{"status": "?"}, 1]]}}]}
                """),
            "can't be read"),
        Arguments.of("says nothing of what was asked", FakePeer.saying(200, "{}"), "can't be read"),
        Arguments.of(
            "answers something else",
            FakePeer.saying(200, "{\"name\": \"run\", \"parts\": []}"),
            "something else"),
        Arguments.of(
            "speaks of others' partitions",
            FakePeer.saying(
                200,
                "{\"name\": \"totals\", \"parts\": [{\"partition\": 0}, {\"partition\": 77}]}"),
            "nobody has it now"));
  }

  @ParameterizedTest(name = "a peer that {0}")
  @MethodSource("badPeers")
  void aBadPeerIsNamedInBoundedTime(String what, Behaviour behaviour, String reason) {
    active.behaves(behaviour);
    standby.behaves(behaviour);

    long start = System.nanoTime();
    Map<Integer, PartitionAnswer<dev.redrive.store.Totals>> answers = partitions.ask(TOTALS, ALL);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
    assertThat(answers.get(0)).isInstanceOf(Served.class);
    for (int partition : Set.of(1, 2)) {
      assertThat(answers.get(partition))
          .isInstanceOfSatisfying(
              Missing.class, missing -> assertThat(missing.reason()).contains(reason));
    }
  }

  @ParameterizedTest(name = "a peer that {0}")
  @MethodSource("badPeers")
  void aStandbyAnswersForABadPeerAndSaysSo(String what, Behaviour behaviour, String reason) {
    active.behaves(behaviour);

    Reading<LetterTotals> reading =
        new LetterReader(partitions, Duration.ofSeconds(3)).totals(LetterFilter.ALL, false);

    assertThat(reading).isInstanceOf(Read.class);
    Read<LetterTotals> read = (Read<LetterTotals>) reading;
    assertThat(read.value().counts().values()).containsExactly(30L);
    assertThat(read.missing()).isEmpty();
    assertThat(read.behind()).isEqualTo(Map.of(1, 3L, 2, 3L));
  }

  @Test
  void aPeerThatIsGoneIsNamedAtOnce() {
    active.close();
    standby.close();

    assertThat(partitions.ask(TOTALS, ALL).get(1))
        .isInstanceOfSatisfying(
            Missing.class, missing -> assertThat(missing.reason()).contains("can't be reached"));
  }

  @Test
  void aPeerThatHangsIsNotWaitedForByEveryReader() {
    active.behaves(FakePeer.hanging());
    partitions.ask(TOTALS, ALL);
    int before = active.asked.get();

    for (int i = 0; i < 5; i++) {
      assertThat(partitions.ask(TOTALS, Set.of(1)).get(1)).isInstanceOf(OfStandby.class);
    }

    assertThat(active.asked.get() - before).isLessThanOrEqualTo(1);
  }

  @Test
  void anActiveWithoutContactToItsGroupIsReadAsACopyWhereThereIsNoStandby() {
    standby.behaves(FakePeer.serving(service(Set.of(), Set.of())));
    active.behaves(
        FakePeer.serving(new PeerService(lost(), holding(ALL, true), Clock.systemUTC())));

    Map<Integer, PartitionAnswer<dev.redrive.store.Totals>> answers = patient().ask(TOTALS, ALL);

    assertThat(answers.get(0)).isInstanceOf(Served.class);
    for (int partition : Set.of(1, 2)) {
      assertThat(answers.get(partition)).isInstanceOf(OfStandby.class);
    }
    assertThat(patient().ask(new ServedChangeQuery(), ALL).get(1)).isInstanceOf(Missing.class);
  }

  @Test
  void noStandbyTellsWhetherAChangeCanBeRead() {
    active.behaves(FakePeer.hanging());

    assertThat(partitions.ask(new ServedChangeQuery(), Set.of(1)).get(1))
        .isInstanceOf(Missing.class);
    assertThat(standby.asked).hasValue(0);
  }

  @Test
  void whatIsMovingIsAskedOfAStandby() {
    ledger.down(1, "being restored or moved");
    standby.behaves(FakePeer.hanging());

    assertThat(partitions.ask(TOTALS, Set.of(1)).get(1))
        .isEqualTo(new Missing<>(active.address() + ": being restored or moved"));
  }

  @Test
  void whoeverHasTakenOverFromAnInstanceThatIsCutOffIsFound() {
    standby.behaves(FakePeer.serving(service(Set.of(0), Set.of(1, 2))));
    Partitions cutOff = holding(Set.of(), false);

    var answers =
        new PeerPartitions(
                cutOff,
                holding(ALL, true),
                wanted -> known,
                FakePeer.SECRET,
                Duration.ofSeconds(30))
            .ask(TOTALS, Set.of(0));

    assertThat(answers.get(0)).isInstanceOf(Served.class);
  }

  @Test
  void anInstanceThatIsCutOffAnswersAsAStandbyWhereNobodyElseDoes() {
    known.put(0, new Holders(null, List.of()));
    Partitions cutOff = holding(Set.of(), false);

    var answers =
        new PeerPartitions(cutOff, holding(ALL, true), wanted -> known, FakePeer.SECRET, TIMEOUT)
            .ask(TOTALS, Set.of(0));

    assertThat(answers.get(0)).isInstanceOf(OfStandby.class);
  }

  @Test
  void aPeerWithAnotherSecretIsRefused() {
    assertThat(
            partitions("another secret altogether", Duration.ofSeconds(30))
                .ask(TOTALS, Set.of(1))
                .get(1))
        .isInstanceOfSatisfying(
            Missing.class, missing -> assertThat(missing.reason()).contains("peers.secret"));
  }

  @Test
  void nobodyIsAskedForWhatNobodyHas() {
    known.clear();

    assertThat(partitions.ask(TOTALS, Set.of(1)).get(1))
        .isEqualTo(new Missing<>("nobody has it now"));
    assertThat(active.asked).hasValue(0);
  }

  private PeerPartitions partitions(String secret) {
    return partitions(secret, TIMEOUT);
  }

  /** Waits for a good peer, however busy the machine is. */
  private PeerPartitions patient() {
    return partitions(FakePeer.SECRET, Duration.ofSeconds(30));
  }

  private PeerPartitions partitions(String secret, Duration timeout) {
    return new PeerPartitions(
        holding(Set.of(0), false), holding(Set.of(), true), wanted -> known, secret, timeout);
  }

  private PeerService service(Set<Integer> actives, Set<Integer> standbys) {
    return new PeerService(holding(actives, false), holding(standbys, true), Clock.systemUTC());
  }

  /** What an instance says that has not heard from the group's coordinator for too long. */
  private Partitions lost() {
    return new Partitions() {
      @Override
      public int count() {
        return ledger.count();
      }

      @Override
      public <R> Map<Integer, PartitionAnswer<R>> ask(Query<R> query, Set<Integer> partitions) {
        Map<Integer, PartitionAnswer<R>> answers = new HashMap<>();
        partitions.forEach(each -> answers.put(each, new Missing<>(TrustedPartitions.LOST)));
        return answers;
      }
    };
  }

  /** An instance that holds only these. */
  private Partitions holding(Set<Integer> here, boolean standby) {
    return new Partitions() {
      @Override
      public int count() {
        return ledger.count();
      }

      @Override
      public <R> Map<Integer, PartitionAnswer<R>> ask(Query<R> query, Set<Integer> partitions) {
        Map<Integer, PartitionAnswer<R>> answers = new HashMap<>(ledger.ask(query, partitions));
        answers.replaceAll(
            (partition, answer) ->
                !here.contains(partition)
                    ? new Missing<>(LocalPartitions.ELSEWHERE)
                    : standby && answer instanceof Served<R> served
                        ? new OfStandby<>(served.value(), 3)
                        : answer);
        return answers;
      }
    };
  }
}
