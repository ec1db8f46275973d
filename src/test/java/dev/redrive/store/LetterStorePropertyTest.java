// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.CommandSeen;
import dev.redrive.codec.HeadCodec;
import dev.redrive.codec.IntakeMark;
import dev.redrive.codec.RowKey;
import dev.redrive.command.Answer;
import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random changes of letters against a plain model, with commits, aborts, crashes and restores. */
class LetterStorePropertyTest {
  private static final int TRANSACTIONS = Boolean.getBoolean("redrive.full") ? 200 : 27;
  private static final int RECYCLE_EVERY = 13;
  private static final long SPAN = 5L * 24 * 3_600_000;

  @TempDir Path stateDir;
  @TempDir Path otherDir;

  private Random random;
  private RandomLetters any;
  private StoreKit kit;
  private StoreModel committed;
  private StoreModel open;
  private Map<Bytes, Bytes> rows;
  private Map<Bytes, Bytes> openRows;
  private long offset;
  private long change;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void agreesWithThePlainModel(long seed) {
    random = new Random(seed);
    any = new RandomLetters(random);
    committed = new StoreModel();
    rows = new HashMap<>();
    kit = new StoreKit(stateDir);
    try {
      for (int i = 0; i < TRANSACTIONS; i++) {
        transaction();
        compare(kit);
        if (i % RECYCLE_EVERY == RECYCLE_EVERY - 1) {
          recycled(i);
        }
      }
      restoredElsewhere();
    } finally {
      kit.close();
    }
  }

  private void transaction() {
    open = committed.copy();
    openRows = new HashMap<>(rows);
    int changes = 1 + random.nextInt(25);
    for (int i = 0; i < changes; i++) {
      step();
    }
    assertThat(read()).isEqualTo(openRows);
    switch (random.nextInt(8)) {
      case 0 -> {
        kit.abort();
        kit.init();
        kit.restore(7);
      }
      case 1 -> {
        // Kafka commits, and the process ends before the store is written.
        kit.kafka.sendOffsetsToTransaction(Map.of(), kit.group());
        kit.kafka.commitTransaction();
        kit.record();
        kit.store.close();
        kit.init();
        assertThat(kit.restore(1 + random.nextInt(20))).isPositive();
        adopt();
      }
      default -> {
        kit.commit();
        adopt();
      }
    }
  }

  private void adopt() {
    committed = open;
    rows = openRows;
  }

  private void step() {
    List<LetterId> known = new ArrayList<>(open.letters().keySet());
    known.sort(null);
    int kind = random.nextInt(10);
    if (known.isEmpty() || kind < 4) {
      fail();
    } else if (kind < 6) {
      changeState(open.letters().get(known.get(random.nextInt(known.size()))));
    } else if (kind < 8) {
      remove(open.letters().get(known.get(random.nextInt(known.size()))));
    } else if (kind == 8) {
      answerCommand();
    } else {
      letterWithoutChange(open.letters().get(known.get(random.nextInt(known.size()))));
    }
  }

  /** A failure writes the whole letter and takes its newer head away. */
  private void fail() {
    Letter letter = any.letter(++offset, ++change);
    put(RowKey.letter(letter.id()), Letters.row(letter));
    if (openRows.containsKey(Bytes.wrap(RowKey.head(letter.id()))) || random.nextBoolean()) {
      put(RowKey.head(letter.id()), null);
    }
    open.put(letter);
  }

  private void changeState(Letter letter) {
    LetterState state =
        switch (random.nextInt(4)) {
          case 0 -> Letters.retrying(Letters.MONDAY + random.nextInt(1_000_000));
          case 1 -> new LetterState.Parked("used up");
          case 2 -> LetterState.Pending.PLAIN.retriedAt(Letters.MONDAY + random.nextInt(1_000_000));
          default -> LetterState.Pending.UNCONFIRMED;
        };
    Letter changed = Letters.inState(letter, state, ++change);
    put(RowKey.head(letter.id()), HeadCodec.encode(changed.head()));
    open.put(changed);
  }

  private void letterWithoutChange(Letter letter) {
    Bytes key = Bytes.wrap(RowKey.letter(letter.id()));
    put(key.get(), openRows.get(key).get());
  }

  private void remove(Letter letter) {
    put(RowKey.letter(letter.id()), null);
    put(RowKey.head(letter.id()), null);
    // The numbers that went with the letter, as the ledger keeps them.
    put(RowKey.mark(letter.head().facts().position()), new IntakeMark(offset, 0).encode());
    put(RowKey.change(), Meta.number(++change));
    open.remove(letter.id());
  }

  private void answerCommand() {
    String id = "command-" + random.nextInt(5);
    byte[] key = RowKey.command(id);
    boolean forget = random.nextBoolean();
    put(
        key,
        forget
            ? null
            : new CommandSeen(
                    new Answer(id, "r", null, false, null, null, null),
                    Letters.MONDAY + random.nextInt(1_000_000))
                .encode());
  }

  private void put(byte[] key, byte[] value) {
    kit.put(key, value);
    if (value == null) {
      openRows.remove(Bytes.wrap(key));
    } else {
      openRows.put(Bytes.wrap(key), Bytes.wrap(value));
    }
  }

  private Map<Bytes, Bytes> read() {
    Map<Bytes, Bytes> read = new LinkedHashMap<>();
    boolean backwards = random.nextBoolean();
    try (KeyValueIterator<Bytes, byte[]> all =
        backwards ? kit.store.reverseAll() : kit.store.all()) {
      Bytes last = null;
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> row = all.next();
        assertThat(last == null || (backwards ? -1 : 1) * last.compareTo(row.key) < 0).isTrue();
        last = row.key;
        read.put(row.key, Bytes.wrap(row.value));
      }
    }
    return read;
  }

  private void compare(StoreKit one) {
    assertThat(one.audit()).isEmpty();
    assertThat(one.figures().letters()).isEqualTo(committed.letters().size());
    for (int i = 0; i < 6; i++) {
      comparePage(one, any.filter());
      TotalsQuery window = anyWindow();
      assertThat(one.ask(window)).as("%s", window).isEqualTo(committed.totals(window));
      StatisticsQuery statistics = anyStatistics();
      assertThat(one.ask(statistics))
          .as("%s", statistics)
          .isEqualTo(committed.statistics(statistics));
    }
    compareRetries(one);
    List<Attribute> attributes = new ArrayList<>(List.of(Attribute.values()));
    Collections.shuffle(attributes, random);
    attributes.subList(0, 6).forEach(attribute -> comparePage(one, any.filter(attribute)));
    committed
        .letters()
        .forEach((id, letter) -> assertThat(one.ask(new LetterQuery(id))).contains(letter));
  }

  private void compareRetries(StoreKit one) {
    String pipeline = List.of("pipeline", "pipelinex", "pipelinexx").get(random.nextInt(3));
    long until = Letters.MONDAY + random.nextInt(1_000_000);
    List<LetterId> wanted =
        committed.letters().values().stream()
            .filter(letter -> letter.head().facts().pipelineId().equals(pipeline))
            .filter(letter -> letter.head().retryAt().orElse(Long.MAX_VALUE) <= until)
            .sorted(
                Comparator.<Letter>comparingLong(letter -> letter.head().retryAt().orElseThrow())
                    .thenComparing(Letter::id))
            .map(Letter::id)
            .toList();

    assertThat(one.ask(new RetriesQuery(pipeline, until, 1_000))).isEqualTo(wanted);
    assertThat(one.ask(new RetriesQuery(pipeline, until, 1)))
        .isEqualTo(wanted.subList(0, Math.min(1, wanted.size())));
  }

  /** A page has what the model has; if it ends early, up to where it says. */
  private void comparePage(StoreKit one, LetterFilter filter) {
    PageQuery query = anyPage(filter);
    LetterPage page = one.ask(query);
    List<Letter> all = committed.matching(query);
    List<Letter> wanted = all.subList(0, Math.min(query.limit(), all.size()));
    PagePosition end = page.end();
    if (end == null) {
      assertThat(all).as("%s", query).hasSizeLessThanOrEqualTo(query.limit());
    } else if (query.work() == PageQuery.DEFAULT_WORK) {
      assertThat(all).as("%s", query).hasSizeGreaterThan(query.limit());
    } else if (page.letters().size() < query.limit()) {
      wanted = upTo(end, query, all);
    }
    assertThat(ids(page.letters())).as("%s", query).isEqualTo(ids(wanted));
    assertThat(page.letters()).as("%s", query).isEqualTo(wanted);
    Matches matches = one.ask(new MatchQuery(query));
    assertThat(matches.letters())
        .as("%s", query)
        .isEqualTo(
            all.stream().map(PagePosition::of).toList().subList(0, matches.letters().size()));
    assertThat(walk(one, query)).as("%s", query).isEqualTo(ids(all));
    compareCount(one, filter);
  }

  /** A count has what the model has; if it ends early, what failed later than it says. */
  private void compareCount(StoreKit one, LetterFilter filter) {
    int work = random.nextBoolean() ? 1 + random.nextInt(100) : PageQuery.DEFAULT_WORK;
    CountQuery query = new CountQuery(filter, anyWindow().since(), true, work);
    Counts counts = one.ask(query);
    Long lookedTo = counts.lookedTo();
    Statistics all =
        committed.statistics(letter -> PlainMatch.fits(letter, filter), query.hoursSince(), true);
    if (lookedTo == null) {
      assertThat(counts.statistics()).as("%s", query).isEqualTo(all);
      return;
    }
    Statistics whole =
        committed.statistics(
            letter ->
                PlainMatch.fits(letter, filter) && letter.head().facts().failedAt() > lookedTo,
            query.hoursSince(),
            true);
    whole
        .totals()
        .forEach(
            (cell, count) ->
                assertThat(counts.statistics().totals().get(cell))
                    .as("%s", query)
                    .isBetween(count, all.totals().get(cell)));
  }

  /** All pages one after the other. */
  private List<LetterId> walk(StoreKit one, PageQuery first) {
    List<LetterId> seen = new ArrayList<>();
    PageQuery next = first;
    while (next != null) {
      LetterPage page = one.ask(next);
      seen.addAll(ids(page.letters()));
      next = page.end() == null ? null : first.from(page.end());
    }
    return seen;
  }

  private static List<LetterId> ids(List<Letter> letters) {
    return letters.stream().map(Letter::id).toList();
  }

  private static List<Letter> upTo(PagePosition end, PageQuery query, List<Letter> all) {
    return all.stream()
        .filter(
            letter -> {
              int order = PagePosition.NEWEST_FIRST.compare(PagePosition.of(letter), end);
              return query.oldestFirst() ? order >= 0 : order <= 0;
            })
        .toList();
  }

  private PageQuery anyPage(LetterFilter filter) {
    List<Letter> some = List.copyOf(committed.letters().values());
    PagePosition after = null;
    if (!some.isEmpty() && random.nextBoolean()) {
      after = PagePosition.of(some.get(random.nextInt(some.size())));
    }
    return new PageQuery(
        filter,
        random.nextBoolean(),
        after,
        1 + random.nextInt(12),
        random.nextInt(3) == 0 ? 1 + random.nextInt(60) : PageQuery.DEFAULT_WORK);
  }

  private StatisticsQuery anyStatistics() {
    TotalsQuery window = anyWindow();
    List<Set<String>> pipelines =
        List.of(Set.of(), Set.of(), Set.of("pipelinex"), Set.of("pipeline", "pipelinexx"));
    return new StatisticsQuery(
        pipelines.get(random.nextInt(pipelines.size())),
        window.since(),
        window.until(),
        anyWindow().since(),
        random.nextInt(3) > 0);
  }

  private TotalsQuery anyWindow() {
    long since =
        random.nextInt(3) == 0 ? Long.MIN_VALUE : Letters.MONDAY + random.nextLong() % SPAN;
    long until =
        random.nextInt(3) == 0 ? Long.MAX_VALUE : Letters.MONDAY + random.nextLong() % SPAN;
    return new TotalsQuery(since, until);
  }

  /**
   * Another instance becomes the active one, and after a while this one again. Streams keeps the
   * store open all the time: a standby goes on from the same object, on another thread.
   */
  private void recycled(int number) {
    StoreKit here = kit;
    try (StoreKit there = new StoreKit(otherDir.resolve("there-" + number))) {
      there.follow(here);
      there.restore(20);
      kit = there;
      for (int i = 0; i < 3; i++) {
        transaction();
        here.follow(there);
        CompletableFuture.runAsync(() -> here.restore(9)).join();
        compare(here);
      }
    } finally {
      kit = here;
    }
  }

  private void restoredElsewhere() {
    try (StoreKit other = new StoreKit(otherDir)) {
      other.changelog.putAll(kit.changelog);
      assertThat(other.restore(1 + random.nextInt(50))).isEqualTo(kit.changelog.size());
      compare(other);
      assertThat(other.ask(new ServedChangeQuery())).isEqualTo(kit.ask(new ServedChangeQuery()));
    }
  }
}
