// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import static dev.redrive.dialect.DeadLetters.nothing;
import static dev.redrive.dialect.DeadLetters.record;
import static dev.redrive.dialect.DeadLetters.utf8;

import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What one convention writes around a record, byte for byte and in its order, so that rules that
 * hold for all conventions can be tried on each.
 *
 * @param trip what becomes of its headers when a record that has them fails again
 * @param block its headers for one failure
 * @param partition the header with the partition; null: it tells none
 * @param offset the header with the offset; null: it tells none
 * @param numbers how it writes these two
 */
record Sample(
    String dialect, Trip trip, Block block, String partition, String offset, Numbers numbers) {

  /** The record's own headers: one with a null value, one twice. */
  static final List<Header> BUSINESS =
      List.of(utf8("trace", "t-1"), nothing("x-tenant"), utf8("tag", "a"), utf8("tag", "b"));

  /** What another failure does to the headers of the one before. */
  enum Trip {
    APPENDS,
    PREPENDS,
    REPLACES,
    /** It replaces all but the first origin, which it never changes. */
    KEEPS_ORIGIN
  }

  enum Numbers {
    DECIMAL,
    BINARY
  }

  /**
   * The headers for a failure of a record that lay there; error is null where it may be left out.
   */
  interface Block {
    List<Header> of(String topic, int partition, long offset, String error);
  }

  @Override
  public String toString() {
    return dialect;
  }

  boolean tellsOfPlaces() {
    return offset != null;
  }

  /** Where the record lay: topic orders, partition 3, offset 17. */
  RawRecord first() {
    List<Header> own = block.of("orders", 3, 17, "a.First");
    return record(
        RawBytes.utf8("k"),
        RawBytes.utf8("v"),
        trip == Trip.PREPENDS ? joined(own, BUSINESS) : joined(BUSINESS, own));
  }

  /** The first, sent to orders-retry with all its headers, where it failed again: 1, 5. */
  RawRecord again() {
    List<Header> newer = block.of("orders-retry", 1, 5, "b.Second");
    List<Header> before = new ArrayList<>(first().headers());
    if (trip == Trip.REPLACES || trip == Trip.KEEPS_ORIGIN) {
      Set<String> own = Set.copyOf(newer.stream().map(Header::name).toList());
      boolean keeps = trip == Trip.KEEPS_ORIGIN;
      before.removeIf(header -> own.contains(header.name()) && !(keeps && isOrigin(header)));
      newer = newer.stream().filter(header -> !(keeps && isOrigin(header))).toList();
    }
    List<Header> all = trip == Trip.PREPENDS ? joined(newer, before) : joined(before, newer);
    return record(RawBytes.utf8("k"), RawBytes.utf8("v"), all);
  }

  private static boolean isOrigin(Header header) {
    return header.name().contains("original-");
  }

  static List<Header> joined(List<Header> first, List<Header> second) {
    List<Header> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  static Header i32(String name, int number) {
    return new Header(name, RawBytes.of(ByteBuffer.allocate(4).putInt(number).array()));
  }

  static Header i64(String name, long number) {
    return new Header(name, RawBytes.of(ByteBuffer.allocate(8).putLong(number).array()));
  }

  static Header dec(String name, long number) {
    return utf8(name, Long.toString(number));
  }
}
