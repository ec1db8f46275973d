// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.pipelines;

import dev.redrive.config.Role;
import dev.redrive.http.Route;
import dev.redrive.preview.Previews;
import dev.redrive.query.CommandSender;
import dev.redrive.query.LetterReader;
import dev.redrive.query.RunReader;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The pipelines family's operations.
 *
 * @param declared ids of the pipelines that the settings name
 * @param agent who processes the records of a pipeline again, by the pipeline's id
 */
public record Pipelines(
    LetterReader letters,
    RunReader runs,
    CommandSender commands,
    Previews previews,
    Set<String> declared,
    UnaryOperator<String> agent,
    Clock clock) {
  private static final String LETTERS = "/v2/pipelines/{key}/dead_letters";
  private static final String RUNS = "/v2/pipelines/{key}/runs";

  public List<Route> routes() {
    KnownPipelines known = new KnownPipelines(declared, letters, runs);
    EntryReads reads = new EntryReads(known, letters, previews, clock);
    EntryActions actions = new EntryActions(known, reads, commands);
    PipelineRuns processing = new PipelineRuns(known, runs, commands, agent);
    RunEvents events = new RunEvents(known, processing, runs, letters);
    return List.of(
        Route.get(LETTERS, Role.VIEWER, reads::list),
        Route.post(LETTERS, Role.OPERATOR, actions::add),
        Route.get(LETTERS + "/{id}", Role.VIEWER, reads::get),
        Route.delete(LETTERS + "/{id}", Role.OPERATOR, actions::delete),
        Route.post(LETTERS + "/process", Role.OPERATOR, processing::process),
        Route.get(RUNS, Role.VIEWER, processing::list),
        Route.get(RUNS + "/{run}", Role.VIEWER, processing::get),
        Route.post(RUNS + "/{run}/cancel", Role.OPERATOR, processing::cancel),
        Route.get(RUNS + "/{run}/events", Role.VIEWER, events::list));
  }
}
