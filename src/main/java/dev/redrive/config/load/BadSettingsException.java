// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import java.util.List;

/** The settings are wrong; the message names every problem, for the person who wrote them. */
public final class BadSettingsException extends Exception {
  private static final long serialVersionUID = 1L;

  BadSettingsException(List<String> problems) {
    super(
        (problems.size() == 1 ? "1 problem" : problems.size() + " problems")
            + " in the settings:\n  "
            + String.join("\n  ", problems));
  }
}
