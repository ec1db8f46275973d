// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a run that changes with every decision.
 *
 * @param since when the state was entered, epoch milliseconds
 * @param selectedAt when all partitions had counted, epoch milliseconds
 * @param endedAt epoch milliseconds
 * @param samples what was done by when, the earliest first, to tell the pace
 */
public record Progress(
    RunState state,
    long since,
    @Nullable Long selectedAt,
    @Nullable Long endedAt,
    Bucket bucket,
    FailureWindow window,
    List<Sample> samples) {
  private static final long SAMPLE_EVERY_MS = 2_000;
  private static final int SAMPLES = 6;

  /** At this time, epoch milliseconds, so many letters had been replayed or discarded. */
  public record Sample(long at, long done) {}

  public Progress {
    samples = List.copyOf(samples);
  }

  static Progress started(long now) {
    return new Progress(
        new RunState.Selecting(),
        now,
        null,
        null,
        new Bucket(0, now),
        FailureWindow.EMPTY,
        List.of());
  }

  Progress in(RunState next, long now) {
    return new Progress(
        next, now, selectedAt, next.ended() ? (Long) now : null, bucket, window, samples);
  }

  Progress selected(long now) {
    return new Progress(state, since, now, endedAt, new Bucket(0, now), window, samples);
  }

  Progress with(Bucket other) {
    return new Progress(state, since, selectedAt, endedAt, other, window, samples);
  }

  Progress with(FailureWindow other) {
    return new Progress(state, since, selectedAt, endedAt, bucket, other, samples);
  }

  Progress sampled(long now, long done) {
    if (!samples.isEmpty() && now - samples.get(samples.size() - 1).at < SAMPLE_EVERY_MS) {
      return this;
    }
    List<Sample> more = new ArrayList<>(samples);
    more.add(new Sample(now, done));
    return new Progress(
        state,
        since,
        selectedAt,
        endedAt,
        bucket,
        window,
        more.subList(Math.max(0, more.size() - SAMPLES), more.size()));
  }
}
