// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.command.RunCommand;
import dev.redrive.command.RunControl;
import dev.redrive.run.Allowance;
import dev.redrive.run.ShareReport;
import dev.redrive.run.ShareSpec;

/** What the ledger's partitions tell each other about runs. */
public sealed interface RunEntry {

  /** To the coordinator: somebody wants a run. */
  record Start(RunCommand command) implements RunEntry {}

  /** To the coordinator: somebody wants it cancelled or resumed. */
  record Control(RunControl command) implements RunEntry {}

  /** To every partition: this run begins, and here the set is frozen. */
  record Select(ShareSpec spec) implements RunEntry {}

  /** To the coordinator, from a partition. */
  record Reported(String runId, ShareReport report) implements RunEntry {}

  /** To a partition, from the coordinator. */
  record Allowed(String runId, Allowance allowance) implements RunEntry {}
}
