// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.HeadCodec;
import dev.redrive.codec.IntakeMark;
import dev.redrive.codec.LetterRow;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Compares the rows of a database with all that was derived from them, by deriving it once more.
 * Reads a directory without changing it, also one that a killed process has left.
 */
public final class StoreAudit implements AutoCloseable {
  private final RocksMemory memory = new RocksMemory(StoreSettings.DEFAULTS);
  private final LetterDatabase database;

  private StoreAudit(Path directory) {
    this.database = LetterDatabase.openReadOnly(directory, memory);
  }

  /**
   * Opens a database that no process has open.
   *
   * @param directory of one store's partition
   */
  public static StoreAudit of(Path directory) {
    return new StoreAudit(directory);
  }

  /** What does not follow from the rows, or is missing; empty: all agrees. */
  public List<String> disagreements() {
    return database.read(StoreAudit::disagreements);
  }

  /** The changelog partitions and the offsets up to which their records are in the rows. */
  public Map<TopicPartition, Long> changelogOffsets() {
    return database.read(
        view -> {
          Map<TopicPartition, Long> offsets = new HashMap<>();
          view.scan(
              Family.META,
              new byte[] {Meta.OFFSET},
              new byte[] {Meta.OFFSET + 1},
              false,
              (key, value) -> {
                offsets.put(Meta.changelog(key), Meta.number(value, -1));
                return true;
              });
          return offsets;
        });
  }

  /**
   * Whether the process died while it restored: then rows may be newer than {@link
   * #changelogOffsets} says, never older.
   */
  public boolean isAheadOfOffset() {
    return database.get(Family.META, Meta.AHEAD) != null;
  }

  /** Number of letters as it was counted, not recounted. */
  public long letters() {
    return Meta.number(database.get(Family.META, Meta.LETTERS), 0);
  }

  /** Shows every row, in the order of the keys. */
  public void forEachRow(BiConsumer<byte[], byte[]> visitor) {
    database.read(
        view -> {
          view.scan(
              Family.ROWS,
              (key, value) -> {
                visitor.accept(key, value);
                return true;
              });
          return 0;
        });
  }

  @Override
  public void close() {
    database.close();
    memory.close();
  }

  static List<String> disagreements(View view) {
    return new Expected(view).disagreements();
  }

  /** What must be there if the rows are right. */
  private static final class Expected {
    private final View view;
    private final KeyWriter out = new KeyWriter();
    private final Map<String, String> index = new TreeMap<>();
    private final Set<String> arrivals;
    private final CounterAudit counters = new CounterAudit();
    private final Map<String, IntakeMark> marks = new TreeMap<>();
    private long change;
    private long letters;

    Expected(View view) {
      this.view = view;
      this.arrivals = ArrivalIndex.decode(view.get(Family.META, Meta.ARRIVALS));
      view.scan(
          Family.ROWS,
          (key, value) -> {
            row(key, value);
            return true;
          });
    }

    private void row(byte[] key, byte[] value) {
      switch (key[0]) {
        case RowKey.LETTER -> {
          LetterId id = RowKey.letterId(key);
          byte[] head = view.get(Family.ROWS, RowKey.head(id));
          LetterHead own = LetterRow.head(value);
          told(own);
          letter(id, head == null ? own : HeadCodec.decode(head));
        }
        case RowKey.HEAD -> told(HeadCodec.decode(value));
        case RowKey.MARK -> marks.merge(hex(key), IntakeMark.decode(value), Expected::higher);
        case RowKey.CHANGE -> change = Math.max(change, Meta.number(value, 0));
        default -> {
          if (DueIndex.has(key[0])) {
            expect(DueIndex.ofRow(key, value, out));
          }
        }
      }
    }

    private void letter(LetterId id, LetterHead head) {
      letters++;
      List<DerivedRow> rows = new ArrayList<>();
      LetterIndex.rowsOf(id, head, out, rows);
      DueIndex.rowsOf(id, head, out, rows);
      ArrivalIndex.rowsOf(id, head, arrivals, out, rows);
      rows.forEach(this::expect);
      counters.count(head);
    }

    private void told(LetterHead head) {
      change = Math.max(change, head.change());
      if (head.facts().position().exists()) {
        marks.merge(
            hex(RowKey.mark(head.facts().position())),
            IntakeMark.of(head.facts().position()),
            Expected::higher);
      }
    }

    private void expect(DerivedRow row) {
      index.put(hex(row.key()), hex(row.value()));
    }

    List<String> disagreements() {
      List<String> found = new ArrayList<>();
      compareIndex(found);
      counters.compare(view, found);
      HighWater stored = new HighWater();
      stored.load(view);
      compareMarks(stored, found);
      if (stored.change(false) != change) {
        found.add("change number " + stored.change(false) + ", but the rows tell " + change);
      }
      long counted = Meta.number(view.get(Family.META, Meta.LETTERS), 0);
      if (counted != letters) {
        found.add("counted " + counted + " letters, but there are " + letters);
      }
      return found;
    }

    private void compareMarks(HighWater stored, List<String> found) {
      Map<String, IntakeMark> kept = new TreeMap<>();
      stored.marks().forEach((key, mark) -> kept.put(hex(key.get()), mark));
      kept.forEach(
          (key, mark) -> {
            if (!mark.equals(marks.get(key))) {
              found.add("mark " + key + " is " + mark + ", but the rows tell " + marks.get(key));
            }
          });
      marks.forEach(
          (key, mark) -> {
            if (!kept.containsKey(key)) {
              found.add("mark " + key + " is missing: the rows tell " + mark);
            }
          });
    }

    private void compareIndex(List<String> found) {
      Map<String, String> missing = new TreeMap<>(index);
      view.scan(
          Family.INDEX,
          (key, value) -> {
            String name = hex(key);
            String wanted = missing.remove(name);
            if (!hex(value).equals(wanted)) {
              found.add("index row " + name + " is " + hex(value) + ", not " + said(wanted));
            }
            return true;
          });
      missing.forEach((key, value) -> found.add("index row " + key + " is missing: " + value));
    }

    private static String said(@Nullable String wanted) {
      return wanted == null ? "to be there" : wanted;
    }

    private static IntakeMark higher(IntakeMark a, IntakeMark b) {
      return a.compareTo(b) >= 0 ? a : b;
    }

    private static String hex(byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
  }
}
