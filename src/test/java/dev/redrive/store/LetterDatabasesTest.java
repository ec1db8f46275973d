// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import static dev.redrive.store.Letters.MONDAY;
import static dev.redrive.store.Letters.letter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.RowKey;
import dev.redrive.letter.Letter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

class LetterDatabasesTest {
  private static final Letter LETTER = letter("orders", "1", MONDAY);

  @TempDir Path stateDir;
  private StoreKit kit;

  @BeforeEach
  void open() {
    kit = new StoreKit(stateDir);
    kit.put(LETTER);
    kit.commit();
  }

  @AfterEach
  void close() {
    kit.close();
  }

  @Test
  void theDatabaseLiesBesideTheTaskDirectoryWhichHoldsAMarker() {
    assertThat(kit.directory()).isEqualTo(stateDir.resolve("app-letters").resolve("letters-3"));
    assertThat(kit.directory()).isNotEmptyDirectory();
    assertThat(kit.taskDirectory()).isNotEmptyDirectory();
  }

  @Test
  void theMarkerIsWrittenAgainAtEachInit() throws IOException {
    kit.store.close();
    DatabaseFiles.delete(kit.taskDirectory());

    kit.init();

    assertThat(kit.taskDirectory()).isNotEmptyDirectory();
    assertThat(row()).isNotNull();
  }

  @Test
  void aDatabaseWhoseTaskDirectoryIsGoneIsDeletedAfterAWhile() {
    kit.store.close();
    assertThat(kit.databases.sweep()).isEmpty();
    DatabaseFiles.delete(kit.taskDirectory());

    assertThat(kit.databases.sweep()).isEmpty();
    kit.clock.now += Duration.ofMinutes(9).toMillis();
    assertThat(kit.databases.sweep()).isEmpty();
    kit.clock.now += Duration.ofMinutes(1).toMillis();
    assertThat(kit.databases.sweep()).containsExactly(kit.directory());

    assertThat(kit.directory()).doesNotExist();
  }

  @Test
  void aTaskThatBeginsAgainAfterAnErrorKeepsItsDatabase() {
    kit.store.close();
    DatabaseFiles.delete(kit.taskDirectory());
    assertThat(kit.databases.sweep()).isEmpty();

    kit.init();
    DatabaseFiles.delete(kit.taskDirectory());
    kit.clock.now += Duration.ofHours(1).toMillis();

    assertThat(kit.databases.sweep()).isEmpty();
    assertThat(row()).isNotNull();
  }

  @Test
  void aDatabaseThatLayUnusedForADayIsEmptiedAndRestored() {
    kit.store.close();
    kit.clock.now += Duration.ofHours(24).toMillis() + 1;

    kit.init();

    assertThat(kit.store.committedOffset(StoreKit.CHANGELOG)).isEqualTo(-1);
    assertThat(row()).isNull();
    assertThat(kit.restore(10)).isEqualTo(1);
    assertThat(row()).isNotNull();
  }

  @Test
  void anOpenDatabaseDoesNotAge() {
    kit.clock.now += Duration.ofHours(23).toMillis();
    kit.databases.sweep();
    kit.clock.now += Duration.ofHours(23).toMillis();
    kit.store.close();

    kit.init();

    assertThat(row()).isNotNull();
  }

  @Test
  void aDatabaseOfANewerLayoutIsRestored() throws RocksDBException {
    meta(Meta.LAYOUT, Meta.LAYOUT_VERSION + 1);
    kit.store.close();
    kit.init();

    assertThat(kit.store.committedOffset(StoreKit.CHANGELOG)).isEqualTo(-1);
  }

  @Test
  void anotherVersionsIndexesAreMadeAnew() throws RocksDBException {
    kit.store.database().deleteAll(Family.INDEX);
    Batch stray = kit.store.database().newBatch();
    stray.put(Family.COUNTERS, new byte[] {'h', 1}, Meta.number(5));
    stray.put(Family.META, Meta.DERIVED, Meta.number(LetterIndex.VERSION - 1));
    kit.store.database().write(stray);
    assertThat(kit.audit()).hasSizeGreaterThan(1);

    kit.store.close();
    kit.init();

    assertThat(kit.audit()).isEmpty();
    assertThat(row()).isNotNull();
  }

  @Test
  void theAuditFindsWhatDisagrees() throws RocksDBException {
    kit.store.database().deleteAll(Family.COUNTERS);
    meta(Meta.CHANGE, 99);
    meta(Meta.LETTERS, 7);
    kit.store.close();

    try (StoreAudit audit = StoreAudit.of(kit.directory())) {
      assertThat(audit.disagreements())
          .anyMatch(text -> text.startsWith("names of CODE are []"))
          .anyMatch(text -> text.startsWith("Cell[by=GROUP, span=HOUR"))
          .contains("counted 7 letters, but there are 1", "change number 99, but the rows tell 1");
      assertThat(audit.changelogOffsets()).isEqualTo(Map.of(StoreKit.CHANGELOG, 0L));
      assertThat(audit.isAheadOfOffset()).isFalse();
    }
  }

  @Test
  void theAuditReadsWhatAKilledProcessLeft() throws IOException {
    kit.put(letter("orders", "2", MONDAY));
    kit.commit();
    Path copy = Files.createDirectory(stateDir.resolve("copy"));
    try (var files = Files.list(kit.directory())) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }

    try (StoreAudit audit = StoreAudit.of(copy)) {
      assertThat(audit.disagreements()).isEmpty();
      assertThat(audit.letters()).isEqualTo(2);
      int[] rows = {0};
      audit.forEachRow((key, value) -> rows[0]++);
      assertThat(rows[0]).isEqualTo(2);
    }
  }

  @Test
  void figuresCountWhatWasRestored() {
    kit.store.close();
    DatabaseFiles.delete(kit.directory());
    kit.init();
    kit.restore(10);

    assertThat(kit.figures()).isEqualTo(new StoreFigures("letters", 3, 1, 1, 0, 1, 0L, 0, 1));
  }

  private void meta(byte[] key, long value) throws RocksDBException {
    Batch batch = kit.store.database().newBatch();
    batch.put(Family.META, key, Meta.number(value));
    kit.store.database().write(batch);
  }

  private byte[] row() {
    return kit.store.get(Bytes.wrap(RowKey.letter(LETTER.id())));
  }
}
