// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import java.util.List;

/** The topics are not as Redrive needs them; the message names all that is wrong and what to do. */
public final class WrongTopicsException extends Exception {
  private static final long serialVersionUID = 1L;

  WrongTopicsException(List<String> problems) {
    super(
        (problems.size() == 1 ? "1 problem" : problems.size() + " problems")
            + " with the topics:\n  "
            + String.join("\n  ", problems));
  }
}
