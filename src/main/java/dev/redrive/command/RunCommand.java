// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.command;

import java.util.Locale;

/** A command on many letters: it starts a run. */
public record RunCommand(Action action, Meta meta, RunTarget target, RunOptions options)
    implements Command {

  /** What is done with each of them. */
  public enum Action {
    REPLAY,
    DISCARD
  }

  @Override
  public String word() {
    return action.name().toLowerCase(Locale.ROOT);
  }

  /** Whether it takes the one slot that its pipeline has for runs. */
  public boolean takesSlot() {
    Boolean told = options.exclusive();
    boolean asked = told == null ? action == Action.REPLAY && target.isWholePipeline() : told;
    return asked && !options.dryRun() && target.onlyPipeline().isPresent();
  }

  /** The same on other letters. */
  public RunCommand on(RunTarget other) {
    return new RunCommand(action, meta, other, options);
  }
}
