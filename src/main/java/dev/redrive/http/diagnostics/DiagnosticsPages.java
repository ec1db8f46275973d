// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.diagnostics;

import dev.redrive.config.Role;
import dev.redrive.diagnostics.Diagnostics;
import dev.redrive.http.Route;
import dev.redrive.http.desk.Desk;
import dev.redrive.query.RunReader;
import java.util.List;

/**
 * The desk's operations on artifacts.
 *
 * @param heapDumps whether admins may ask for them
 */
public record DiagnosticsPages(Diagnostics diagnostics, RunReader runs, boolean heapDumps) {

  public List<Route> routes() {
    ArtifactReads reads = new ArtifactReads(diagnostics);
    Download download = new Download(diagnostics);
    ArtifactActions actions = new ArtifactActions(diagnostics, runs, Desk::sees, heapDumps);
    return List.of(
        Route.get("/api/diagnostics", Role.VIEWER, reads::list),
        Route.post("/api/diagnostics", Role.OPERATOR, actions::make),
        Route.get("/api/diagnostics/stats", Role.VIEWER, reads::statistics),
        Route.post("/api/diagnostics/uploads", Role.OPERATOR, actions::upload),
        Route.get("/api/diagnostics/{id}", Role.VIEWER, reads::get),
        Route.delete("/api/diagnostics/{id}", Role.OPERATOR, actions::delete),
        Route.get("/api/diagnostics/{id}/download", Role.VIEWER, download::get));
  }
}
