// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The small part of a letter: what changes, and what it is found by.
 *
 * @param facts of the last failure, under the letter's own identity
 * @param createdAt when Redrive first saw it, epoch milliseconds
 * @param updatedAt of the last change, epoch milliseconds
 * @param firstFailedAt epoch milliseconds
 * @param attemptCount failed attempts that Redrive saw: 1 after the first failure, 0 for a manual
 *     letter
 * @param attempt number of the last replay, 0 before the first
 * @param awaited replays whose outcome nobody has told yet, oldest first: an attempt settles once
 * @param lastRunId our retry run if the last failure came back from one, else the producer's
 * @param change number of the partition's change that wrote it
 */
public record LetterHead(
    FailureFacts facts,
    long createdAt,
    long updatedAt,
    long firstFailedAt,
    int attemptCount,
    int attempt,
    List<Integer> awaited,
    @Nullable String lastRunId,
    LetterState state,
    long change) {

  /** More replays than this without any news are not worth remembering one by one. */
  static final int MAX_AWAITED = 32;

  public LetterHead {
    awaited = List.copyOf(awaited);
  }

  public LetterState.Status status() {
    return state.status();
  }

  /** When the replay that is out is given up, epoch milliseconds. */
  public OptionalLong due() {
    return state instanceof LetterState.Retrying retrying
        ? OptionalLong.of(retrying.until())
        : OptionalLong.empty();
  }

  /** When automatic retry replays it, epoch milliseconds; empty where it does not. */
  public OptionalLong retryAt() {
    return state instanceof LetterState.Pending pending && pending.retryAt() != null
        ? OptionalLong.of(pending.retryAt())
        : OptionalLong.empty();
  }

  /** The same in another state. */
  LetterHead in(LetterState next) {
    return new LetterHead(
        facts,
        createdAt,
        updatedAt,
        firstFailedAt,
        attemptCount,
        attempt,
        awaited,
        lastRunId,
        next,
        change);
  }

  /** The same, last tried by this run. */
  LetterHead triedBy(String runId) {
    return new LetterHead(
        facts,
        createdAt,
        updatedAt,
        firstFailedAt,
        attemptCount,
        attempt,
        awaited,
        runId,
        state,
        change);
  }

  public LetterHead withChange(long number) {
    return new LetterHead(
        facts,
        createdAt,
        updatedAt,
        firstFailedAt,
        attemptCount,
        attempt,
        awaited,
        lastRunId,
        state,
        number);
  }
}
