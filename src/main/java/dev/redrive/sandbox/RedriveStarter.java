// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox;

import java.util.Map;

/** Starts Redrive in this process, as {@code redrive serve} would. */
@FunctionalInterface
public interface RedriveStarter {

  /**
   * Returns when Redrive's topics exist and it answers over HTTP.
   *
   * @param settings by the names that {@code --set} takes
   * @throws IllegalStateException if it does not start; nothing is left running then
   */
  Running start(Map<String, String> settings);

  /** A Redrive that runs. */
  interface Running extends AutoCloseable {

    /** The port that is really listened on. */
    int httpPort();

    @Override
    void close();
  }
}
