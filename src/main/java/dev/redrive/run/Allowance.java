// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

/** What a coordinator lets a partition do with its share of a run. */
public sealed interface Allowance {

  /** So many replays more, within one slice of time from when this is read. */
  record Some(long count) implements Allowance {}

  /** As fast as it can. */
  record Unlimited() implements Allowance {}

  /** Nothing, until it is allowed again; what was allowed and not used is void. */
  record Hold() implements Allowance {}

  /** Nothing, ever: the run was cancelled. */
  record Stop() implements Allowance {}

  /** The run is history, and its rows are to go. */
  record Forget() implements Allowance {}
}
