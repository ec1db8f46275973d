// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.query.Reading.Read;
import dev.redrive.query.Reading.Unavailable;
import dev.redrive.store.PagePosition;
import dev.redrive.topology.LedgerPartitioner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LetterReaderTest {
  private final MemoryLedger ledger = new MemoryLedger();
  private final LetterReader reader = new LetterReader(ledger, Duration.ofMillis(50));

  @Test
  void mergesPartitionsNewestFirstAndEndsWithoutACursor() {
    for (int i = 0; i < 25; i++) {
      ledger.fail("p", "r" + i, 1_000 + i % 7, "c", "{}");
    }
    List<Letter> seen = new ArrayList<>();
    Walk walk = Walk.newestFirst(5_000);
    while (walk != null) {
      LetterList page = value(reader.page(LetterFilter.ALL, walk, 10, false));
      assertThat(page.letters()).hasSizeLessThanOrEqualTo(10);
      seen.addAll(page.letters());
      walk = page.next();
    }
    assertThat(seen).hasSize(25).doesNotHaveDuplicates();
    assertThat(seen)
        .isSortedAccordingTo(
            (a, b) -> Long.compare(b.head().facts().failedAt(), a.head().facts().failedAt()));
  }

  @Test
  void aFullLastPageHasNoCursor() {
    for (int i = 0; i < 10; i++) {
      ledger.fail("p", "r" + i, i, "c", "{}");
    }
    LetterList page = value(reader.page(LetterFilter.ALL, Walk.newestFirst(99), 10, false));
    assertThat(page.letters()).hasSize(10);
    assertThat(page.next()).isNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aWalkSeesEveryLetterThatStayedOnceWhileOthersComeAndGo(long seed) {
    Random random = new Random(seed);
    boolean oldestFirst = seed % 2 == 0;
    Map<LetterId, Long> stayed = new HashMap<>();
    for (int i = 0; i < 80; i++) {
      long at = random.nextInt(50);
      stayed.put(ledger.fail("p" + i % 3, "r" + i, at, "c", "{}"), at);
    }
    long now = 50;
    Walk walk = oldestFirst ? Walk.oldestFirst(now) : Walk.newestFirst(now);
    List<LetterId> seen = new ArrayList<>();
    List<LetterId> all = new ArrayList<>(stayed.keySet());
    for (int i = 0; walk != null; i++) {
      LetterList page = value(reader.page(LetterFilter.ALL, walk, 7, false));
      page.letters().forEach(letter -> seen.add(letter.id()));
      walk = page.next();
      now++;
      ledger.fail("new", "n" + i, now, "c", "{}");
      LetterId gone = all.get(random.nextInt(all.size()));
      ledger.remove(gone);
      stayed.remove(gone);
      int again = random.nextInt(80);
      stayed.remove(ledger.fail("p" + again % 3, "r" + again, now, "c", "{}"));
    }
    assertThat(seen).doesNotHaveDuplicates().containsAll(stayed.keySet());
  }

  /** Each partition stops after a few letters: what others found past that must wait, not go. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void pagesThatLookedAtEnoughSkipAndRepeatNothing(long seed) {
    Random random = new Random(seed);
    boolean oldestFirst = random.nextBoolean();
    var filter = LetterFilter.ALL.with(Attribute.ERROR_CODE, Set.of("rare"));
    Set<LetterId> stayed = new HashSet<>();
    for (int i = 0; i < 150; i++) {
      boolean rare = random.nextInt(6) == 0;
      LetterId id = ledger.fail("p", "r" + i, random.nextInt(40), rare ? "rare" : "c", "{}");
      if (rare) {
        stayed.add(id);
      }
    }
    List<LetterId> seen = new ArrayList<>();
    Walk walk = oldestFirst ? Walk.oldestFirst(50) : Walk.newestFirst(50);
    for (int i = 0; walk != null; i++) {
      ledger.looks = 1 + random.nextInt(8);
      LetterList page = value(reader.page(filter, walk, 4, false));
      page.letters().forEach(letter -> seen.add(letter.id()));
      assertThat(page.scanLimited()).isEqualTo(page.next() != null && page.letters().size() < 4);
      walk = page.next();
      ledger.fail("p", "new" + i, 60 + i, "rare", "{}");
      LetterId gone = LetterId.of("p", "r" + random.nextInt(150));
      ledger.remove(gone);
      stayed.remove(gone);
    }
    assertThat(seen).doesNotHaveDuplicates().containsAll(stayed);
    Comparator<Letter> order = Comparator.comparing(PagePosition::of, PagePosition.NEWEST_FIRST);
    assertThat(seen.stream().map(ledger::letter).flatMap(Optional::stream))
        .isSortedAccordingTo(oldestFirst ? order.reversed() : order);
  }

  @Test
  void severalPipelinesAreOneList() {
    ledger.fail("a", "1", 1, "c", "{}");
    ledger.fail("b", "1", 2, "c", "{}");
    ledger.fail("c", "1", 3, "c", "{}");
    var filter = LetterFilter.ALL.with(Attribute.PIPELINE, Set.of("a", "c"));
    List<Letter> letters = value(reader.page(filter, Walk.newestFirst(9), 10, false)).letters();
    assertThat(letters).extracting(l -> l.head().facts().pipelineId()).containsExactly("c", "a");
    assertThat(value(reader.totals(filter, false)).counts().values())
        .containsExactlyInAnyOrder(1L, 1L);
  }

  @Test
  void aMissingPartitionIsNeverLeftOutSilently() {
    LetterId id = ledger.fail("p", "r", 1, "c", "{}");
    int partition = ledger.partitionOf(id);
    ledger.down(partition, "restoring");

    assertThat(reader.letter(id)).isEqualTo(Reading.unavailable(Map.of(partition, "restoring")));
    assertThat(reader.totals(LetterFilter.ALL, false)).isInstanceOf(Unavailable.class);
    var page = reader.page(LetterFilter.ALL, Walk.newestFirst(9), 10, false);
    assertThat(page).isInstanceOf(Unavailable.class);
  }

  @Test
  void aPartialAnswerNamesWhatIsMissing() {
    LetterId id = ledger.fail("p", "r", 1, "c", "{}");
    int other = (ledger.partitionOf(id) + 1) % 3;
    ledger.down(other, "moving");
    var page = reader.page(LetterFilter.ALL, Walk.newestFirst(9), 10, true);
    assertThat(value(page).letters()).hasSize(1);
    assertThat(((Read<LetterList>) page).missing()).isEqualTo(Map.of(other, "moving"));
  }

  @Test
  void nothingAtAllIsNoPartialAnswer() {
    for (int p = 0; p < 3; p++) {
      ledger.down(p, "moving");
    }
    assertThat(reader.page(LetterFilter.ALL, Walk.newestFirst(9), 10, true))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void waitsForAPartitionThatComesBackInTime() {
    LetterId id = ledger.fail("p", "r", 1, "c", "{}");
    ledger.down(ledger.partitionOf(id), "restoring");
    CompletableFuture<Void> back =
        CompletableFuture.runAsync(
            () -> ledger.up(ledger.partitionOf(id)),
            CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
    Reading<Optional<Letter>> found = new LetterReader(ledger, Duration.ofSeconds(30)).letter(id);
    assertThat(value(found)).isPresent();
    assertThat(back).isCompleted();
  }

  @Test
  void everyLetterHasOnePartition() {
    Set<Integer> used = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      used.add(LedgerPartitioner.partition(LetterId.of("p", "r" + i), 4));
    }
    assertThat(used).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  private static <T> T value(Reading<T> reading) {
    assertThat(reading).isInstanceOf(Read.class);
    return ((Read<T>) reading).value();
  }
}
