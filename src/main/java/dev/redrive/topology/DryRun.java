// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.Letter;
import dev.redrive.letter.Refusal;
import dev.redrive.run.PlanCell;
import dev.redrive.run.ShareSpec;
import dev.redrive.topology.ReplayPlanner.Plan;
import dev.redrive.topology.ReplayPlanner.Wish;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a run would do with a letter, without doing it. */
final class DryRun {

  private DryRun() {}

  /**
   * What was found.
   *
   * @param cell where the letter counts
   * @param topic the retry topic that is still being looked up; null: all is known
   */
  record Look(PlanCell cell, @Nullable String topic) {}

  static Look look(ReplayPlanner planner, ShareSpec spec, Letter letter, long since, long now) {
    FailureFacts facts = letter.head().facts();
    if (spec.discards()) {
      return new Look(new PlanCell(facts.pipelineId(), facts.errorCode(), null, null), null);
    }
    Wish wish = new Wish(spec.command().meta(), spec.command().options().priority());
    Plan plan =
        planner.plan(letter.id(), letter.head(), letter.detail(), wish, spec.runId(), since, now);
    String refusal =
        plan instanceof Plan.Refuse refuse
            ? word(refuse.refusal().code())
            : plan instanceof Plan.Later ? word(Refusal.Code.TARGET_UNKNOWN) : null;
    PlanCell cell =
        new PlanCell(facts.pipelineId(), facts.errorCode(), planner.target(facts), refusal);
    return new Look(cell, plan instanceof Plan.Later later ? later.topic() : null);
  }

  private static String word(Refusal.Code code) {
    return code.name().toLowerCase(Locale.ROOT);
  }
}
