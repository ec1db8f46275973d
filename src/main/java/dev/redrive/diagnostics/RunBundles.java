// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics;

import dev.redrive.diagnostics.artifact.ArtifactId;
import dev.redrive.diagnostics.artifact.ArtifactRefusedException;
import dev.redrive.diagnostics.bundle.RunFailures;
import dev.redrive.query.Reading.Read;
import dev.redrive.query.RunReader;
import dev.redrive.run.Run;
import dev.redrive.thread.DaemonThreads;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each run that had failures its bundle, when it ends or halts. The ledger says which runs to
 * look at; it says so before its transaction is committed, and again after a take-over, so what
 * counts is what can be read of the run, and whether some instance has its bundle already.
 */
public final class RunBundles implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(RunBundles.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  /** A transaction that is not committed after so many was aborted, and its run will come again. */
  private static final int LOOKS = 120;

  private final BlockingQueue<String> standing;
  private final Diagnostics diagnostics;
  private final RunReader runs;
  private final InstantSource clock;
  private final Map<String, Integer> looks = new LinkedHashMap<>();
  private final ScheduledExecutorService thread;

  private RunBundles(
      BlockingQueue<String> standing,
      Diagnostics diagnostics,
      RunReader runs,
      InstantSource clock) {
    this.standing = standing;
    this.diagnostics = diagnostics;
    this.runs = runs;
    this.clock = clock;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("redrive-run-bundles"));
  }

  /**
   * Begins to look.
   *
   * @param standing ids of runs that may have come to their end or halted
   */
  public static RunBundles start(
      BlockingQueue<String> standing,
      Diagnostics diagnostics,
      RunReader runs,
      InstantSource clock) {
    RunBundles bundles = new RunBundles(standing, diagnostics, runs, clock);
    var unused =
        bundles.thread.scheduleWithFixedDelay(
            bundles::look,
            BETWEEN_LOOKS.toMillis(),
            BETWEEN_LOOKS.toMillis(),
            TimeUnit.MILLISECONDS);
    return bundles;
  }

  /** A run may stand. Returns at once; where too many wait already, the log says so. */
  public static void tell(BlockingQueue<String> standing, String runId) {
    if (!standing.offer(runId)) {
      LOGGER
          .atWarn()
          .addKeyValue("run_id", runId)
          .log("too many runs have ended at once; this one gets no bundle unless it is asked for");
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void look() {
    for (String runId = standing.poll(); runId != null; runId = standing.poll()) {
      looks.put(runId, LOOKS);
    }
    looks.entrySet().removeIf(run -> done(run.getKey()) || run.setValue(run.getValue() - 1) <= 1);
  }

  /** False: it is to be looked at again. */
  private boolean done(String runId) {
    try {
      Optional<Run> standingNow = read(runId).filter(RunFailures::stands);
      if (standingNow.isPresent() && RunFailures.wanted(standingNow.get(), clock.millis())) {
        Run run = standingNow.get();
        diagnostics.bundleOnce(run, ArtifactId.of("run-bundle", RunFailures.place(run)));
      }
      return standingNow.isPresent();
    } catch (ArtifactRefusedException | IOException e) {
      LOGGER.atWarn().addKeyValue("run_id", runId).setCause(e).log("a run gets no bundle");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // The edge of this thread: one run must not keep the others from theirs.
      LOGGER.atError().addKeyValue("run_id", runId).setCause(e).log("a run gets no bundle");
    }
    return true;
  }

  private Optional<Run> read(String runId) {
    return runs.run(runId) instanceof Read<Optional<Run>> read ? read.value() : Optional.empty();
  }
}
