// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.filter.DetailView;
import dev.redrive.topology.effects.EffectRunner;
import dev.redrive.topology.topics.GroupProgress;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What every ledger task of this instance shares.
 *
 * @param masked what of a letter a command may look at whose sender may not see through masks
 * @param wantsCommit whether what this thread has not committed yet takes too much memory
 * @param standingRuns hears of runs that may have ended or halted, before that is committed
 */
record LedgerParts(
    PipelineRules pipelines,
    DetailView masked,
    ReplayPlanner planner,
    EffectRunner effects,
    Landings landings,
    GroupProgress progress,
    LedgerFigures figures,
    BooleanSupplier wantsCommit,
    JustCancelled cancelled,
    Consumer<String> standingRuns) {}
