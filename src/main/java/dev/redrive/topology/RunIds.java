// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.letter.LetterId;

/** Ids of the runs that Redrive makes, derived from the command so that a repeat finds the same. */
final class RunIds {

  private RunIds() {}

  static String of(String commandId) {
    // Any id with a good hash will do; the letter's is one that fits every path.
    return "run_" + LetterId.of("run", commandId).body();
  }
}
