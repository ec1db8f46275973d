// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.run.Run;
import dev.redrive.store.RunLetters;

/** How runs are written over HTTP, so that a bundle says the same in the same words. */
public interface RunWords {

  /**
   * One run.
   *
   * @param now epoch milliseconds
   */
  ObjectNode run(Run run, long now);

  /** What became of one letter. */
  ObjectNode letter(RunLetters.Entry letter);
}
