// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.config.Role;
import dev.redrive.http.desk.Desk;
import dev.redrive.http.pipelines.PipelineIndex;
import dev.redrive.http.pipelines.Pipelines;
import dev.redrive.http.workflows.Workflows;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The API families, which show the same letters in the words of three vendors.
 *
 * @param declared ids of the pipelines that the settings name
 * @param agent who processes the records of a pipeline again, by the pipeline's id
 */
public record Families(Desk desk, Set<String> declared, UnaryOperator<String> agent) {

  public List<Route> routes() {
    List<Route> routes = new ArrayList<>(desk.routes());
    routes.addAll(
        new Pipelines(
                desk.letters(),
                desk.runs(),
                desk.commands(),
                desk.previews(),
                declared,
                agent,
                desk.clock())
            .routes());
    routes.addAll(
        new Workflows(desk.letters(), desk.commands(), desk.previews(), desk.clock()).routes());
    routes.add(
        Route.get(
            "/api/pipelines",
            Role.VIEWER,
            new PipelineIndex(desk.letters(), declared, agent, desk.pipelineName())::list));
    return routes;
  }
}
