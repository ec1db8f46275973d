// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

/** What happened to a letter: the types of the events topic. */
public enum LetterEvent {
  /** First failure: there is a letter now. */
  FAILED("letter.failed"),
  /** The record failed once more. */
  FAILED_AGAIN("letter.failed_again"),
  /** A command added it. */
  ADDED("letter.added"),
  /** It was sent to its retry topic. */
  REPLAYED("letter.replayed"),
  /** The replay is known to have failed. */
  REPLAY_FAILED("letter.replay_failed"),
  /** The send failed; nothing reached the retry topic. */
  NOT_SENT("letter.not_sent"),
  /** Automatic retry leaves it alone from now on. */
  PARKED("letter.parked"),
  /** Nothing was heard of the replay in time. */
  UNCONFIRMED("letter.unconfirmed"),
  /** The replay worked, and the letter is gone. */
  SUCCEEDED("letter.succeeded"),
  /** Nobody will retry it, and the letter is gone. */
  DISCARDED("letter.discarded"),
  /** It was kept for as long as its pipeline keeps letters, and is gone. */
  EXPIRED("letter.expired"),
  /** A command wants its failure callback called again. */
  CALLBACK_RERUN("letter.callback_rerun"),
  /** Its failure callback answered with a status of 2xx. */
  CALLBACK_SUCCEEDED("letter.callback_succeeded"),
  /** Its failure callback will not be called any more. */
  CALLBACK_FAILED("letter.callback_failed"),
  /** A command gave its failure callback up. */
  CALLBACK_CANCELED("letter.callback_canceled"),
  /** News that came too late to change anything. */
  LATE_NEWS("letter.late_news"),
  /** News of a letter that is not there. */
  UNKNOWN("letter.unknown");

  private final String type;

  LetterEvent(String type) {
    this.type = type;
  }

  /** Whether only its failure callback changed, and nothing that the record is about. */
  public boolean ofCallback() {
    return switch (this) {
      case CALLBACK_RERUN, CALLBACK_SUCCEEDED, CALLBACK_FAILED, CALLBACK_CANCELED -> true;
      default -> false;
    };
  }

  /** The last part of the CloudEvents type, without {@code dev.redrive.} and the version. */
  public String type() {
    return type;
  }
}
