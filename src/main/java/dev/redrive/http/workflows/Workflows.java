// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.workflows;

import dev.redrive.config.Role;
import dev.redrive.http.Route;
import dev.redrive.http.workflows.WorkflowActions.Mode;
import dev.redrive.preview.Previews;
import dev.redrive.query.CommandSender;
import dev.redrive.query.LetterReader;
import java.time.Clock;
import java.util.List;

/** The workflows family's operations. */
public record Workflows(
    LetterReader letters, CommandSender commands, Previews previews, Clock clock) {
  private static final String WORKFLOWS = "/v2/workflows/dlq";
  private static final String MESSAGES = "/v2/dlq";

  public List<Route> routes() {
    WorkflowReads reads = new WorkflowReads(letters, previews, clock);
    WorkflowActions actions = new WorkflowActions(reads, commands, clock);
    return List.of(
        Route.get(WORKFLOWS, Role.VIEWER, reads::list),
        Route.get(WORKFLOWS + "/{id}", Role.VIEWER, reads::get),
        Route.delete(WORKFLOWS, Role.OPERATOR, actions::deleteMany),
        Route.delete(WORKFLOWS + "/{id}", Role.OPERATOR, actions::delete),
        sendMany(WORKFLOWS + "/restart", actions, Mode.RESTART),
        send(WORKFLOWS + "/restart/{id}", actions, Mode.RESTART),
        sendMany(WORKFLOWS + "/resume", actions, Mode.RESUME),
        send(WORKFLOWS + "/resume/{id}", actions, Mode.RESUME),
        Route.post(WORKFLOWS + "/callback/{id}", Role.OPERATOR, actions::rerunCallback),
        Route.delete(WORKFLOWS + "/callback/{id}", Role.OPERATOR, actions::cancelCallback),
        Route.get(MESSAGES, Role.VIEWER, reads::list),
        Route.get(MESSAGES + "/{id}", Role.VIEWER, reads::get),
        Route.delete(MESSAGES, Role.OPERATOR, actions::deleteMany),
        Route.delete(MESSAGES + "/{id}", Role.OPERATOR, actions::delete),
        sendMany(MESSAGES + "/retry", actions, Mode.RETRY),
        send(MESSAGES + "/retry/{id}", actions, Mode.RETRY));
  }

  private static Route sendMany(String path, WorkflowActions actions, Mode mode) {
    return Route.post(path, Role.OPERATOR, request -> actions.sendMany(request, mode));
  }

  private static Route send(String path, WorkflowActions actions, Mode mode) {
    return Route.post(path, Role.OPERATOR, request -> actions.send(request, mode));
  }
}
