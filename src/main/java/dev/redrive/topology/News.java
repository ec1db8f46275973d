// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.EventJson.Cause;
import dev.redrive.command.Command;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Outcome;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.Step;
import dev.redrive.topology.ReplayPlanner.Plan;
import org.jspecify.annotations.Nullable;

/**
 * What came with the news or the command that changes a letter.
 *
 * @param detail the new failure's detail, as {@code DetailCodec} wrote it
 * @param error what an outcome or an addition tells of the error
 * @param cause for the event
 */
record News(@Nullable RawBytes detail, FailureError error, Cause cause) {
  static final News NONE = new News(null, FailureError.UNKNOWN, Cause.UNKNOWN);

  static News of(RawBytes detail) {
    return new News(detail, FailureError.UNKNOWN, Cause.UNKNOWN);
  }

  static News of(Outcome outcome) {
    return new News(null, outcome.error(), new Cause(outcome.runId(), null, null, null, false));
  }

  static News of(Command command, @Nullable String runId) {
    return of(command.meta(), runId);
  }

  static News of(Command.Meta meta, @Nullable String runId) {
    return new News(null, FailureError.UNKNOWN, Cause.of(meta, runId));
  }

  /** A replay's time is over. */
  static News ofSilence(Step step) {
    return step instanceof Step.Remove
        ? NONE.inferred("nothing was heard of the replay within its settle-timeout")
        : NONE;
  }

  News because(String why) {
    return with(cause.runId(), why, cause.inferred());
  }

  /** The same, concluded and told by nobody. */
  News inferred(String why) {
    return with(cause.runId(), why, true);
  }

  /** The same, of this run where it names none itself. */
  News ofRun(@Nullable String runId) {
    return cause.runId() != null || runId == null
        ? this
        : with(runId, cause.reason(), cause.inferred());
  }

  /** The same, with what is sent. */
  News sending(Plan.Send send) {
    return new News(detail, error, cause.in(send.trace()));
  }

  News with(RawBytes newDetail, FailureError newError) {
    return new News(newDetail, newError, cause);
  }

  private News with(@Nullable String runId, @Nullable String reason, boolean inferred) {
    Cause other =
        new Cause(runId, cause.requestedBy(), cause.note(), reason, inferred, cause.trace());
    return new News(detail, error, other);
  }
}
