// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import org.jspecify.annotations.Nullable;

/**
 * Where a letter stands. A letter that is resolved, discarded or expired is gone, so it has no
 * state.
 */
public sealed interface LetterState {

  /** The word for it in filters, JSON and metrics. */
  Status status();

  enum Status {
    PENDING,
    RETRYING,
    PARKED
  }

  /**
   * Waits for somebody to replay or discard it.
   *
   * @param unconfirmed its last replay was sent and nothing was heard of it in time
   * @param reason why the last replay was not sent, for a person; or null
   * @param retryAt when automatic retry replays it, epoch milliseconds; null: it does not
   */
  record Pending(boolean unconfirmed, @Nullable String reason, @Nullable Long retryAt)
      implements LetterState {
    public static final Pending PLAIN = new Pending(false, null);
    public static final Pending UNCONFIRMED = new Pending(true, null);

    /** One that automatic retry leaves alone. */
    public Pending(boolean unconfirmed, @Nullable String reason) {
      this(unconfirmed, reason, null);
    }

    @Override
    public Status status() {
      return Status.PENDING;
    }

    public Retrying replayed(String runId, int attempt, long since, long until, String target) {
      return new Retrying(runId, attempt, since, until, target);
    }

    public Pending notSent(String why) {
      return new Pending(false, why, retryAt);
    }

    public Pending retriedAt(long time) {
      return new Pending(unconfirmed, reason, time);
    }

    public Parked parked(String why) {
      return new Parked(why);
    }
  }

  /**
   * Was sent to its retry topic and waits for the outcome.
   *
   * @param attempt number of the replay, from 1
   * @param since when it was sent, epoch milliseconds
   * @param until when it is given up as unconfirmed, epoch milliseconds
   * @param target the retry topic
   */
  record Retrying(String runId, int attempt, long since, long until, String target)
      implements LetterState {
    @Override
    public Status status() {
      return Status.RETRYING;
    }

    public Pending failed() {
      return Pending.PLAIN;
    }

    public Pending unconfirmed() {
      return Pending.UNCONFIRMED;
    }

    public Pending notSent(String why) {
      return new Pending(false, why);
    }
  }

  /** Automatic retry must leave it alone; a person's command may replay it. */
  record Parked(String reason) implements LetterState {
    @Override
    public Status status() {
      return Status.PARKED;
    }

    public Retrying replayed(String runId, int attempt, long since, long until, String target) {
      return new Retrying(runId, attempt, since, until, target);
    }
  }
}
