// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import static dev.redrive.store.Letters.MONDAY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.Letter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers beside a writer: what they see is whole, and closing the store does them no harm. */
class LetterStoreConcurrencyTest {
  private static final PageQuery ALL = PageQuery.newest(LetterFilter.ALL, 500);
  private static final TotalsQuery TOTALS = new TotalsQuery(Long.MIN_VALUE, Long.MAX_VALUE);

  @TempDir Path stateDir;

  @Test
  @Timeout(60)
  void readersSeeWholeCommitsOnly() {
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong reads = new AtomicLong();
    try (StoreKit kit = new StoreKit(stateDir)) {
      List<CompletableFuture<Void>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(
            CompletableFuture.runAsync(
                () -> {
                  while (!done.get()) {
                    readOnce(kit);
                    reads.incrementAndGet();
                  }
                }));
      }
      for (int round = 1; round <= 100; round++) {
        // Each transaction holds three letters of one change number, and replaces the last three.
        for (int i = 0; i < 3; i++) {
          kit.put(Letters.letter("p", "r" + round + "-" + i, MONDAY + round, "c", round, round));
          if (round > 1) {
            kit.remove(Letters.letter("p", "r" + (round - 1) + "-" + i, MONDAY).id());
          }
        }
        kit.commit();
      }
      done.set(true);
      readers.forEach(CompletableFuture::join);
    }
    assertThat(reads.get()).isPositive();
  }

  @Test
  @Timeout(60)
  void closingWhileOthersReadGivesThemAnErrorAndNoCrash() {
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong refused = new AtomicLong();
    try (StoreKit kit = new StoreKit(stateDir)) {
      kit.put(Letters.letter("p", "r", MONDAY));
      kit.commit();
      CompletableFuture<Void> reader =
          CompletableFuture.runAsync(
              () -> {
                while (!done.get()) {
                  try (var rows = kit.store.all()) {
                    kit.ask(ALL);
                    rows.forEachRemaining(row -> kit.store.get(row.key));
                  } catch (InvalidStateStoreException e) {
                    refused.incrementAndGet();
                  }
                }
              });
      for (int i = 0; i < 20 || refused.get() == 0; i++) {
        kit.store.close();
        kit.init();
      }
      done.set(true);
      reader.join();
    }
  }

  private static void readOnce(StoreKit kit) {
    long served = kit.ask(new ServedChangeQuery());
    List<Letter> letters = kit.ask(ALL).letters();
    assertThat(letters.size()).isIn(0, 3);
    assertThat(letters).allMatch(letter -> letter.head().change() >= served);
    assertThat(kit.ask(TOTALS).counts().values()).allMatch(count -> count == 3);
  }
}
