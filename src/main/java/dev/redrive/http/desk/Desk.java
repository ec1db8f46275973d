// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.config.Role;
import dev.redrive.diagnostics.bundle.RunWords;
import dev.redrive.dialect.DialectRules;
import dev.redrive.http.Caller;
import dev.redrive.http.Route;
import dev.redrive.preview.Masks;
import dev.redrive.preview.Previews;
import dev.redrive.query.CommandSender;
import dev.redrive.query.EventReader;
import dev.redrive.query.GroupReader;
import dev.redrive.query.LetterExports;
import dev.redrive.query.LetterReader;
import dev.redrive.query.RunReader;
import dev.redrive.query.StatisticsReader;
import dev.redrive.run.Run;
import dev.redrive.store.RunLetters;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The desk family's operations.
 *
 * @param newFor how long a failure group that appeared or came back is news
 * @param pipelineName the name of a pipeline, by its id
 * @param rules how error topics are read
 */
public record Desk(
    LetterReader letters,
    StatisticsReader statistics,
    LetterExports exports,
    RunReader runs,
    GroupReader groups,
    EventReader events,
    Duration newFor,
    CommandSender commands,
    Previews previews,
    UnaryOperator<String> pipelineName,
    DialectRules rules,
    BulkPolicy bulk,
    Clock clock) {

  /** Whether somebody may see a run. */
  public static boolean sees(Caller caller, Run run) {
    return RunReads.sees(caller, run);
  }

  /** How runs are written for somebody who may not see through masks. */
  public static RunWords words(Masks masks) {
    return new RunWords() {
      @Override
      public ObjectNode run(Run run, long now) {
        return RunJson.write(run, now, masks::shown);
      }

      @Override
      public ObjectNode letter(RunLetters.Entry letter) {
        return RunJson.write(letter);
      }
    };
  }

  public List<Route> routes() {
    DeskReads reads = new DeskReads(letters, previews, clock);
    DeskStats stats = new DeskStats(statistics, pipelineName, clock);
    DeskGroups groupPages =
        new DeskGroups(
            groups, previews.masks(), pipelineName, rules.grouping(), newFor.toMillis(), clock);
    DeskExport files = new DeskExport(exports, previews, clock);
    DeskActions actions = new DeskActions(letters, commands, clock);
    DialectPages dialects = new DialectPages(rules, clock);
    RunReads runReads = new RunReads(runs, previews.masks(), clock);
    RunActions runActions = new RunActions(runs, commands, runReads);
    BulkActions bulkActions = new BulkActions(letters, commands, runActions, bulk, clock);
    Jobs jobs = new Jobs(runReads, runs, letters, commands);
    EventPages eventPages = new EventPages(events, bulk.cursors());
    JobList jobList = new JobList(runs);
    return List.of(
        Route.post("/api/dlq/bulk", Role.OPERATOR, bulkActions::some),
        Route.post("/api/dlq/bulk-all", Role.OPERATOR, bulkActions::all),
        Route.get("/api/dlq/bulk-operations/{id}", Role.VIEWER, jobs::operation),
        Route.get("/api/v1/jobs", Role.VIEWER, jobList::list),
        Route.get("/api/v1/jobs/{id}", Role.VIEWER, jobs::job),
        Route.get("/api/jobs/{id}", Role.VIEWER, jobs::job),
        Route.post("/api/v1/jobs/{id}/cancel", Role.OPERATOR, jobs::cancel),
        Route.post("/api/runs", Role.OPERATOR, runActions::start),
        Route.get("/api/runs", Role.VIEWER, runReads::list),
        Route.get("/api/runs/{id}", Role.VIEWER, runReads::get),
        Route.get("/api/runs/{id}/letters", Role.VIEWER, runReads::letters),
        Route.post("/api/runs/{id}/cancel", Role.OPERATOR, runActions::cancel),
        Route.post("/api/runs/{id}/resume", Role.OPERATOR, runActions::resume),
        Route.get("/api/dlq", Role.VIEWER, reads::list),
        Route.get("/api/dlq/stats", Role.VIEWER, stats::stats),
        Route.get("/api/dlq/export", Role.VIEWER, files::export),
        Route.get("/api/dlq/{id}", Role.VIEWER, reads::get),
        Route.post("/api/dlq/{id}/reprocess", Role.OPERATOR, actions::reprocess),
        Route.delete("/api/dlq/{id}", Role.OPERATOR, actions::delete),
        Route.get("/api/groups", Role.VIEWER, groupPages::list),
        Route.get("/api/groups/{id}", Role.VIEWER, groupPages::get),
        Route.get("/api/events", Role.VIEWER, eventPages::list),
        Route.get("/api/dialects", Role.VIEWER, dialects::list),
        Route.post("/api/dialects/explain", Role.VIEWER, dialects::explain));
  }
}
