// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import org.jspecify.annotations.Nullable;

/** Where a run stands, as its coordinator sees it. */
public sealed interface RunState {

  /** The word for it in JSON and events. */
  String word();

  /** Whether nothing more will be sent, whatever happens. */
  default boolean ended() {
    return false;
  }

  /** The partitions are counting what is meant. */
  record Selecting() implements RunState {
    @Override
    public String word() {
      return "selecting";
    }
  }

  /**
   * The first few are tried.
   *
   * @param sentAt when the last of them was sent, epoch milliseconds; null: not yet
   */
  record Canary(@Nullable Long sentAt) implements RunState {
    @Override
    public String word() {
      return "canary";
    }
  }

  /** Replays, or waits for the outcomes of the last ones. */
  record Running() implements RunState {
    @Override
    public String word() {
      return "running";
    }
  }

  /**
   * Sends nothing until somebody resumes or cancels it.
   *
   * @param reason for a person
   */
  record Halted(String reason) implements RunState {
    @Override
    public String word() {
      return "halted";
    }
  }

  /** Somebody stopped it; the outcomes of what is out are still counted. */
  record Cancelled() implements RunState {
    @Override
    public String word() {
      return "cancelled";
    }

    @Override
    public boolean ended() {
      return true;
    }
  }

  /** Every letter of the set was attempted, and has settled or told nothing in time. */
  record Completed() implements RunState {
    @Override
    public String word() {
      return "completed";
    }

    @Override
    public boolean ended() {
      return true;
    }
  }
}
