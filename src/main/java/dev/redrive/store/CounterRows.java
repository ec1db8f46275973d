// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.UnreadableBytesException;
import dev.redrive.letter.LetterState.Status;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How counters lie on disk. A name ({@link Counted.Name}) has a number, and the counts of 128
 * numbers in one bucket of time share a row: a window of a month is then read in about a thousand
 * rows instead of a hundred thousand, and a storm writes as few.
 *
 * <p>Key of a row of counts: what is counted, the span, the bucket in ascending order, the numbers
 * divided by 128. Value: for each number that has letters the rest of that division and three
 * varints (pending, retrying, parked). A row without counts is not there.
 */
final class CounterRows {
  static final int NUMBERS = 128;
  static final int STATUSES = Status.values().length;
  private static final int BUCKET_AT = 2;
  private static final int CHUNK_AT = BUCKET_AT + Long.BYTES;

  private CounterRows() {}

  static byte[] key(Counted by, Span span, long bucket, long chunk) {
    return new KeyWriter().u8(by.id()).u8(span.id()).ascending(bucket).ascending(chunk).done();
  }

  /** Where the rows of a bucket begin. */
  static byte[] from(Counted by, Span span, long bucket) {
    return new KeyWriter().u8(by.id()).u8(span.id()).ascending(bucket).done();
  }

  static long bucket(byte[] key) {
    return new KeyReader(key, BUCKET_AT).ascending();
  }

  static long chunk(byte[] key) {
    return new KeyReader(key, CHUNK_AT).ascending();
  }

  /** Adds a row's counts; {@code into} has {@link #STATUSES} places for each number. */
  static void add(byte[] row, long[] into) {
    int at = 0;
    while (at < row.length) {
      int place = (row[at++] & 0xFF) * STATUSES;
      if (place >= into.length) {
        throw new UnreadableBytesException("a counter row of an unknown layout");
      }
      for (int status = 0; status < STATUSES; status++) {
        long count = 0;
        int shift = 0;
        byte part;
        do {
          if (at == row.length) {
            throw new UnreadableBytesException("a counter row ends early");
          }
          part = row[at++];
          count |= (part & 0x7FL) << shift;
          shift += 7;
        } while (part < 0);
        into[place + status] += count;
      }
    }
  }

  /** The counts as a row; null: there are none. */
  static byte @Nullable [] row(long[] counts) {
    byte[] row = new byte[64];
    int size = 0;
    for (int number = 0; number < NUMBERS; number++) {
      if (isZero(counts, number)) {
        continue;
      }
      if (size + 1 + STATUSES * 10 > row.length) {
        row = Arrays.copyOf(row, 2 * row.length);
      }
      row[size++] = (byte) number;
      for (int status = 0; status < STATUSES; status++) {
        long rest = counts[number * STATUSES + status];
        while ((rest & ~0x7FL) != 0) {
          row[size++] = (byte) (rest | 0x80);
          rest >>>= 7;
        }
        row[size++] = (byte) rest;
      }
    }
    return size == 0 ? null : Arrays.copyOf(row, size);
  }

  /** All letters of a name, whatever their status. */
  static long total(Counted by, Counted.Name name, LetterDatabase database) {
    Long number = database.names().number(by, name, key -> database.get(Family.COUNTERS, key));
    if (number == null) {
      return 0;
    }
    byte[] row = database.get(Family.COUNTERS, key(by, Span.ALL, 0, number / NUMBERS));
    long[] counts = new long[NUMBERS * STATUSES];
    if (row != null) {
      add(row, counts);
    }
    int at = (int) (number % NUMBERS) * STATUSES;
    return Arrays.stream(counts, at, at + STATUSES).sum();
  }

  static boolean isZero(long[] counts, int number) {
    for (int status = 0; status < STATUSES; status++) {
      if (counts[number * STATUSES + status] != 0) {
        return false;
      }
    }
    return true;
  }
}
