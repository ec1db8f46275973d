// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.command;

import java.util.Locale;

/** A command to a run that was started before. */
public record RunControl(Verb verb, Meta meta, String runId) implements Command {

  /** What it is to do. */
  public enum Verb {
    CANCEL,
    RESUME
  }

  @Override
  public String word() {
    return verb.name().toLowerCase(Locale.ROOT);
  }
}
