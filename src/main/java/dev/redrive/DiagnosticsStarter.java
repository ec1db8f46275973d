// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import dev.redrive.config.DiagnosticsSettings;
import dev.redrive.config.Settings;
import dev.redrive.diagnostics.Diagnostics;
import dev.redrive.diagnostics.RunBundles;
import dev.redrive.diagnostics.artifact.Artifacts;
import dev.redrive.diagnostics.bundle.RunLog;
import dev.redrive.diagnostics.bundle.RunSources;
import dev.redrive.http.Route;
import dev.redrive.http.desk.Desk;
import dev.redrive.http.diagnostics.ArtifactDoor;
import dev.redrive.http.diagnostics.DiagnosticsPages;
import dev.redrive.query.peer.PeerFiles;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** Opens what makes and keeps artifacts. */
final class DiagnosticsStarter {
  private static final String DIRECTORY = "diagnostics";
  private static final String ALONE = "local";

  private DiagnosticsStarter() {}

  /**
   * Starts it.
   *
   * @param standingRuns ids of runs that may have ended or halted
   * @return its operations, and what peers ask
   */
  static List<Route> start(
      Settings settings,
      Clock clock,
      Opened opened,
      Desk desk,
      @Nullable PeerFiles peers,
      BlockingQueue<String> standingRuns,
      MeterRegistry metrics)
      throws IOException {
    DiagnosticsSettings limits = settings.diagnostics();
    Artifacts artifacts =
        Artifacts.open(
            settings.stateDir().resolve(DIRECTORY),
            new Artifacts.Limits(
                limits.keep(), limits.maxSize().bytes(), limits.maxTotal().bytes()),
            clock);
    register(metrics, artifacts);
    RunSources sources =
        new RunSources(
            desk.runs(),
            desk.letters(),
            desk.groups(),
            desk.previews().masks(),
            Desk.words(desk.previews().masks()));
    Diagnostics diagnostics =
        opened.add(
            Diagnostics.start(
                artifacts,
                opened.add(RunLog.listen()),
                sources,
                peers,
                settings.peers().advertised().map(address -> address.getAuthority()).orElse(ALONE),
                clock));
    if (limits.runBundles()) {
      opened.add(RunBundles.start(standingRuns, diagnostics, desk.runs(), clock));
    }
    List<Route> routes =
        new ArrayList<>(
            new DiagnosticsPages(diagnostics, desk.runs(), limits.heapDumps()).routes());
    settings
        .peers()
        .secret()
        .filter(secret -> peers != null)
        .ifPresent(secret -> routes.add(new ArtifactDoor(secret, diagnostics).route()));
    return routes;
  }

  private static void register(MeterRegistry metrics, Artifacts artifacts) {
    Gauge.builder("redrive.diagnostics.artifacts", artifacts, all -> all.all().size())
        .description("Artifacts of this instance")
        .strongReference(true)
        .register(metrics);
    Gauge.builder("redrive.diagnostics", artifacts, Artifacts::bytes)
        .description("What they take on disk")
        .baseUnit("bytes")
        .strongReference(true)
        .register(metrics);
  }
}
