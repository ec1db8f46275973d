// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.header;

import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.letter.Source;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The topics a record failed on, for conventions that append a block of headers each time. Blocks
 * begin with the topic header; values are paired within their block, never by counting each name,
 * since an old block may lack some.
 *
 * @param first the oldest with topic, partition and offset, else the newest
 * @param newest where it failed last
 */
public record Hops(Source first, Source newest) {

  /**
   * The oldest complete place and the newest one.
   *
   * @param read the block of headers {@code [from, to)} as a place, where from may be -1 for a
   *     record without the topic header
   */
  public static Hops read(
      HeaderScan scan, HeaderName topic, BiFunction<Integer, Integer, Source> read) {
    int end = scan.headers().size();
    if (!scan.isRepeated(topic)) {
      Source only = read.apply(0, end);
      return new Hops(only, only);
    }
    List<Integer> starts = scan.all(topic);
    Source newest = read.apply(starts.get(starts.size() - 1), end);
    for (int i = 0; i < starts.size() - 1; i++) {
      Source hop = read.apply(starts.get(i), starts.get(i + 1));
      if (hop.coordinates().isPresent()) {
        return new Hops(hop, newest);
      }
    }
    return new Hops(newest, newest);
  }

  /**
   * As {@link #read}, for a convention that writes its block before those that are there: the first
   * is the newest, the last the oldest.
   */
  public static Hops readNewestFirst(
      HeaderScan scan, HeaderName topic, BiFunction<Integer, Integer, Source> read) {
    int end = scan.headers().size();
    if (!scan.isRepeated(topic)) {
      Source only = read.apply(0, end);
      return new Hops(only, only);
    }
    List<Integer> starts = scan.all(topic);
    Source newest = read.apply(starts.get(0), starts.get(1));
    for (int i = starts.size() - 1; i > 0; i--) {
      int to = i + 1 < starts.size() ? starts.get(i + 1) : end;
      Source hop = read.apply(starts.get(i), to);
      if (hop.coordinates().isPresent()) {
        return new Hops(hop, newest);
      }
    }
    return new Hops(newest, newest);
  }

  /** Partitions and offsets start at 0: some producers write -1 for unknown. */
  public static @Nullable Integer partition(@Nullable Long number) {
    return number == null || number < 0 || number > Integer.MAX_VALUE ? null : number.intValue();
  }

  public static @Nullable Long offset(@Nullable Long number) {
    return number == null || number < 0 ? null : number;
  }

  public static @Nullable Long timestamp(long millis) {
    return millis < 0 ? null : millis;
  }
}
