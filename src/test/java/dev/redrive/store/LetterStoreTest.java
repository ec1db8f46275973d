// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import static dev.redrive.store.Letters.MONDAY;
import static dev.redrive.store.Letters.inState;
import static dev.redrive.store.Letters.letter;
import static dev.redrive.store.Letters.retrying;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.codec.IntakeMark;
import dev.redrive.codec.RowKey;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterState.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.KeyQuery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LetterStoreTest {
  private static final Letter FIRST = letter("orders", "1", MONDAY);

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
  void writesAreSeenByTheTaskAtOnceAndByQueriesAfterTheCommit() {
    kit.put(FIRST);

    assertThat(row(FIRST)).isEqualTo(Letters.row(FIRST));
    assertThat(kit.ask(new LetterQuery(FIRST.id()))).isEmpty();
    assertThat(kit.ask(all())).isEqualTo(new LetterPage(List.of(), null));

    kit.commit();

    assertThat(kit.ask(new LetterQuery(FIRST.id()))).contains(FIRST);
    assertThat(kit.ask(all()).letters()).containsExactly(FIRST);
    assertThat(kit.audit()).isEmpty();
  }

  @Test
  void aStateChangeMovesCountersAndDeadlineButNotTheBody() {
    kit.put(FIRST);
    kit.commit();
    Letter retried = inState(FIRST, retrying(MONDAY + 5_000), 2);

    kit.putHead(retried);
    kit.commit();

    assertThat(kit.ask(new LetterQuery(FIRST.id()))).contains(retried);
    assertThat(kit.ask(new TotalsQuery(Long.MIN_VALUE, Long.MAX_VALUE)).counts())
        .isEqualTo(Map.of(new Totals.Cell("orders", "timeout", Status.RETRYING), 1L));
    assertThat(kit.ask(new DueQuery(MONDAY + 4_999, 10)).entries()).isEmpty();
    assertThat(kit.ask(new DueQuery(MONDAY + 5_000, 10)).entries())
        .containsExactly(new Due.OfLetter(MONDAY + 5_000, FIRST.id()));
    assertThat(kit.audit()).isEmpty();
  }

  @Test
  void aRemovedLetterLeavesNothingButTheMarksTheLedgerWrote() {
    kit.put(FIRST);
    kit.commit();

    kit.remove(FIRST.id());
    kit.put(RowKey.mark(FIRST.head().facts().position()), new IntakeMark(1, 0).encode());
    kit.put(RowKey.change(), Meta.number(2));
    kit.commit();

    assertThat(kit.ask(new LetterQuery(FIRST.id()))).isEmpty();
    assertThat(kit.ask(new TotalsQuery(Long.MIN_VALUE, Long.MAX_VALUE)).counts()).isEmpty();
    assertThat(kit.figures().letters()).isZero();
    assertThat(kit.audit()).isEmpty();
  }

  @Test
  void marksAndChangeNumberFollowFromLetters() {
    byte[] mark = RowKey.mark(FIRST.head().facts().position());
    kit.put(letter("orders", "1", MONDAY, "timeout", 41, 7));

    assertThat(kit.store.get(Bytes.wrap(mark))).isEqualTo(new IntakeMark(41, 0).encode());
    assertThat(kit.store.get(Bytes.wrap(RowKey.change()))).isEqualTo(Meta.number(7));
    assertThat(kit.ask(new ServedChangeQuery())).isZero();

    kit.commit();
    kit.store.close();
    kit.init();

    assertThat(kit.store.get(Bytes.wrap(mark))).isEqualTo(new IntakeMark(41, 0).encode());
    assertThat(kit.ask(new ServedChangeQuery())).isEqualTo(7);
  }

  @Test
  void anAbortDropsTheWritesAndRefusesMoreUntilTheStoreIsOpenedAgain() {
    kit.put(FIRST);
    kit.commit();
    Letter second = letter("orders", "2", MONDAY);
    kit.put(second);

    kit.abort();

    assertThatThrownBy(() -> kit.put(second)).isInstanceOf(ProcessorStateException.class);
    assertThatThrownBy(() -> row(FIRST)).isInstanceOf(ProcessorStateException.class);
    assertThat(kit.ask(all()).letters()).containsExactly(FIRST);

    kit.init();

    assertThat(row(second)).isNull();
    assertThat(kit.restore(100)).isZero();
    assertThat(kit.audit()).isEmpty();
  }

  @Test
  void aFencedCommitDropsTheWrites() {
    kit.put(FIRST);
    kit.kafka.commitTransactionException = new ProducerFencedException("another one is there");

    assertThatThrownBy(kit::commit).isInstanceOf(ProducerFencedException.class);

    assertThatThrownBy(() -> kit.put(FIRST)).isInstanceOf(ProcessorStateException.class);
    assertThat(kit.ask(all()).letters()).isEmpty();
  }

  @Test
  void aCommitThatTimedOutIsInDoubtUntilItIsTriedAgain() {
    kit.put(FIRST);
    kit.kafka.commitTransactionException = new TimeoutException("no answer");
    assertThatThrownBy(kit::commit).isInstanceOf(TimeoutException.class);
    assertThat(kit.ask(all()).letters()).isEmpty();

    kit.kafka.commitTransactionException = null;
    kit.commit();

    assertThat(kit.ask(all()).letters()).containsExactly(FIRST);
  }

  @Test
  void aCommitInDoubtCostsATailAndNotTheWholeStore() {
    kit.put(FIRST);
    kit.commit();
    kit.put(letter("orders", "2", MONDAY));
    kit.kafka.commitTransactionException = new TimeoutException("no answer");
    assertThatThrownBy(kit::commit).isInstanceOf(TimeoutException.class);

    // What Streams does then: the task counts as corrupted, is closed and begins again.
    kit.store.commit(Map.of());
    kit.store.close();
    kit.record();
    kit.init();

    assertThat(kit.restore(100)).isEqualTo(1);
    assertThat(kit.ask(all()).letters()).hasSize(2);
    assertThat(kit.audit()).isEmpty();
  }

  @Test
  void aWriteThatFailsAfterKafkasCommitDoesNotThrowAndIsRestored() {
    kit.put(FIRST);
    kit.store.database().close();

    kit.commit();

    assertThatThrownBy(() -> kit.put(FIRST)).isInstanceOf(ProcessorStateException.class);
    kit.init();
    assertThat(row(FIRST)).isNull();
    assertThat(kit.restore(100)).isEqualTo(1);
    assertThat(row(FIRST)).isEqualTo(Letters.row(FIRST));
    assertThat(kit.audit()).isEmpty();
  }

  @Test
  void theChangelogOffsetIsThatOfTheLastCommittedRecord() {
    assertThat(kit.store.committedOffset(StoreKit.CHANGELOG)).isEqualTo(-1);
    kit.put(FIRST);
    kit.put(letter("orders", "2", MONDAY));
    kit.commit();

    assertThat(kit.store.committedOffset(StoreKit.CHANGELOG)).isEqualTo(1);
  }

  @Test
  void streamsOwnCommitIsIgnoredWhileRunningAndObeyedWhileRestoring() {
    kit.put(FIRST);
    kit.commit();
    kit.put(letter("orders", "2", MONDAY));

    kit.store.commit(Map.of(StoreKit.CHANGELOG, 99L));
    assertThat(kit.store.committedOffset(StoreKit.CHANGELOG)).isZero();

    kit.commit();
    kit.init();
    kit.store.commit(Map.of(StoreKit.CHANGELOG, 5L));
    assertThat(kit.store.committedOffset(StoreKit.CHANGELOG)).isEqualTo(5);
  }

  @Test
  void anEmptyCommitForgetsEverything() {
    kit.put(FIRST);
    kit.commit();

    kit.store.commit(Map.of());
    kit.store.close();
    kit.init();

    assertThat(kit.store.committedOffset(StoreKit.CHANGELOG)).isEqualTo(-1);
    assertThat(row(FIRST)).isNull();
  }

  @Test
  void unknownQueriesAreSaidToBeUnknown() {
    assertThat(kit.result(KeyQuery.withKey(1)).getFailureReason())
        .isEqualTo(FailureReason.UNKNOWN_QUERY_TYPE);
  }

  @Test
  void theTaskIsToldWhenItsWritesGrowLarge() {
    assertThat(kit.databases.wantsCommit()).isFalse();
    kit.put("x".getBytes(UTF_8), new byte[9 * 1024 * 1024]);
    assertThat(kit.databases.wantsCommit()).isTrue();
    kit.commit();
    assertThat(kit.databases.wantsCommit()).isFalse();
  }

  private byte[] row(Letter letter) {
    return kit.store.get(Bytes.wrap(RowKey.letter(letter.id())));
  }

  private static PageQuery all() {
    return PageQuery.newest(LetterFilter.ALL, 50);
  }
}
