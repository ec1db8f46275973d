// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import java.util.concurrent.atomic.LongAdder;

/** What the graph did since this process started, for metrics and tests. */
public final class LedgerFigures {
  public final LongAdder failures = new LongAdder();
  public final LongAdder redeliveries = new LongAdder();
  public final LongAdder replays = new LongAdder();
  public final LongAdder succeeded = new LongAdder();
  public final LongAdder inferred = new LongAdder();
  public final LongAdder failedAgain = new LongAdder();
  public final LongAdder unconfirmed = new LongAdder();
  public final LongAdder expired = new LongAdder();
  public final LongAdder automaticReplays = new LongAdder();
  public final LongAdder parked = new LongAdder();
  public final LongAdder callbackCalls = new LongAdder();
  public final LongAdder callbacksSucceeded = new LongAdder();
  public final LongAdder callbacksFailed = new LongAdder();
  public final LongAdder callbacksCanceled = new LongAdder();
  public final LongAdder commandsAccepted = new LongAdder();
  public final LongAdder commandsRejected = new LongAdder();
  public final LongAdder outcomesUnreadable = new LongAdder();
  public final LongAdder runsStarted = new LongAdder();
  public final LongAdder runsCompleted = new LongAdder();
  public final LongAdder runsHalted = new LongAdder();
  public final LongAdder runsCancelled = new LongAdder();
  public final LongAdder runLettersRefused = new LongAdder();
  public final LongAdder groupsAppeared = new LongAdder();
  public final LongAdder groupsRegressed = new LongAdder();
  public final LongAdder originalsFound = new LongAdder();
  public final LongAdder originalsGone = new LongAdder();
  public final LongAdder originalsFailed = new LongAdder();
  public final LongAdder offsetResets = new LongAdder();
}
