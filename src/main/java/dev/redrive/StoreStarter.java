// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import dev.redrive.config.PipelineSettings;
import dev.redrive.config.Settings;
import dev.redrive.config.StoreSettings;
import dev.redrive.preview.Masks;
import dev.redrive.store.LetterDatabases;
import dev.redrive.store.StoreSettings.WriteAheadLog;
import dev.redrive.thread.DaemonThreads;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Opens the letter stores as the settings have them. */
final class StoreStarter {
  private static final Duration SWEEP_DATABASES = Duration.ofMinutes(1);

  private StoreStarter() {}

  static LetterDatabases open(Settings settings, Clock clock, Masks masks) {
    return new LetterDatabases(storeSettings(settings.store()), clock, masks, kept(settings));
  }

  /** Removes databases that nobody has used for long, from time to time. */
  static AutoCloseable sweeping(LetterDatabases databases) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("redrive-letter-databases"));
    long every = SWEEP_DATABASES.toMillis();
    Future<?> sweeps =
        thread.scheduleWithFixedDelay(databases::sweep, every, every, TimeUnit.MILLISECONDS);
    return () -> {
      sweeps.cancel(false);
      thread.shutdownNow();
    };
  }

  private static dev.redrive.store.StoreSettings storeSettings(StoreSettings settings) {
    dev.redrive.store.StoreSettings defaults = dev.redrive.store.StoreSettings.DEFAULTS;
    return new dev.redrive.store.StoreSettings(
        defaults.directory(),
        settings.blockCache().bytes(),
        settings.writeBuffers().bytes(),
        switch (settings.wal()) {
          case ON -> WriteAheadLog.ON;
          case OFF -> WriteAheadLog.OFF;
          case FSYNC -> WriteAheadLog.SYNC;
        },
        defaults.commitAtBytes(),
        defaults.wipeAfter(),
        defaults.removeAfter());
  }

  /** The pipelines that keep letters for a time only. */
  private static Set<String> kept(Settings settings) {
    return settings.pipelines().stream()
        .filter(pipeline -> pipeline.retention().isPresent())
        .map(PipelineSettings::id)
        .collect(Collectors.toSet());
  }
}
