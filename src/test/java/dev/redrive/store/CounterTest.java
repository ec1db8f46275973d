// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Letter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CounterTest {
  @TempDir Path stateDir;

  private StoreKit kit;

  @BeforeEach
  void open() {
    kit = new StoreKit(stateDir);
  }

  @AfterEach
  void close() {
    kit.close();
  }

  @Test
  void aRowOfCountsReadsAsItWasWritten() {
    long[] counts = new long[CounterRows.NUMBERS * CounterRows.STATUSES];
    counts[0] = 1;
    counts[200] = Long.MAX_VALUE;
    counts[counts.length - 1] = 128;
    long[] read = counts.clone();
    CounterRows.add(CounterRows.row(counts), read);
    assertThat(read[200]).isEqualTo(Long.MAX_VALUE + Long.MAX_VALUE);
    assertThat(read[counts.length - 1]).isEqualTo(256);
    assertThat(CounterRows.row(new long[counts.length])).isNull();
  }

  @Test
  void moreNamesThanOneRowHolds() {
    StoreModel model = new StoreModel();
    for (int i = 0; i < 300; i++) {
      Letter letter = Letters.letter("p" + i % 7, "r" + i, at(i), "code" + i, i + 1, i + 1);
      kit.put(letter);
      model.put(letter);
    }
    kit.commit();
    StatisticsQuery all =
        new StatisticsQuery(Set.of(), Long.MIN_VALUE, Long.MAX_VALUE, Letters.MONDAY, true);
    assertThat(kit.ask(all)).isEqualTo(model.statistics(all));
    StatisticsQuery some = new StatisticsQuery(Set.of("p3"), at(11) + 1, at(250), at(20), true);
    assertThat(kit.ask(some)).isEqualTo(model.statistics(some));
    assertThat(kit.audit()).isEmpty();
  }

  /** Else codes that carry an id would fill the store for ever. */
  @Test
  void aNameWithoutLettersIsForgottenAndItsNumberNotGivenAgain() {
    List<Letter> letters = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      letters.add(Letters.letter("p", "r" + i, at(i), "code" + i, i + 1, i + 1));
    }
    letters.forEach(kit::put);
    kit.commit();
    letters.forEach(letter -> kit.remove(letter.id()));
    kit.commit();
    assertThat(rows()).containsExactly("cx", "gx", "px");
    kit.put(letters.get(0));
    kit.commit();
    assertThat(kit.store.database().<byte[]>read(v -> v.get(Family.COUNTERS, number())))
        .isEqualTo(Meta.number(200));
  }

  private static byte[] number() {
    return CounterNames.numberOf(Counted.CODE, new Counted.Name("p", "code0"));
  }

  private List<String> rows() {
    List<String> rows = new ArrayList<>();
    kit.store
        .database()
        .read(
            view -> {
              view.scan(
                  Family.COUNTERS,
                  (key, value) -> rows.add(new String(key, StandardCharsets.UTF_8)));
              return 0;
            });
    return rows;
  }

  private static long at(int i) {
    return Letters.MONDAY - i * 1_234_567L;
  }
}
