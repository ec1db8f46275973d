// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How many replays a pipeline had lately, by minute: what a limit per hour is held against. A
 * minute counts as long as any part of it lies within the last hour, so that no hour, wherever it
 * begins, has more than the limit.
 *
 * @param minutes those that had any, the earliest first
 */
public record HourlyCount(List<Minute> minutes) {
  public static final HourlyCount NONE = new HourlyCount(List.of());

  private static final int VERSION = 1;
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();
  private static final long HOUR = Duration.ofHours(1).toMillis();

  /**
   * One minute.
   *
   * @param number since the epoch
   */
  public record Minute(long number, int replays) {}

  public HourlyCount {
    minutes = List.copyOf(minutes);
  }

  /** Replays of the last hour, and of the minute in which it began. */
  public long within(long now) {
    return minutes.stream()
        .filter(minute -> forgetAt(minute) > now)
        .mapToLong(Minute::replays)
        .sum();
  }

  /** The same, with one more. */
  public HourlyCount plus(long now) {
    long number = Math.floorDiv(now, MINUTE);
    List<Minute> kept = new ArrayList<>();
    int replays = 1;
    for (Minute minute : minutes) {
      if (minute.number == number) {
        replays += minute.replays;
      } else if (forgetAt(minute) > now) {
        kept.add(minute);
      }
    }
    kept.add(new Minute(number, replays));
    return new HourlyCount(kept);
  }

  /** When the next of them leaves the hour, epoch milliseconds. */
  public long nextLeaves(long now) {
    return minutes.stream()
        .mapToLong(HourlyCount::forgetAt)
        .filter(at -> at > now)
        .min()
        .orElse(now);
  }

  public byte[] encode() {
    long forgetAt = minutes.stream().mapToLong(HourlyCount::forgetAt).max().orElse(0);
    return new ByteWriter(64)
        .u8(VERSION)
        .number(forgetAt)
        .list(minutes, (out, minute) -> out.number(minute.number).number(minute.replays))
        .done();
  }

  public static HourlyCount decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version("a count of replays", VERSION);
    in.number();
    HourlyCount count = new HourlyCount(in.list(each -> new Minute(each.number(), each.integer())));
    in.end("a count of replays");
    return count;
  }

  private static long forgetAt(Minute minute) {
    return (minute.number + 1) * MINUTE + HOUR;
  }
}
