// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.effects;

import dev.redrive.letter.LetterId;
import dev.redrive.letter.Original;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Originals between their reading and their replay. They are held in memory only, since the ledger
 * has no room for them, and not for long: whoever finds nothing here asks for the reading anew.
 */
public final class FetchedOriginals {
  private static final long BUDGET = 64L * 1024 * 1024;

  /** What is reserved for a record of unknown size. */
  private static final long USUAL = 256 * 1024;

  private static final Duration KEPT = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final Map<Key, Slot> slots = new LinkedHashMap<>();
  private long bytes;

  private record Key(LetterId letter, Original original) {}

  /**
   * @param at when it was reserved or filled, epoch milliseconds
   */
  private record Slot(long bytes, @Nullable Fetched fetched, long at) {}

  public FetchedOriginals(InstantSource clock) {
    this.clock = clock;
  }

  /** Makes room for one that is to be read; false: there is none now. */
  public synchronized boolean reserve(LetterId letter, Original original) {
    dropOld();
    Key key = new Key(letter, original);
    long expected = original.bytes() < 0 ? USUAL : original.bytes();
    if (slots.containsKey(key)) {
      return true;
    }
    if (!slots.isEmpty() && bytes + expected > BUDGET) {
      return false;
    }
    fill(key, new Slot(expected, null, clock.millis()));
    return true;
  }

  /** What was found, for who asked. */
  public synchronized void put(LetterId letter, Original original, Fetched fetched) {
    fill(new Key(letter, original), new Slot(size(fetched), fetched, clock.millis()));
  }

  /** Nothing came of the reading. */
  public synchronized void drop(LetterId letter, Original original) {
    remove(new Key(letter, original));
  }

  /** What was found, once. */
  public synchronized Optional<Fetched> take(LetterId letter, Original original) {
    Key key = new Key(letter, original);
    Slot slot = slots.get(key);
    if (slot == null || slot.fetched() == null) {
      return Optional.empty();
    }
    remove(key);
    return Optional.of(slot.fetched());
  }

  private void fill(Key key, Slot slot) {
    remove(key);
    slots.put(key, slot);
    bytes += slot.bytes();
  }

  private void remove(Key key) {
    Slot old = slots.remove(key);
    bytes -= old == null ? 0 : old.bytes();
  }

  private void dropOld() {
    long before = clock.millis() - KEPT.toMillis();
    Iterator<Slot> eldest = slots.values().iterator();
    while (eldest.hasNext()) {
      Slot slot = eldest.next();
      if (slot.at() >= before) {
        return;
      }
      bytes -= slot.bytes();
      eldest.remove();
    }
  }

  private static long size(Fetched fetched) {
    if (!(fetched instanceof Fetched.Found found)) {
      return 1;
    }
    long size = found.record().key() == null ? 1 : found.record().key().size();
    size += found.record().value() == null ? 0 : found.record().value().size();
    return size
        + found.record().headers().stream()
            .mapToLong(header -> 64L + (header.value() == null ? 0 : header.value().size()))
            .sum();
  }
}
