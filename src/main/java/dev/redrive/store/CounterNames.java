// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.store.Counted.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that stand for names in {@link CounterRows}, of one open database. A number is given
 * once and never to another name, so what is remembered here of a number is true in every snapshot.
 * A name without letters is forgotten, or codes that occur once would stay for ever.
 *
 * <p>Rows, after the byte of what is counted: {@code n} and the name → its number; {@code i} and
 * the number → its name; {@code x} → the next number.
 */
final class CounterNames {
  private static final int NUMBER_OF = 'n';
  private static final int NAME_OF = 'i';
  private static final int NEXT = 'x';
  private static final int KEPT = 50_000;

  /** So many names of a row, and no more, are asked for one by one. */
  private static final int FEW = 8;

  private final Map<Key, Long> numbers = new ConcurrentHashMap<>();
  private final Map<Numbered, Name> names = new ConcurrentHashMap<>();

  private record Key(Counted by, Name name) {}

  private record Numbered(Counted by, long number) {}

  /** The name of a number that the view has counts of. */
  Name name(View view, Counted by, long number) {
    Numbered key = new Numbered(by, number);
    Name known = names.get(key);
    if (known == null) {
      byte[] row =
          Objects.requireNonNull(
              view.get(Family.COUNTERS, nameOf(by, number)), "a counter without its name");
      known = nameIn(row);
      keep(names, key, known);
    }
    return known;
  }

  /**
   * The names of a row of counts, each at its place in the row. Where several are not remembered
   * the names that lie beside each other are read in one go, which costs a tenth of asking for
   * each.
   */
  @Nullable Name[] ofRow(View view, Counted by, long chunk, long[] counts) {
    long first = chunk * CounterRows.NUMBERS;
    @Nullable Name[] found = new Name[CounterRows.NUMBERS];
    List<Integer> unknown = new ArrayList<>();
    for (int place = 0; place < found.length; place++) {
      if (!CounterRows.isZero(counts, place)) {
        found[place] = names.get(new Numbered(by, first + place));
        if (found[place] == null) {
          unknown.add(place);
        }
      }
    }
    if (unknown.size() <= FEW) {
      unknown.forEach(place -> found[place] = name(view, by, first + place));
    } else {
      view.scan(
          Family.COUNTERS,
          nameOf(by, first),
          nameOf(by, first + found.length),
          false,
          (key, row) -> {
            long number = numberIn(key);
            Name name = nameIn(row);
            found[(int) (number - first)] = name;
            keep(names, new Numbered(by, number), name);
            return true;
          });
    }
    return found;
  }

  /** The name's number; null where it has no letters. */
  @Nullable Long number(Counted by, Name name, Function<byte[], byte @Nullable []> stored) {
    Key key = new Key(by, name);
    Long known = numbers.get(key);
    if (known == null) {
      byte[] row = stored.apply(numberOf(by, name));
      if (row == null) {
        return null;
      }
      known = Meta.number(row, 0);
      keep(numbers, key, known);
    }
    return known;
  }

  /** Gives a name that has none the next number. */
  long add(Counted by, Name name, long number, Batch batch) {
    batch.put(Family.COUNTERS, numberOf(by, name), Meta.number(number));
    batch.put(
        Family.COUNTERS,
        nameOf(by, number),
        new KeyWriter().text(name.pipelineId()).optional(name.value()).done());
    batch.put(Family.COUNTERS, next(by), Meta.number(number + 1));
    keep(numbers, new Key(by, name), number);
    return number;
  }

  void remove(Counted by, Name name, long number, Batch batch) {
    batch.delete(Family.COUNTERS, numberOf(by, name));
    batch.delete(Family.COUNTERS, nameOf(by, number));
    numbers.remove(new Key(by, name));
  }

  static byte[] next(Counted by) {
    return new KeyWriter().u8(by.id()).u8(NEXT).done();
  }

  /** All is made anew. */
  void clear() {
    numbers.clear();
    names.clear();
  }

  static byte[] numberOf(Counted by, Name name) {
    return new KeyWriter()
        .u8(by.id())
        .u8(NUMBER_OF)
        .text(name.pipelineId())
        .optional(name.value())
        .done();
  }

  static byte[] nameOf(Counted by, long number) {
    return new KeyWriter().u8(by.id()).u8(NAME_OF).ascending(number).done();
  }

  private static long numberIn(byte[] key) {
    return new KeyReader(key, 2).ascending();
  }

  private static Name nameIn(byte[] row) {
    KeyReader in = new KeyReader(row);
    return new Name(in.text(), in.optional());
  }

  private static <K, V> void keep(Map<K, V> memory, K key, V value) {
    if (memory.size() >= KEPT) {
      memory.clear();
    }
    memory.put(key, value);
  }
}
