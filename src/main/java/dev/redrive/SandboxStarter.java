// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import dev.redrive.config.load.SettingsLoader;
import dev.redrive.sandbox.RedriveStarter;
import dev.redrive.topology.topics.WrongTopicsException;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;

/** Starts the instance that the sandbox runs beside its broker. */
final class SandboxStarter implements RedriveStarter {

  @Override
  public Running start(Map<String, String> settings) {
    try {
      Redrive redrive = Redrive.start(SettingsLoader.of(settings), Clock.systemUTC());
      return new Running() {
        @Override
        public int httpPort() {
          return redrive.httpPort();
        }

        @Override
        public void close() {
          redrive.close();
        }
      };
    } catch (WrongTopicsException | IOException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}
