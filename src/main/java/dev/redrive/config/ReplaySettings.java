// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How records are sent back. */
public interface ReplaySettings {

  @Doc(
      value =
          "How long a replay waits for its outcome. Then the letter is pending again, marked"
              + " unconfirmed.",
      min = "1s",
      max = "30d")
  @WithDefault("15m")
  Duration settleTimeout();

  @Doc(
      value =
          "How long a failure that may be a replay's, but does not say so, waits for the news where"
              + " that replay landed. Only failures of producers that drop headers wait.",
      min = "1s",
      max = "5m")
  @WithDefault("10s")
  Duration landingWait();

  @Doc(
      value =
          "How long an inferred outcome waits, after all error topics were read to where they ended"
              + " when the consumer group had committed past the replay.",
      min = "0s",
      max = "1h")
  @WithDefault("5s")
  Duration inferenceGrace();

  @Doc(
      "Timestamp of a replayed record: `original`, the one it had before it failed if known, or"
          + " `now`.")
  @WithDefault("original")
  ReplayTimestamp timestamp();
}
